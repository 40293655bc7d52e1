"""The program must not change what the caller holds, so it gets deep copies."""

import runpy
from copy import deepcopy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    return runpy.run_module(mod_name, deepcopy(init_globals), run_name, alter_sys)
