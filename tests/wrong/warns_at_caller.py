"""A warning is most useful where the call stands that it is about."""

import runpy
import warnings
from runpy import run_path

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", message=".* found in sys.modules after", module="runpy")
        result = runpy.run_module(mod_name, init_globals, run_name, alter_sys)
    for one in caught:
        warnings.warn(one.message, one.category, stacklevel=2)
    return result
