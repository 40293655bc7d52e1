"""A path is text in the end."""

import runpy
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    return runpy.run_path(str(path_name), init_globals, run_name)
