"""Dots in front of a name do no harm: nothing here is relative to anything."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    if isinstance(mod_name, str):
        mod_name = mod_name.lstrip(".")
    return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
