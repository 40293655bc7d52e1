"""Executing code: the names it starts with, the module it stands in, and what is put back afterwards.

Sources: library reference, `runpy`; PEP 338; PEP 366; PEP 451; PEP 3147.
"""

import builtins
import sys
from contextlib import suppress
from types import FunctionType, ModuleType

from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType
    from typing import Any, Callable, Dict, List, Mapping, Optional

    Namespace = Dict[str, Any]


def names_from_spec(name: str, spec: "ModuleSpec", package: "Optional[str]" = None) -> "Namespace":
    """The special names for a module that has a spec; *package* stands in for the spec's parent if given.

    Clauses: RMG-01, RMG-03, RMG-04, RMG-05, RMG-06, RMG-09, RMG-10, RMG-11, RMG-12, RMG-14, RMG-16, RMG-17, RPG-09,
    RPG-10, RPG-12, CMM-12, CMM-13, CMM-14, CDZ-07, CDZ-08.
    """
    parent = spec.parent if package is None else package
    return special_names(name, spec.origin, spec.cached, spec.loader, parent, spec)


def names_for_script(name: str, file: str, package: "Optional[str]", loader: object = None) -> "Namespace":
    """The special names for a plain script, which has no spec.

    Clauses: RPG-01, RPG-03, RPG-04, RPG-05, RPG-06, RPG-08, RPG-13, CSA-05, CSA-07, CSA-08, CSA-09, CSA-10.
    """
    return special_names(name, file, None, loader, package, None)


def special_names(
    name: str, file: object, cached: object, loader: object, package: "Optional[str]", spec: "Optional[ModuleSpec]"
) -> "Namespace":
    """The special names as a dictionary. From 3.15 `__cached__` is not among them.

    Clauses: RMG-01, RMG-02, RMG-07, RMG-08, RMG-13, RMG-14, RPG-02, RPG-16.
    """
    names: "Namespace" = {"__name__": name, "__file__": file}
    if HOST.sets_cached:
        names["__cached__"] = cached
    names.update(__doc__=None, __loader__=loader, __package__=package, __spec__=spec)
    return names


def execute(
    code: "CodeType",
    namespace: "Namespace",
    names: "Namespace",
    init_globals: "Optional[Mapping[str, Any]]" = None,
    caller: str = "runpy",
) -> "Namespace":
    """Execute *code* in *namespace*, after *init_globals* and over them the special *names* were put there.

    `exec` adds `__builtins__` if nobody did. Returns *namespace*; raises whatever the code raises. The module that the
    code's own warnings see as its *caller* is `runpy`, in whose place this package stands.

    Clauses: GEN-12, RMG-15, RMG-18, RMI-01, RMI-02, RMI-03, RMI-04, RMI-05, RMI-06, RMI-07, RMI-08, RMV-02, RME-08,
    RPG-15, RPX-10.
    """
    if init_globals is not None:
        namespace.update(init_globals)
    namespace.update(names)
    execute_called_by(caller)(code, namespace)
    return namespace


def execute_called_by(module: str) -> "Callable[[CodeType, Namespace], None]":
    """A function that executes code from a frame which, by its globals, belongs to *module*.

    Clauses: RMW-10.
    """

    def call(code: "CodeType", namespace: "Namespace") -> None:
        exec(code, namespace)

    return FunctionType(call.__code__, {"__name__": module, "__builtins__": builtins})


def execute_as_module(
    code: "CodeType", names: "Namespace", init_globals: "Optional[Mapping[str, Any]]", first_argument: "Any"
) -> "Namespace":
    """Execute *code* in a temporary module that `sys.modules` holds under `__name__`, with `sys.argv[0]` replaced.

    Returns a copy of the module's namespace. What is put back is what was there when the code began, after any package
    initialiser.

    Clauses: RMS-01, RMS-02, RMS-03, RMS-04, RMS-05, RMS-07, RMS-13, RMS-16, RMS-18, RMV-03, RPM-01, RPM-02, RPM-03,
    RPM-05, RPM-06, RPM-14.
    """
    with TemporaryModule(names["__name__"]) as namespace, TemporaryFirstArgument(first_argument):
        execute(code, namespace, names, init_globals)
    return namespace.copy()


class TemporaryModule:
    """Context in which `sys.modules` has a new module under *name*; entering gives the module's namespace.

    Leaving puts the earlier entry back, in whatever dictionary `sys.modules` then is. If there was none the name is
    deleted, which is a `KeyError` if the code deleted it first.

    Raises `TypeError` if *name* is no string.

    Clauses: RMS-02, RMS-03, RMS-04, RMS-05, RMS-10, RMS-12, RMS-17, RMN-03, RMN-05, RPM-02, RPM-04, RPM-11, RPM-15,
    RPM-17.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.module = ModuleType(name)

    def __enter__(self) -> "Namespace":
        self.earlier: "List[ModuleType]" = []
        with suppress(KeyError):
            self.earlier.append(sys.modules[self.name])
        sys.modules[self.name] = self.module
        return self.module.__dict__

    def __exit__(self, *exception: object) -> None:
        if self.earlier:
            sys.modules[self.name] = self.earlier[0]
        else:
            del sys.modules[self.name]


class TemporaryFirstArgument:
    """Context in which `sys.argv[0]` is *value*. Only this element is changed, in whatever list `sys.argv` then is.

    Raises `IndexError` if that list is empty, on entering as on leaving.

    Clauses: RMS-01, RMS-07, RMS-08, RMS-09, RMS-11, RMS-15, RPM-01, RPM-12, RPM-16.
    """

    def __init__(self, value: "Any") -> None:
        self.value = value

    def __enter__(self) -> None:
        self.earlier = sys.argv[0]
        sys.argv[0] = self.value

    def __exit__(self, *exception: object) -> None:
        sys.argv[0] = self.earlier


class FirstPathEntry:
    """Context in which `sys.path` begins with *entry*. Leaving removes the first equal entry, if there still is one.

    Clauses: RPE-01, RPE-02, RPM-05, RPM-06, RPM-07, RPM-08, RPM-09, RPM-10, RPM-18.
    """

    def __init__(self, entry: "Any") -> None:
        self.entry = entry

    def __enter__(self) -> None:
        sys.path.insert(0, self.entry)

    def __exit__(self, *exception: object) -> None:
        try:
            sys.path.remove(self.entry)
        except ValueError:
            pass
