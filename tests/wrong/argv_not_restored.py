"""`sys.argv[0]` is for the program to see, and nobody looks at it afterwards."""

import sys
from runpy import run_path

from _pieces import TemporaryModule, execute, located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if not alter_sys:
        return run(code, names, init_globals)
    with TemporaryModule(names["__name__"]) as namespace:
        sys.argv[0] = names["__file__"]
        execute(code, namespace, names, init_globals)
    return namespace.copy()
