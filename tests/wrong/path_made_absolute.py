"""A path is only safe to keep when it is absolute."""

import os
from runpy import run_module

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if isinstance(path, str) and os.path.exists(path):
        path = os.path.abspath(path)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    return run_script(code_in(path, run_name), path, init_globals, run_name)
