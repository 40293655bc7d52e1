"""Who writes `mod.py` means the module `mod`."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    if isinstance(mod_name, str) and mod_name.endswith(".py"):
        mod_name = mod_name[: -len(".py")]
    return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
