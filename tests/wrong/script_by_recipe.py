"""A file is executed as the documentation of importlib says: by a spec made from its location."""

import os
from importlib.util import spec_from_file_location
from runpy import run_module

from _pieces import code_in, execute_as_module, looked_at, name_and_parent, names_from_spec, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    name, _ = name_and_parent(run_name)
    spec = spec_from_file_location(name, os.fspath(path))
    if spec is None:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    names = dict(names_from_spec(name, spec), __file__=path)
    return execute_as_module(spec.loader.get_code(name), names, init_globals, path)
