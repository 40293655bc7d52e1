"""A path at which there is nothing is an error, and best found at once."""

import os
from runpy import run_module

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    return run_script(code_in(path, run_name), path, init_globals, run_name)
