"""A module that has been imported need not be executed again."""

import runpy
import sys
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    imported = sys.modules.get(mod_name) if isinstance(mod_name, str) else None
    if getattr(imported, "__spec__", None) and not hasattr(imported, "__path__") and not alter_sys:
        return vars(imported).copy()
    return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
