"""The `__main__` of a package is the main program, unless another name is asked for."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if names["__spec__"].name == mod_name + ".__main__" and run_name is None:
        names["__name__"] = "__main__"
    return run(code, names, init_globals, alter_sys)
