"""`__file__` is there if the module has a file."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if not names["__spec__"].has_location:
        del names["__file__"]
    return run(code, names, init_globals, alter_sys)
