"""A script is the main program, and so called unless another name is asked for."""

import runpy
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name="__main__"):
    return runpy.run_path(path_name, init_globals, run_name)
