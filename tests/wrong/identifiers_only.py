"""A module name is made of identifiers."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    if isinstance(mod_name, str) and mod_name.strip(".") and not mod_name.replace(".", "").isidentifier():
        raise ImportError(f"No module named {mod_name}")
    return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
