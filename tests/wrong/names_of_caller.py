"""The program may use what its caller has, as with `exec`."""

import sys
from runpy import run_module

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    given = vars(sys.modules["__main__"]).copy()
    given.pop("__builtins__", None)
    given.update({} if init_globals is None else init_globals)
    return run_script(code_in(path, run_name), path, given, run_name)
