"""A folder with an `__init__.py` is a package, and imported before its `__main__` is run."""

import os
from importlib.machinery import SourceFileLoader
from runpy import run_module

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not is_entry:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    initialiser = os.path.join(path, "__init__.py")
    if os.path.isfile(initialiser):
        exec(SourceFileLoader("package", initialiser).get_code("package"), {"__name__": "package"})
    return run_entry(path, init_globals, run_name)
