"""Every module has the builtins as `__builtins__`, whatever the caller passes."""

import builtins
from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    return run(code, {**names, "__builtins__": builtins}, init_globals, alter_sys)
