"""While a program runs it is the main program, whatever it is called."""

from runpy import run_module

from _pieces import (
    TemporaryFirstArgument,
    TemporaryModule,
    code_in,
    execute,
    looked_at,
    name_and_parent,
    names_for_script,
    run_entry,
)

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    code = code_in(path, run_name)
    name, parent = name_and_parent(run_name)
    names = names_for_script(name, path, parent)
    with TemporaryModule("__main__") as namespace, TemporaryFirstArgument(path):
        return execute(code, namespace, names, init_globals).copy()
