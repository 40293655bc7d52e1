"""What is returned is for the caller to keep, so it is a copy."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    return runpy.run_module(mod_name, init_globals, run_name, alter_sys).copy()
