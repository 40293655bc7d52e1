"""What the caller passes goes over what is set by default."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    names.update({} if init_globals is None else init_globals)
    return run(code, names, None, alter_sys)
