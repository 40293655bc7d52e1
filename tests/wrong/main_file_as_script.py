"""To run a folder is to run the script `__main__.py` in it."""

import os
from runpy import run_module

from _pieces import FirstPathEntry, code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not is_entry:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    if not os.path.isdir(path):
        return run_entry(path, init_globals, run_name)
    script = os.path.join(path, "__main__.py")
    with FirstPathEntry(path):
        return run_script(code_in(script, run_name), script, init_globals, run_name)
