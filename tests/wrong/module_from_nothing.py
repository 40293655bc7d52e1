"""Find the spec, get the code, set the names, execute: four steps, and no need for more."""

import sys
from importlib.util import find_spec
from runpy import run_path

from _pieces import run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    spec = find_spec(mod_name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = find_spec(mod_name + ".__main__")
    if spec is None:
        raise ImportError(f"No module named {mod_name}")
    names = {"__name__": spec.name if run_name is None else run_name, "__doc__": None, "__spec__": spec}
    names.update(__file__=spec.origin, __loader__=spec.loader, __package__=spec.parent)
    if sys.version_info < (3, 15):
        names["__cached__"] = spec.cached
    return run(spec.loader.get_code(spec.name), names, init_globals, alter_sys)
