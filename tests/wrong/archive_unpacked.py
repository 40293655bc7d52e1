"""Programs expect files, so that an archive is unpacked before it is run."""

import os
from runpy import run_module
from tempfile import TemporaryDirectory
from zipfile import ZipFile, is_zipfile

from _pieces import code_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if not is_entry:
        return run_script(code_in(path, run_name), path, init_globals, run_name)
    if not os.path.isfile(path) or not is_zipfile(path):
        return run_entry(path, init_globals, run_name)
    with TemporaryDirectory() as folder:
        with ZipFile(path) as archive:
            archive.extractall(folder)
        return run_entry(folder, init_globals, run_name)
