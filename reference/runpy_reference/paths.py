"""What a path leads to: a `sys.path` entry with a `__main__`, a compiled file, or source; and the code in files.

Sources: library reference, `runpy.run_path` and `io.open_code`; language reference, "The import system"; PEP 302;
PEP 578.
"""

import io
import os
import sys
from importlib.util import MAGIC_NUMBER
from marshal import load

from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import IO, Any, Dict, Optional

BYTECODE_HEADER_SIZE = 16 if HOST.long_bytecode_header else 12


def finder_for(entry: "Any") -> object:
    """The finder for *entry* as a `sys.path` entry, or `None` if it cannot be one: then it is a plain file.

    The finder is kept in `sys.path_importer_cache`; that there is none is not.

    Clauses: RPS-03, RPS-04, RPS-21, RPE-15, RPE-20, RPM-13, RPX-05, RPX-06.
    """
    if HOST.decodes_path_for_hooks:
        entry = os.fsdecode(entry)
    try:
        return sys.path_importer_cache[entry]
    except KeyError:
        finder = ask_path_hooks(entry)
    if finder is not None:
        sys.path_importer_cache.setdefault(entry, finder)
    return finder


def ask_path_hooks(entry: "Any") -> "Any":
    """The finder that the first willing path hook makes for *entry*, or `None` if they all refuse it.

    A hook refuses by `ImportError`; what else it raises passes.

    Clauses: RPS-03, RPS-04, CDZ-15.
    """
    for hook in sys.path_hooks:
        try:
            return hook(entry)
        except ImportError:
            pass
    return None


def is_entry(finder: "Any") -> bool:
    """Whether a path with this *finder* is a `sys.path` entry, and not a script.

    Clauses: RPS-03, RPS-16.
    """
    if HOST.knows_null_importer and (type(finder).__module__, type(finder).__name__) == ("imp", "NullImporter"):
        return False
    return finder is not None


def code_in_file(path: "Any", run_name: str) -> "CodeType":
    """The code in the file *path*, compiled or source, whatever the file is called.

    The first bytes tell. A file that does not begin with the running version's magic number is source, and is opened
    again to be read as such. Source is given to the compiler as bytes, under the name by which the caller knows it.

    Raises `OSError` if it cannot be read, what `marshal` raises if it is cut short, and what `compile` raises.

    Clauses: RPS-06, RPS-07, RPS-09, RPS-10, RPS-12, RPS-13, RPS-20, RPC-01, RPC-02, RPC-03, RPC-04, RPC-05, RPC-06,
    RPX-01, RPX-02, RPX-05, RPX-07, THR-11, THR-12.
    """
    location = os.path.abspath(os.fsdecode(path)) if HOST.opens_code_by_hook else path
    with open_code(location) as stream:
        code = read_bytecode(stream)
    if code is not None:
        return code
    with open_code(location) as stream:
        return compile_source(stream.read(), path, run_name)


def open_code(path: "Any") -> "IO[bytes]":
    """Open the file *path* to execute what is in it, through the door that hooks can watch where there is one.

    Clauses: THR-11, RPX-01.
    """
    return io.open_code(path) if HOST.opens_code_by_hook else open(path, "rb")


def read_bytecode(stream: "IO[bytes]") -> "Optional[CodeType]":
    """The code object in *stream*, or `None` if it does not begin like bytecode of this version.

    Clauses: RPC-01, RPC-02, RPC-04, RPC-05.
    """
    if stream.read(len(MAGIC_NUMBER)) != MAGIC_NUMBER:
        return None
    stream.read(BYTECODE_HEADER_SIZE - len(MAGIC_NUMBER))
    return load(stream)  # type: ignore[no-any-return]


def compile_source(source: bytes, path: "Any", module: str) -> "CodeType":
    """Compile the *source* of a file as that of a module; from 3.15 syntax warnings are charged to *module*.

    Clauses: GEN-11, GEN-14, RMW-09, RPS-07, RPS-09, RPS-10, RPS-12, RPS-13, RPS-15, RPS-18, CSA-20.
    """
    options: "Dict[str, Any]" = {"module": module} if HOST.compiles_under_run_name else {}
    return compile(source, path, "exec", dont_inherit=True, **options)  # type: ignore[no-any-return]
