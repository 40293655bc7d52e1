"""What an interpreter makes of a table of switches."""

import json
import subprocess
from collections.abc import Sequence

from runpy_conformance.model.subject import Interpreter

_ANSWERS = """
import json, sys

def answers(source):
    names = {"__name__": "table"}
    try:
        exec(compile(source, "table", "exec", 0, True), names)
        table = names[sys.argv[1]]
        return {name: bool(getattr(table, name)) for name in dir(type(table)) if not name.startswith("_")}
    except Exception:
        return None

print(json.dumps([answers(source) for source in json.load(sys.stdin)]))
"""


def answers(host: Interpreter, name: str, sources: Sequence[str]) -> list[dict[str, bool] | None]:
    """For each of *sources*, modules that give a table of switches the *name*: what the switches are on *host*.

    None if the module or a switch fails.
    """
    done = subprocess.run(
        [host.path, "-S", "-E", "-c", _ANSWERS, name],
        input=json.dumps(sources).encode("ascii"),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: list[dict[str, bool] | None] = json.loads(done.stdout)
    return found
