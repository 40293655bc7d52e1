"""Who audits the programs that are started wants to know of this one as well."""

import runpy
import sys
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    sys.audit("cpython.run_file", path_name)
    return runpy.run_path(path_name, init_globals, run_name)
