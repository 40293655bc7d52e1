"""`sys.argv[0]` changes before anything runs, the packages of the module included."""

import runpy
import sys
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    if not alter_sys or not sys.argv:
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    earlier, sys.argv[0] = sys.argv[0], "-m"
    try:
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    finally:
        sys.argv[0] = earlier
