"""Whatever goes wrong on the way to the module means that it cannot be run."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    try:
        code, names = located(mod_name, run_name)
    except ImportError:
        raise
    except Exception as problem:
        raise ImportError(f"{mod_name} cannot be run: {problem}") from problem
    return run(code, names, init_globals, alter_sys)
