"""Asking an executable which Python it is."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from msgspec import Struct

from runpy_conformance.execution.sandbox import PASSED_ON, end_group
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
    with tempfile.TemporaryDirectory(prefix="runpy-") as folder:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment.update(PATH=os.defpath, HOME=folder)
        try:
            process = subprocess.Popen(
                [str(path), "-c", QUESTION],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        except OSError as problem:
            raise NotPython(f"does not start: {problem.strerror}") from None
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise NotPython(f"does not answer within {seconds:g} seconds") from None
        finally:
            end_group(process.pid)
            process.kill()
            process.communicate()
    for line in output.decode("utf-8", "replace").splitlines():
        if line.startswith("runpy-conformance "):
            return _answer(json.loads(line.partition(" ")[2]))
    last = errors.decode("utf-8", "replace").strip().splitlines()[-1:] or ["without a message"]
    raise NotPython(f"is not a Python that works: exit status {process.returncode}, {last[0]}")


def _answer(said: dict[str, object]) -> Answer:
    base_prefix, base = said.pop("base_prefix"), said.pop("base_executable")
    path = str(said["path"])
    if said["prefix"] != base_prefix:
        base = base if base and base != path else _executable_below(Path(str(base_prefix)), str(said["version"]))
    else:
        base = path
    return Answer(Interpreter(**said), str(base or path))  # type: ignore[arg-type]


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
