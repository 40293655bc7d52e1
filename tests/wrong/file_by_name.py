"""A module is the file of its name in a folder of `sys.path`; finders are for the rest."""

import os
import runpy
import sys
from importlib.util import spec_from_file_location
from runpy import run_path

from _pieces import import_ancestors, names_from_spec, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    for entry in sys.path:
        path = os.path.join(str(entry), *str(mod_name).split(".")) + ".py"
        if os.path.isfile(path):
            import_ancestors(mod_name)
            spec = spec_from_file_location(mod_name, path)
            names = names_from_spec(mod_name if run_name is None else run_name, spec)
            return run(spec.loader.get_code(mod_name), names, init_globals, alter_sys)
    return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
