"""A path is understood as in a shell."""

import os
import runpy
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    if isinstance(path_name, str):
        path_name = os.path.expanduser(path_name)
    return runpy.run_path(path_name, init_globals, run_name)
