"""Python source is UTF-8."""

from importlib.machinery import SourceFileLoader
from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if type(names["__loader__"]) is SourceFileLoader:
        with open(names["__file__"], encoding="utf-8") as file:
            code = compile(file.read(), names["__file__"], "exec", dont_inherit=True)
    return run(code, names, init_globals, alter_sys)
