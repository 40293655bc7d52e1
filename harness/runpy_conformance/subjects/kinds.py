"""Subjects of each kind, made of a host."""

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from runpy_conformance.model.subject import INTERPRETER_COMMANDS, Interpreter, Known, ProgramKind, Subject
from runpy_conformance.subjects.overlay import overlay

REFERENCE = "runpy_reference"
REFERENCE_SINCE = (3, 6)
REFERENCE_LACKS = ("interpreter", "sys-flags")
"""What only the interpreter that the reference runs on can do."""
LAUNCHER_LACKS = (*REFERENCE_LACKS, "interactive", "skip-first-line")
"""What a launcher is not asked for, since the options that do it are its interpreter's."""
ORIGINAL_ARGUMENTS_SINCE = (3, 10)
"""Since when `sys.orig_argv` tells the reference which options that interpreter was given."""


def interpreter(host: Interpreter) -> Subject:
    """*host* itself."""
    return Subject(host.name, "interpreter", host, f"python:{host.path}", lacks=tuple(platform_lacks(host)))


def reference(host: Interpreter, folder: Path, known: tuple[Known, ...] = ()) -> Subject:
    """The reference implementation in *folder*, on *host*."""
    return Subject(
        f"reference@{host.name}",
        "module",
        host,
        f"reference@{host.path}",
        module=REFERENCE,
        pythonpath=(str(folder),),
        commands=behind_python(str(folder / REFERENCE)),
        lacks=(*REFERENCE_LACKS, *_unseen_options(host), *platform_lacks(host)),
        known=known,
    )


def behind_python(*words: str) -> dict[ProgramKind, tuple[str, ...]]:
    """The commands of an interpreter with *words* in front of the program."""
    return {kind: (first, *words, *rest) for kind, (first, *rest) in INTERPRETER_COMMANDS.items()}


def _unseen_options(host: Interpreter) -> Iterator[str]:
    """The features that depend on options of *host* that a program on it cannot see."""
    if host.release_numbers < ORIGINAL_ARGUMENTS_SINCE:
        yield "skip-first-line"


def staged_reference(folder: Path) -> Path:
    """Copies the reference into the empty *folder*, which is returned.

    Raises `ModuleNotFoundError` if it is not installed.
    """
    spec = importlib.util.find_spec(REFERENCE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package {REFERENCE} is not installed beside runpy-conformance")
    shutil.copytree(Path(spec.origin).parent, folder / REFERENCE, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def replaced(host: Interpreter, file: Path, folder: Path) -> Subject:
    """*host* with *file* in the place of its runpy.py, made in the empty *folder*. Raises `BadReplacement`."""
    changed = overlay(host, file.absolute(), folder)
    return Subject(
        f"{file.name}@{host.name}",
        "interpreter",
        changed,
        f"runpy:{file.absolute()}@{host.path}",
        lacks=tuple(platform_lacks(host)),
    )


def platform_lacks(host: Interpreter) -> Iterator[str]:
    """The features that the machine, or the version of *host*, does not have."""
    checks: dict[str, Callable[[], bool]] = {
        "symlinks": lambda: sys.platform != "win32",
        "signals": lambda: sys.platform != "win32",
        "fork": lambda: sys.platform != "win32",
        "case-sensitive": lambda: sys.platform not in ("win32", "darwin"),
    }
    yield from (feature for feature, present in checks.items() if not present())
