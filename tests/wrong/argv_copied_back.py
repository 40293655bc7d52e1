"""The list of arguments is put back as it was, item by item."""

import runpy
import sys
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    arguments = sys.argv[:]
    try:
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    finally:
        if alter_sys:
            sys.argv[:] = arguments
