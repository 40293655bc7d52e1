"""The import system says what is wrong with a name better than anything put around it."""

import runpy
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    try:
        return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    except ImportError as problem:
        if str(problem).startswith("Error while finding module specification"):
            raise problem.__cause__
        raise
