"""What an interpreter compiles sources to."""

import json
import subprocess
from collections.abc import Sequence

from runpy_conformance.model.subject import Interpreter

_DIGEST = """
import hashlib, json, sys

FIELDS = ("co_name", "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount",
          "co_kwonlyargcount", "co_flags", "co_exceptiontable")

def plain(code):
    constants = [plain(one) if hasattr(one, "co_code") else (type(one).__name__, repr(one)) for one in code.co_consts]
    return [repr(getattr(code, field, None)) for field in FIELDS] + constants

def digest(source):
    try:
        code = compile(source, "module", "exec", 0, True)
    except (SyntaxError, ValueError):
        return None
    return hashlib.sha256(repr(plain(code)).encode("utf-8", "surrogatepass")).hexdigest()

print(json.dumps([digest(source) for source in json.load(sys.stdin)]))
"""


def digests(host: Interpreter, sources: Sequence[str]) -> list[str | None]:
    """For each of *sources* a text that is equal for equal bytecode on *host*; None if it does not compile there.

    Line numbers do not count.
    """
    done = subprocess.run(
        [host.path, "-S", "-E", "-W", "ignore", "-c", _DIGEST],
        input=json.dumps(sources).encode("ascii"),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: list[str | None] = json.loads(done.stdout)
    return found
