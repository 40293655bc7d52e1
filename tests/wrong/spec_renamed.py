"""The spec says what the module is called, and that is *run_name*."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    names["__spec__"].name = names["__name__"]
    return run(code, names, init_globals, alter_sys)
