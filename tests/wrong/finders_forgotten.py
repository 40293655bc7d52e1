"""Finders that remember too much give stale modules, so they are made anew."""

import runpy
import sys
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    try:
        return runpy.run_path(path_name, init_globals, run_name)
    finally:
        sys.path_importer_cache.clear()
