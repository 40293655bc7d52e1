"""The caller gets the globals of the program, not a copy that nobody needs."""

from runpy import run_path

from _pieces import TemporaryFirstArgument, TemporaryModule, execute, located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if not alter_sys:
        return run(code, names, init_globals)
    with TemporaryModule(names["__name__"]) as namespace, TemporaryFirstArgument(names["__file__"]):
        return execute(code, namespace, names, init_globals)
