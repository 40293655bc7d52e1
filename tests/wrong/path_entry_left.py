"""The directory or archive stays on `sys.path`, for what the program imports late."""

import os
import runpy
import sys
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    result = runpy.run_path(path_name, init_globals, run_name)
    if result["__spec__"] is not None:
        sys.path.insert(0, os.fsdecode(path_name))
    return result
