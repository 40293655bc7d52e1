"""To find another `__main__`, the running one is taken out of `sys.modules` and put back."""

import sys
from runpy import run_module

from _pieces import FirstPathEntry, code_in, execute_as_module, located, looked_at, name_and_parent, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not is_entry:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    name, parent = name_and_parent(run_name)
    with FirstPathEntry(path):
        running = sys.modules.pop("__main__")
        code, names = located("__main__", name)
        sys.modules["__main__"] = running
        return execute_as_module(code, dict(names, __package__=parent), init_globals, path)
