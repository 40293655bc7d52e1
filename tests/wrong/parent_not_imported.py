"""To run one module no other one is executed: its file lies in the folder of its package."""

import runpy
from importlib.machinery import PathFinder
from runpy import run_path

from _pieces import names_from_spec, run

__all__ = ["run_module", "run_path"]


def spec_of(name):
    parent, _, last = name.rpartition(".")
    above = spec_of(parent) if parent else None
    return PathFinder.find_spec(name, above.submodule_search_locations if above else None)


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    spec = spec_of(mod_name) if "." in str(mod_name).strip(".") else None
    if spec is None or not hasattr(spec.loader, "get_source"):
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    names = names_from_spec(mod_name if run_name is None else run_name, spec)
    return run(spec.loader.get_code(mod_name), names, init_globals, alter_sys)
