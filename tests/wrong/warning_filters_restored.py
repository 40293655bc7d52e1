"""Warning filters belong to the program that sets them, and are put back like all else."""

import runpy
import warnings
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    with warnings.catch_warnings():
        return runpy.run_path(path_name, init_globals, run_name)
