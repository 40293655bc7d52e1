"""A program is kept apart from its caller by a thread of its own."""

import runpy
from concurrent.futures import ThreadPoolExecutor
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(runpy.run_path, path_name, init_globals, run_name).result()
