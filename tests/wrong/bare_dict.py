"""The code needs its name, its file and its package; the rest is for the import system."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    needed = {key: names[key] for key in ("__name__", "__file__", "__package__")}
    return run(code, needed, init_globals, alter_sys)
