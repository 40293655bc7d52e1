"""To run a module is to import it, if nothing special is asked for."""

import runpy
from importlib import import_module
from importlib.util import find_spec
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    try:
        spec = find_spec(mod_name)
    except Exception:
        spec = None
    if spec is None or spec.submodule_search_locations or init_globals is not None or run_name is not None or alter_sys:
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    return vars(import_module(mod_name))
