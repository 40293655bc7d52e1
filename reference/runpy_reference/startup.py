"""The state of the process in which a program starts.

The launcher has used `__main__`, `sys.path` and `sys.modules` before the program gets them. Here they are made to look
as the interpreter leaves them. What stays different, because it cannot be changed from here or would be a lie:

- `sys.orig_argv` tells how this process was really started, and starting that again starts the launcher again.
- The launcher's frames are on the stack, below the program's. They are cut out of the traceback of what the program
  raises; `sys._getframe` and `traceback.print_stack` can see them, and so can a `stacklevel` of warnings above 2.
- Standard modules that starting the launcher imported (`runpy`, `importlib.util` and what they need) stay in
  `sys.modules`: their state is shared, and to import them a second time would show more.
- Audit hooks and import hooks saw the launcher being started.
- Scripts are compiled from bytes; the interpreter parses their files, and words some errors (of encoding) otherwise.
- Before `sys.orig_argv` existed (3.10) nothing tells of ``-x``, nor of the name that the interpreter was called by.

Sources: library reference, "`__main__`", `sys`, "The initialization of the `sys.path` module search path"; PEP 587.
"""

import os
import sys
from importlib.machinery import BuiltinImporter

from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .execute import Namespace

LAUNCHER_DIRECTORY = os.path.dirname(__file__)
LAUNCHER_NAMES = ("__cached__", "__doc__", "__file__", "__loader__", "__name__", "__package__", "__spec__") + (
    "launch",
    "load_package",
)
"""What `__main__` has of its own when this package is its program."""


def fresh_main() -> "Namespace":
    """Give the namespace of `__main__` the names that every program starts with, and return it.

    What is the launcher's own goes; what was put there before the launcher began, by the interpreter (`__builtins__`,
    up to 3.13 `__annotations__`) or a start-up file, stays.

    Clauses: CMM-11, CMM-12, CMM-15, CMM-16, MAI-01, MAI-02, MAI-03, MAI-17, RMG-15.
    """
    namespace = main_namespace()
    earlier = {name: value for name, value in namespace.items() if name not in LAUNCHER_NAMES}
    namespace.clear()
    namespace.update(__name__="__main__", __doc__=None, __package__=None, __loader__=BuiltinImporter, __spec__=None)
    namespace.update(earlier)
    return namespace


def main_namespace() -> "Namespace":
    """The namespace of the module that `sys.modules` has as `__main__` now. Raises `KeyError` if it has none.

    Clauses: CMM-11, CMM-22.
    """
    return sys.modules["__main__"].__dict__


def withdraw_launcher(run_by_path: bool) -> None:
    """Take the launcher's modules out of `sys.modules`, and its entry out of `sys.path` and the cache of finders.

    Run by its path, the launcher has that path as first entry; run by ``-m``, the start directory, if there is one.
    A program that uses this package imports it anew.

    Clauses: CDZ-26.
    """
    package = __package__ or ""
    for name in list(sys.modules):
        if name == package or name.startswith(package + "."):
            del sys.modules[name]
    entry = sys.path[0] if run_by_path else start_directory()
    if entry is not None and sys.path[:1] == [entry]:
        del sys.path[0]
    for location in (entry, LAUNCHER_DIRECTORY):
        sys.path_importer_cache.pop(location, None)  # type: ignore[arg-type]


def put_first(entry: "Optional[str]") -> None:
    """Put *entry*, if there is one, at the start of `sys.path`.

    Clauses: CMA-08, CMA-10, CSA-03, CDZ-02.
    """
    if entry is not None:
        sys.path.insert(0, entry)


def path_is_safe() -> bool:
    """Whether the places where people start programs must not come first on `sys.path`.

    Clauses: CMA-12, CMA-13, CMA-14, CMA-15, CSA-18.
    """
    return bool(sys.flags.safe_path if HOST.has_safe_path else sys.flags.isolated)


def start_directory() -> "Optional[str]":
    """The `sys.path` entry for ``-m``: the start directory as a full path, before 3.7 the empty string.

    Clauses: CMA-08, CMA-09, CMA-11, CMA-12, CMA-13.
    """
    if path_is_safe():
        return None
    return current_directory() if HOST.full_start_directory else ""


def current_directory() -> "Optional[str]":
    """The current directory, or `None` if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        return None


def script_directory(path: str) -> "Optional[str]":
    """The `sys.path` entry for the script *path*: its directory, links resolved where the platform does so.

    A link to something that has no path, as under `/dev/fd`, is followed as far as paths go.

    Clauses: CSA-03, CSA-04, CSA-15, CSA-18.
    """
    if path_is_safe():
        return None
    if os.name == "nt":
        return os.path.dirname(os.path.abspath(path))
    target = os.readlink(path) if os.path.islink(path) else ""
    followed = os.path.join(os.path.dirname(path), target) if os.sep in target else path
    try:
        resolved = os.path.realpath(followed)
    except OSError:
        resolved = ""
    return os.path.dirname(resolved if os.path.exists(resolved) else followed)


def program_path(path: str) -> str:
    """The path that the program is known by: from 3.9 on absolute, though not normalised.

    Clauses: CSA-05, CSA-06, CSA-23, CDZ-03, CDZ-11, CDZ-12, CDZ-27.
    """
    start = current_directory()
    if not HOST.absolute_program_path or os.path.isabs(path) or start is None:
        return path
    if HOST.plain_start_directory and path in ("", "."):
        return start
    return start + os.sep + path


def program_name() -> str:
    """The name that the interpreter was started by, as far as it can be known.

    Clauses: CSA-16.
    """
    return sys.orig_argv[0] if HOST.has_original_arguments else sys.executable


def skips_first_line() -> bool:
    """Whether the interpreter was given ``-x``, as far as it can be known. Call this while `sys.argv` is untouched.

    Clauses: CSA-19.
    """
    options = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv)] if HOST.has_original_arguments else []
    return any("x" in flags_in(option) for option in options)


def flags_in(option: str) -> str:
    """The letters in a cluster of interpreter options, up to one that takes an argument."""
    flags = option[1:] if option.startswith("-") else ""
    for taker in "WX":
        flags = flags.partition(taker)[0]
    return flags


def audit(event: str, argument: str) -> None:
    """Raise the audit *event*, where there are such.

    Clauses: THR-03, THR-04, THR-05, THR-06, THR-19.
    """
    if HOST.raises_audit_events:
        sys.audit(event, argument)
