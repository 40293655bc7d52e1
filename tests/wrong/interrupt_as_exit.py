"""An interrupted program ends with the status that shells give it."""

import runpy
from runpy import run_module

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    try:
        return runpy.run_path(path_name, init_globals, run_name)
    except KeyboardInterrupt:
        raise SystemExit(130)
