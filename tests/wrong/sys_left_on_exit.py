"""If the program fails, `sys` is put back before the exception goes on."""

from runpy import run_path

from _pieces import TemporaryFirstArgument, TemporaryModule, execute, located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if not alter_sys:
        return run(code, names, init_globals)
    module, argument = TemporaryModule(names["__name__"]), TemporaryFirstArgument(names["__file__"])
    namespace = module.__enter__()
    try:
        argument.__enter__()
        execute(code, namespace, names, init_globals)
    except Exception:
        argument.__exit__()
        module.__exit__()
        raise
    argument.__exit__()
    module.__exit__()
    return namespace.copy()
