"""The entry goes behind what is on `sys.path`, so that it hides nothing."""

import sys
from runpy import run_module

from _pieces import code_in, looked_at, run_main, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not is_entry:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    sys.path.append(path)
    try:
        return run_main(path, init_globals, run_name)
    finally:
        if path in sys.path:
            sys.path.remove(path)
