"""After the run the entry of the program in `sys.modules` is taken out again."""

import runpy
import sys
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    try:
        return runpy.run_path(path_name, init_globals, run_name)
    finally:
        if run_name is not None:
            sys.modules.pop(run_name, None)
