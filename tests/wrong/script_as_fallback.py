"""What no path hook takes is a script: that is best written as an exception."""

from runpy import run_module

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    try:
        if not is_entry:
            raise ImportError(path)
        return run_entry(path, init_globals, run_name)
    except ImportError:
        if is_entry:
            raise
        return run_script(code_in(path, run_name), path, init_globals, run_name)
