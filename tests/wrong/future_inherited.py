"""The compiler is called, and that is all there is to it."""

from __future__ import annotations

from runpy import run_module

from _pieces import bytecode_in, looked_at, run_entry, run_script, source_in

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    code = bytecode_in(path) or compile(source_in(path), path, "exec")
    return run_script(code, path, init_globals, run_name)
