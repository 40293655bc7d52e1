"""`__package__` is `__name__` up to its last dot."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    names["__package__"] = str(names["__name__"]).rpartition(".")[0]
    return run(code, names, init_globals, alter_sys)
