"""Reference implementation of `runpy`: run modules and paths as programs.

Behaves on each version of Python as the `runpy` of that version does. The clauses that a function carries out stand in
its docstring; what differs between versions stands in `versions`. Read `locate` (finding a module), `execute` (running
code and putting things back) and `paths` (what a path leads to) for the two functions here, then `commandline`,
`startup`, `scripts` and `reporting` for the command line: ``python -m runpy_reference -m NAME …`` and ``… PATH …``.

This is not a sandbox, and not for threaded programs: `sys` is changed while code runs (GEN-02, RMS-13, THR-01).
Functions and classes that the code defines carry no promise of working afterwards (GEN-03); to use them, import the
module instead (GEN-04).

Clauses: GEN-01, GEN-02, GEN-03, GEN-04, GEN-05, GEN-06, GEN-07, GEN-13, RMS-13, RMS-14, RMW-12, THR-01, THR-02.
"""

import os

from . import execute, locate, paths
from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional, Union

__all__ = ["run_module", "run_path"]


def run_module(
    mod_name: str,
    init_globals: "Optional[Mapping[str, Any]]" = None,
    run_name: "Optional[str]" = None,
    alter_sys: bool = False,
) -> "Dict[str, Any]":
    """Execute the module *mod_name*, or the `__main__` of the package of that name, and return its globals.

    The module is found by the import system and not imported: it does not appear in `sys.modules` under its name, and
    every call executes it in a new namespace. *init_globals* are there before execution, under the special names.
    `__name__` is *run_name* if that is not `None`, else the name of what was found. If *alter_sys* is true, then
    during execution `sys.argv[0]` is the module's `__file__` and `sys.modules[__name__]` a module with the executing
    namespace; the result is a copy of it.

    Raises `ImportError` if there is nothing to run, and whatever parent packages or the code raise.

    Sources: library reference, `runpy.run_module`; PEP 338; PEP 366.
    Clauses: GEN-01, GEN-06, GEN-07, RML-01, RML-07, RML-15, RMG-03, RMN-01, RMN-02, RMN-04, RMN-05, RMS-06, RMV-01,
    RMV-02, RMV-03, THR-09.
    """
    found = locate.locate_module(mod_name)
    names = execute.names_from_spec(found.name if run_name is None else run_name, found.spec)
    if alter_sys:
        return execute.execute_as_module(found.code, names, init_globals, found.spec.origin)
    return execute.execute(found.code, {}, names, init_globals)


def run_path(
    path_name: "Union[str, bytes, os.PathLike[str], os.PathLike[bytes]]",
    init_globals: "Optional[Mapping[str, Any]]" = None,
    run_name: "Optional[str]" = None,
) -> "Dict[str, Any]":
    """Execute what is at *path_name* and return its globals.

    That is a script, a compiled file, or a valid `sys.path` entry (a directory, a zip file, whatever a path hook
    accepts) that holds a `__main__`. `__name__` is *run_name* if that is not `None`, else `'<run_path>'`. During
    execution `sys.argv[0]` is *path_name* and `sys.modules[__name__]` a module with the executing namespace, and
    `sys.path` begins with *path_name* if it is an entry.

    `__package__` comes from *run_name*, as CPython has it, and not from where the documentation says (RPG-07, RPG-11).

    Raises `ImportError` if an entry has no `__main__`, `OSError` if a file cannot be read, and what the code raises.

    Sources: library reference, `runpy.run_path`.
    Clauses: GEN-06, GEN-07, RPS-01, RPS-02, RPS-03, RPS-05, RPS-08, RPS-14, RPS-17, RPS-19, RPE-01, RPE-04, RPE-19,
    RPG-03, RPG-08, RPG-12, RPG-14, RPM-01, RPM-14, RPX-04, RPX-05, RPX-06, RPX-08, RPX-09, THR-09.
    """
    name = "<run_path>" if run_name is None else run_name
    package = name.rpartition(".")[0]
    finder = paths.finder_for(path_name)
    path: "Any" = os.fsdecode(path_name) if HOST.decodes_path else path_name
    if not paths.is_entry(finder):
        code = paths.code_in_file(path, name)
        return execute.execute_as_module(code, execute.names_for_script(name, path, package), init_globals, path)
    with execute.FirstPathEntry(path):
        found = locate.locate_main()
        names = execute.names_from_spec(name, found.spec, package)
        return execute.execute_as_module(found.code, names, init_globals, path)
