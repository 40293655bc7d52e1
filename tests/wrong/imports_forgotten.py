"""What a program imported belongs to the program, and goes with it."""

import runpy
import sys
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    earlier = sys.modules.copy()
    try:
        return runpy.run_path(path_name, init_globals, run_name)
    finally:
        for name in sys.modules.keys() - earlier.keys():
            del sys.modules[name]
