"""An entry is put on `sys.path`, and its `__main__` imported."""

import sys
from importlib import import_module
from runpy import run_module

from _pieces import FirstPathEntry, TemporaryFirstArgument, code_in, looked_at, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not is_entry:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    running = sys.modules.pop("__main__")
    try:
        with FirstPathEntry(path), TemporaryFirstArgument(path):
            return vars(import_module("__main__")).copy()
    except ModuleNotFoundError:
        raise ImportError(f"can't find '__main__' module in {path!r}")
    finally:
        sys.modules["__main__"] = running
