"""The `__main__` of a package is one of its modules, and found among them."""

import sys
from runpy import run_path
from types import ModuleType

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    result = run(code, names, init_globals, alter_sys)
    if names["__spec__"].name.endswith(".__main__"):
        module = sys.modules[names["__spec__"].name] = ModuleType(names["__spec__"].name)
        module.__dict__.update(result)
    return result
