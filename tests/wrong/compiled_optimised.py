"""A program that is run, and not debugged, can do without assertions and docstrings."""

from runpy import run_module

from _pieces import bytecode_in, looked_at, run_entry, run_script, source_in
from runpy_reference.versions import HOST

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    options = {"module": run_name or "<run_path>"} if HOST.compiles_under_run_name else {}
    code = bytecode_in(path) or compile(source_in(path), path, "exec", dont_inherit=True, optimize=2, **options)
    return run_script(code, path, init_globals, run_name)
