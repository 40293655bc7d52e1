"""What a package runs is the file `__main__.py` beside its `__init__.py`."""

import os
import sys
from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    if names["__spec__"].name == mod_name + ".__main__":
        folder = os.path.dirname(getattr(sys.modules[mod_name], "__file__", None) or "")
        if not os.path.isfile(os.path.join(folder, "__main__.py")):
            raise ImportError(f"No module named {mod_name}.__main__")
    return run(code, names, init_globals, alter_sys)
