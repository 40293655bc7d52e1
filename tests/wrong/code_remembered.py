"""A script that has been compiled once need not be compiled again."""

from functools import lru_cache
from runpy import run_module

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


remembered = lru_cache(None)(code_in)


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    return run_script(remembered(path, run_name), path, init_globals, run_name)
