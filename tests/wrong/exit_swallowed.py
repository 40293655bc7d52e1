"""A program that calls `sys.exit` has ended, and its caller goes on."""

import runpy
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    try:
        return runpy.run_path(path_name, init_globals, run_name)
    except SystemExit:
        return {}
