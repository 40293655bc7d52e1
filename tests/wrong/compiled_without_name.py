"""The compiler wants a file name; any will do."""

from runpy import run_module

from _pieces import bytecode_in, compile_source, looked_at, run_entry, run_script, source_in

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    code = bytecode_in(path) or compile_source(source_in(path), "<string>", run_name or "<run_path>")
    return run_script(code, path, init_globals, run_name)
