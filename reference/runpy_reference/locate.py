"""Finding a module by name: its spec and its code, without running it.

Every function takes the exception class to raise as *failure*. `run_module` wants plain `ImportError` (RME-01); the
command line wants a class of its own, to tell "there is nothing to run" (one line, CME-01) from an error inside
somebody's code (a traceback, CME-03).

Sources: library reference, `runpy`; PEP 338, "Proposed Semantics"; PEP 451.
"""

import importlib.util
import os
import sys

from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType
    from typing import Type


class Located:
    """A module found and ready to run: the name it was found under, its spec, and its code.

    Clauses: RMG-03 (the name), RMG-04 (the spec).
    """

    __slots__ = ("name", "spec", "code")

    def __init__(self, name: str, spec: "ModuleSpec", code: "CodeType") -> None:
        self.name = name
        self.spec = spec
        self.code = code


def locate_module(name: str, failure: "Type[ImportError]" = ImportError) -> Located:
    """Find the code that running the module *name* means: its own, or that of its `__main__` if it is a package.

    Only the spec says whether it is a package. Raises *failure* when there is nothing to run, and whatever initialising
    an ancestor package raises.

    Clauses: RML-02, RML-04, RML-05, RML-06, RML-16, RML-20, RML-24, RMP-01, RMP-02, RMP-04, RMP-08, RMP-09, RME-11,
    CMM-01, CMM-05, CMM-06.
    """
    if name.startswith("."):
        raise failed(failure, "Relative module names not supported", name)
    import_ancestors(name)
    spec = find_spec(name, failure)
    if spec.submodule_search_locations is not None:
        return locate_package_main(name, failure)
    return Located(name, spec, code_of(name, spec, failure))


def locate_package_main(package: str, failure: "Type[ImportError]") -> Located:
    """Find the `__main__` submodule of *package*.

    A package that could not be imported keeps its own error: the remark that it cannot be executed would mislead.

    Clauses: RMP-01, RMP-03, RMP-05, RMP-06, RMP-07.
    """
    if package == "__main__" or package.endswith(".__main__"):
        raise failed(failure, "Cannot use package as __main__ module", package)
    try:
        return locate_module(package + ".__main__", failure)
    except failure as error:
        if package not in sys.modules:
            raise
        remark = "%s; %r is a package and cannot be directly executed" % (error, package)
        raise failed(failure, remark, package)  # noqa: B904 - the first error stays in view


def locate_main(failure: "Type[ImportError]" = ImportError) -> Located:
    """Find the top-level `__main__` on `sys.path`, where the entry to run has just been put first.

    The `__main__` that is running is out of `sys.modules` meanwhile, or it would be found instead. Nothing confines the
    search to the first entry.

    Raises *failure* if there is none, and `KeyError` if `sys.modules` has no `__main__` to put aside. An error
    that does not speak of `__main__` says something else, such as that it cannot be read, and passes.

    Clauses: RPE-01, RPE-03, RPE-05, RPE-06, RPE-07, RPE-08, RPE-09, RPE-10, RPE-12, RPE-13, RPE-22, RPX-03, CDZ-13,
    CDZ-17, CDZ-18, CDZ-19, CDZ-23.
    """
    running = sys.modules.pop("__main__")
    try:
        return locate_module("__main__")
    except ImportError as error:
        if "__main__" not in str(error):
            raise
        message = "can't find %r module in %r" % ("__main__", sys.path[0])
        raise failed(failure, message, "__main__") from error
    finally:
        sys.modules["__main__"] = running


def import_ancestors(name: str) -> None:
    """Import the packages above *name*, and warn if one of them imported *name* itself.

    An `ImportError` that names one of these packages means that it was not found, which the search for the spec will
    say better; anything else comes from their code and is passed on, without frames of the import system.

    Clauses: RML-05, RME-05, RME-06, CME-03, GEN-12.
    """
    parent = name.rpartition(".")[0]
    if not parent:
        return
    try:
        __import__(parent)
    except ImportError as error:
        if error.name is None or not (parent + ".").startswith(error.name + "."):
            raise
    warn_if_imported(name, parent)


def warn_if_imported(name: str, parent: str) -> None:
    """Warn that the module *name* is about to run a second time, unless it is a package.

    The warning is charged to `runpy`, in whose place this package stands, so that filters for it work.

    Clauses: RMW-01, RMW-02, RMW-03, RMW-04, RMW-05, RMW-06, RMW-07, RMW-11, RMW-13, CME-06, CME-07.
    """
    imported = sys.modules.get(name)
    if imported is None or hasattr(imported, "__path__"):
        return
    import warnings

    message = (
        "%r found in sys.modules after import of package %r, but prior to execution of %r; "
        "this may result in unpredictable behaviour" % (name, parent, name)
    )
    file = "<frozen runpy>" if HOST.runpy_is_frozen else os.path.join(os.path.dirname(os.__file__), "runpy.py")
    registry = globals().setdefault("__warningregistry__", {})
    warnings.warn_explicit(message, RuntimeWarning, file, 1, "runpy", registry)


def find_spec(name: str, failure: "Type[ImportError]") -> "ModuleSpec":
    """Ask the import system for the spec of *name*.

    Raises *failure* if there is none, or in place of the errors by which finders say that the name makes no sense;
    other errors of finders pass.

    Clauses: RML-02, RML-17, RML-18, RML-19, RME-01, RME-02, RME-03, RME-04, RME-09, CMM-02, CMM-04, CMM-19.
    """
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        message = "Error while finding module specification for %r (%s: %s)" % (name, type(error).__name__, error)
        if HOST.suggests_name_without_suffix and name.endswith(".py"):
            message += ". Try using '%s' instead of '%s' as the module name." % (name[:-3], name)
        raise failed(failure, message, name) from error
    if spec is None:
        raise failed(failure, "No module named %s" % name, name)
    return spec


def code_of(name: str, spec: "ModuleSpec", failure: "Type[ImportError]") -> "CodeType":
    """Ask the loader in *spec* for the code of *name*.

    Raises *failure* if there is no code, or the loader says so by `ImportError`; `AttributeError` if the loader cannot
    be asked (RML-09). Other errors of the loader pass.

    Clauses: RML-08, RML-09, RML-10, RML-11, RML-12, RML-13, RML-14, RML-21, RML-25, RME-07, RME-12, RME-13, RMW-09,
    RPE-16, RPE-21, CMM-07, CMM-08, CMM-09, CMM-21.
    """
    loader = spec.loader
    if loader is None:
        raise failed(failure, "%r is a namespace package and cannot be executed" % name, name)
    try:
        code = loader.get_code(name)  # type: ignore[attr-defined]
    except ImportError as error:
        raise failed(failure, str(error), name) from error
    if code is None:
        raise failed(failure, "No code object available for %s" % name, name)
    return code  # type: ignore[no-any-return]


def failed(failure: "Type[ImportError]", message: str, name: str) -> ImportError:
    """Make the error that *name* cannot be run, carrying the name where the version does.

    Clauses: RME-02, RME-14, RPX-03.
    """
    return failure(message, name=name if HOST.error_carries_name else None)
