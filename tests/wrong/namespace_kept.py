"""A script that is run again goes on with what it has."""

from runpy import run_module

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


kept = {}


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    given = dict(kept.get(path, {}))
    given.update({} if init_globals is None else init_globals)
    kept[path] = run_script(code_in(path, run_name), path, given, run_name)
    return kept[path].copy()
