"""The code of a package is its `__init__`."""

from importlib.util import find_spec
from runpy import run_path

from _pieces import located, names_from_spec, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    name, spec = mod_name, names["__spec__"]
    if spec.name != mod_name and find_spec(mod_name).loader is not None:
        spec = find_spec(mod_name)
        code, names = spec.loader.get_code(name), names_from_spec(name if run_name is None else run_name, spec)
    return run(code, names, init_globals, alter_sys)
