"""Python source is UTF-8, perhaps with a mark in front."""

from runpy import run_module

from _pieces import bytecode_in, looked_at, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    code = bytecode_in(path)
    if code is None:
        with open(path, encoding="utf-8-sig") as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
    return run_script(code, path, init_globals, run_name)
