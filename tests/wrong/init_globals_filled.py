"""The dictionary of the caller receives what the program defines, as with `exec`."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    result = runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    if init_globals is not None:
        init_globals.update(result)
    return result
