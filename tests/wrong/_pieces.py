"""What the wrong modules get right: pieces of the reference, in the order in which the two functions need them."""

import os

from runpy_reference.execute import (
    FirstPathEntry,
    TemporaryFirstArgument,
    TemporaryModule,
    execute,
    execute_as_module,
    names_for_script,
    names_from_spec,
)
from runpy_reference.locate import code_of, import_ancestors, locate_main, locate_module
from runpy_reference.paths import compile_source, finder_for, is_entry, open_code, read_bytecode
from runpy_reference.versions import HOST

__all__ = ["FirstPathEntry", "TemporaryFirstArgument", "TemporaryModule", "execute", "execute_as_module"]
__all__ += ["code_of", "compile_source", "import_ancestors", "names_for_script", "names_from_spec", "read_bytecode"]
__all__ += ["located", "run", "looked_at", "name_and_parent", "bytecode_in", "source_in", "code_in"]
__all__ += ["run_script", "run_main", "run_entry"]


def located(mod_name, run_name=None):
    """The code of the module *mod_name*, and the special names that it starts with."""
    found = locate_module(mod_name)
    return found.code, names_from_spec(found.name if run_name is None else run_name, found.spec)


def run(code, names, init_globals=None, alter_sys=False):
    """Execute *code* as `run_module` does and return its globals."""
    if alter_sys:
        return execute_as_module(code, names, init_globals, names.get("__file__"))
    return execute(code, {}, names, init_globals)


def looked_at(path_name, run_name):
    """The path as `run_path` keeps it, and whether it is an entry for `sys.path`; else it is a script.

    Raises `AttributeError` if *run_name* is no string, before anything is looked at.
    """
    name_and_parent(run_name)
    finder = finder_for(path_name)
    return os.fsdecode(path_name) if HOST.decodes_path else path_name, is_entry(finder)


def name_and_parent(run_name):
    """The name that `run_path` gives its program, and the name of its parent package."""
    name = "<run_path>" if run_name is None else run_name
    return name, name.rpartition(".")[0]


def bytecode_in(path):
    """The code object in the file *path*, or None if it holds no bytecode of this version."""
    with open_code(os.path.abspath(os.fsdecode(path))) as file:
        return read_bytecode(file)


def source_in(path):
    """The source in the file *path*, as bytes."""
    with open_code(os.path.abspath(os.fsdecode(path))) as file:
        return file.read()


def code_in(path, run_name=None):
    """The code of the script *path*."""
    return bytecode_in(path) or compile_source(source_in(path), path, run_name or "<run_path>")


def run_script(code, path, init_globals=None, run_name=None):
    """Execute *code* as `run_path` does for the script *path* and return its globals."""
    name, parent = name_and_parent(run_name)
    return execute_as_module(code, names_for_script(name, path, parent), init_globals, path)


def run_main(path, init_globals=None, run_name=None):
    """Execute the first `__main__` on `sys.path` as `run_path` does for the entry *path* and return its globals."""
    name, parent = name_and_parent(run_name)
    found = locate_main()
    return execute_as_module(found.code, names_from_spec(name, found.spec, parent), init_globals, path)


def run_entry(path, init_globals=None, run_name=None):
    """Execute the entry *path* as `run_path` does and return its globals."""
    with FirstPathEntry(path):
        return run_main(path, init_globals, run_name)
