"""A module that is not there is a failed look-up."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    try:
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    except ImportError as problem:
        if str(problem) == f"No module named {mod_name}":
            raise LookupError(mod_name)
        raise
