"""The module stays in `sys.modules`, so that what it defined goes on working."""

import sys
from runpy import run_path
from types import ModuleType

from _pieces import TemporaryFirstArgument, execute, located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if not alter_sys:
        return run(code, names, init_globals)
    with TemporaryFirstArgument(names["__file__"]):
        module = sys.modules[names["__name__"]] = ModuleType(names["__name__"])
        execute(code, module.__dict__, names, init_globals)
    return module.__dict__.copy()
