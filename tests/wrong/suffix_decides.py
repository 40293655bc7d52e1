"""What ends in `.pyc` is bytecode, and anything else is source."""

import marshal
import os
from runpy import run_module

from _pieces import compile_source, looked_at, run_entry, run_script, source_in

__all__ = ["run_module", "run_path"]


def run_path(path_name, init_globals=None, run_name=None):
    path, is_entry = looked_at(path_name, run_name)
    if is_entry:
        return run_entry(path, init_globals, run_name)
    content = source_in(path)
    if os.fspath(path).endswith(".pyc"):
        code = marshal.loads(content[16:])
    else:
        code = compile_source(content, path, run_name or "<run_path>")
    return run_script(code, path, init_globals, run_name)
