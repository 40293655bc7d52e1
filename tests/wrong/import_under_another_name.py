"""importlib does it all: make a module of the spec, name it, let its loader execute it."""

from importlib.util import module_from_spec
from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if alter_sys or not hasattr(names["__loader__"], "exec_module"):
        return run(code, names, init_globals, alter_sys)
    module = module_from_spec(names["__spec__"])
    module.__dict__.update({} if init_globals is None else init_globals)
    module.__dict__.update(names)
    module.__spec__.loader.exec_module(module)
    return module.__dict__
