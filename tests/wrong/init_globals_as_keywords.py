"""*init_globals* are keyword arguments in a dictionary."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    return runpy.run_module(mod_name, dict(**(init_globals or {})), run_name, alter_sys)
