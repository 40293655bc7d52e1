"""A file is opened with `open`."""

from runpy import run_module

from _pieces import compile_source, looked_at, read_bytecode, run_entry, run_script

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    with open(path, "rb") as file:
        code = read_bytecode(file)
        if code is None:
            file.seek(0)
            code = compile_source(file.read(), path, run_name or "<run_path>")
    return run_script(code, path, init_globals, run_name)
