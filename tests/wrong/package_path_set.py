"""The `__main__` of a package gets the `__path__` of the package, to import from."""

import sys
from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if names["__spec__"].name.endswith(".__main__"):
        names["__path__"] = sys.modules[names["__package__"]].__path__
    return run(code, names, init_globals, alter_sys)
