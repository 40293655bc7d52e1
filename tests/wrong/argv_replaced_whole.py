"""The program is called without arguments, so `sys.argv` is its file and nothing else."""

import runpy
import sys
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    arguments = sys.argv[1:]
    if alter_sys:
        del sys.argv[1:]
    try:
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    finally:
        if alter_sys:
            sys.argv[1:] = arguments
