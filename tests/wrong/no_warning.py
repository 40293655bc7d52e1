"""A library does not print warnings at people."""

import runpy
import warnings
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
