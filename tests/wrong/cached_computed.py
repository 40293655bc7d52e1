"""`__cached__` is where the bytecode of the file belongs."""

from importlib.util import cache_from_source
from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    names["__cached__"] = cache_from_source(names["__file__"]) if names["__spec__"].has_location else None
    return run(code, names, init_globals, alter_sys)
