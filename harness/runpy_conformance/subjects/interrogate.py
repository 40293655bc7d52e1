"""Asking an executable which Python it is."""

import json
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.execution.observed import NoObservation
from runpy_conformance.execution.sandbox import Limits, sandbox
from runpy_conformance.execution.starters import NotStarted, Processes, Server, Start, Starter
from runpy_conformance.markers import environment
from runpy_conformance.model.subject import Interpreter

QUESTION = """
import json, os, platform, sys
implementation = getattr(sys, "implementation", None)
name = implementation.name if implementation else platform.python_implementation().lower()
version = "%d.%d.%d" % sys.version_info[:3]
if sys.version_info[3] != "final":
    version += {"alpha": "a", "beta": "b", "candidate": "rc"}[sys.version_info[3]] + str(sys.version_info[4])
own = implementation.version if implementation else sys.version_info
base = getattr(sys, "real_prefix", getattr(sys, "base_prefix", sys.prefix))
print("runpy-conformance " + json.dumps({
    "implementation": name,
    "version": version,
    "path": sys.executable,
    "stdlib": os.path.dirname(os.path.abspath(os.__file__)),
    "prefix": sys.prefix,
    "base_prefix": base,
    "base_executable": getattr(sys, "_base_executable", None),
    "cache_tag": getattr(implementation, "cache_tag", None) or "",
    "plain": not hasattr(os, "dup2") or sys.platform == "emscripten",
    "markers": {
        "implementation_name": name,
        "implementation_version": "%d.%d.%d" % tuple(own[:3]),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": version,
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform if sys.version_info[0] > 2 or sys.platform != "linux2" else "linux",
    },
}))
"""
"""A program that Python 2.7 and 3.6 to 3.15 can run."""

PLAIN_QUESTION = """
import sys
name, own = sys.implementation[:2]
numbers = [".".join([str(part) for part in version[:3]]) for version in (own, sys.version_info)]
print("runpy-conformance " + " ".join([name] + numbers))
"""
"""A program for interpreters that have little more than `sys`."""


class NotPython(Exception):
    """An executable that does not answer as a Python does; the text says how."""


class Answer(Struct, frozen=True):
    """What an executable said of itself."""

    interpreter: Interpreter
    base: str
    """The executable that a virtual environment was made from; the interpreter's own path where it is none."""


def interrogate(path: Path, seconds: float = 10.0) -> Answer:
    """Asks the executable at *path*, in a clean environment and an empty folder.

    Raises `NotPython` if it does not start, does not answer in that time, or says something else.
    """
    return interrogated((str(path),), seconds)


def interrogated(command: Sequence[str], seconds: float, server: Sequence[str] = ()) -> Answer:
    """Asks the interpreter that *command* starts, or that *server* holds, in a clean environment and an empty folder.

    Raises `NotPython` as `interrogate` does.
    """
    starter = Server(server, len(command)) if server else Processes()
    try:
        status, output, errors = _asked(starter, command, QUESTION, seconds)
        said = _after_mark(output)
        if said is not None:
            return _answer(json.loads(said), command)
        said = _after_mark(_asked(starter, command, PLAIN_QUESTION, seconds)[1])
        if said is not None:
            return _plain_answer(said, command)
    finally:
        starter.end()
    last = errors.strip().splitlines()[-1:] or ["without a message"]
    raise NotPython(f"is not a Python that works: exit status {status}, {last[0]}")


def _asked(starter: Starter, command: Sequence[str], question: str, seconds: float) -> tuple[int | None, str, str]:
    with sandbox() as place:
        start = Start((*command, "-c", question), place.root, place.environment({}))
        try:
            status, limit = starter.run(start, place, Limits(seconds=seconds, memory=0))
        except NotStarted as problem:
            raise NotPython(f"does not start: {problem.reason}") from None
        except NoObservation as problem:
            raise NotPython(f"does not answer: {problem}") from None
        if limit is not None:
            raise NotPython(f"does not answer within {seconds:g} seconds")
        return status, place.stdout.read_text("utf-8", "replace"), place.stderr.read_text("utf-8", "replace")


def _after_mark(output: str) -> str | None:
    for line in output.splitlines():
        if line.startswith("runpy-conformance "):
            return line.partition(" ")[2]
    return None


def _answer(said: dict[str, object], command: Sequence[str]) -> Answer:
    base_prefix, base = said.pop("base_prefix"), said.pop("base_executable")
    path = str(said["path"] or command[0])
    if said["prefix"] != base_prefix:
        base = base if base and base != path else _executable_below(Path(str(base_prefix)), str(said["version"]))
    else:
        base = path
    interpreter = Interpreter(**{**said, "path": path})  # type: ignore[arg-type]
    return Answer(_started_by(command, interpreter), str(base or path))


def _plain_answer(said: str, command: Sequence[str]) -> Answer:
    implementation, own_version, version = said.split()
    path = str(Path(shutil.which(command[0]) or command[0]).resolve())
    markers = {
        **environment(version, implementation, platform.system(), sys.platform),
        "implementation_version": own_version,
        "platform_machine": platform.machine(),
    }
    interpreter = Interpreter(implementation, version, path, markers, "", "", "", plain=True)
    return Answer(_started_by(command, interpreter), path)


def _started_by(command: Sequence[str], interpreter: Interpreter) -> Interpreter:
    return interpreter if len(command) == 1 else replace(interpreter, command=tuple(command))


def _executable_below(prefix: Path, version: str) -> str | None:
    """The executable of the installation at *prefix*, where it can be found."""
    major, minor = version.split(".")[:2]
    for name in (
        f"bin/python{major}.{minor}",
        f"bin/python{major}",
        "bin/python",
        "bin/pypy3",
        "bin/pypy",
        "python.exe",
    ):
        if (prefix / name).exists():
            return str(prefix / name)
    return None
