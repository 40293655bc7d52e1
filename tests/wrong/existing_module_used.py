"""If `sys.modules` has a module of that name, the program runs in it."""

import sys
from runpy import run_path

from _pieces import TemporaryFirstArgument, TemporaryModule, execute, located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    module = sys.modules.get(names["__name__"])
    if not alter_sys or module is None:
        return run(code, names, init_globals, alter_sys)
    with TemporaryModule(names["__name__"]), TemporaryFirstArgument(names["__file__"]):
        sys.modules[names["__name__"]] = module
        execute(code, module.__dict__, names, init_globals)
    return module.__dict__.copy()
