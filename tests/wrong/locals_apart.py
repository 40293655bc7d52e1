"""`exec` takes globals and locals: what the caller gives, and what the program makes."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if alter_sys:
        return run(code, names, init_globals, True)
    given = dict({} if init_globals is None else init_globals, **names)
    made = {}
    exec(code, given, made)
    return {**given, **made}
