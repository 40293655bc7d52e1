"""The loader of a module gives its source, and the compiler does the rest."""

from runpy import run_path

from _pieces import located, run

__all__ = ["run_module", "run_path"]


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    code, names = located(mod_name, run_name)
    spec = names["__spec__"]
    if spec.has_location and hasattr(spec.loader, "get_source"):
        code = compile(spec.loader.get_source(spec.name) or "", spec.origin, "exec", dont_inherit=True)
    return run(code, names, init_globals, alter_sys)
