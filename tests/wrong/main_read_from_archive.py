"""An archive is a zip file, and its program the member `__main__.py`."""

import os
from runpy import run_module
from zipfile import ZipFile, is_zipfile

from _pieces import FirstPathEntry, code_in, compile_source, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not is_entry:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    if not os.path.isfile(path) or not is_zipfile(path):
        return run_entry(path, init_globals, run_name)
    with ZipFile(path) as archive:
        source = archive.read("__main__.py")
    with FirstPathEntry(path):
        return run_script(compile_source(source, path + "/__main__.py", "__main__"), path, init_globals, run_name)
