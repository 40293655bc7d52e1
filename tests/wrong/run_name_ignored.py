"""A module knows its own name: the parameter is there for those who pass it."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    return runpy.run_module(mod_name, init_globals, None, alter_sys)
