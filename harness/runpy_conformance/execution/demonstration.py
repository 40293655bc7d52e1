"""Types the plain commands of findings, and compares what they print with what the page says."""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from runpy_conformance.demonstration import shows
from runpy_conformance.execution.sandbox import Limits, Sandbox, sandbox
from runpy_conformance.execution.starters import Processes, Start
from runpy_conformance.markers import holds
from runpy_conformance.model.finding import Cause, CausesFile
from runpy_conformance.model.subject import Interpreter, Subject

FOLDER, SCRATCH = "/tmp/x", "/tmp/out"
"""What stands in pages for the folder that one is in, and for one that a subject writes to."""


class Demonstration(Struct, frozen=True):
    """What the commands of a cause printed."""

    cause: Cause
    subject: str
    printed: str

    @property
    def holds(self) -> bool:
        """Whether that is what the page says."""
        return shows(self.printed, self.cause.expected, self.cause.actual)


def demonstrate(
    causes: CausesFile, subjects: Sequence[Subject], cpython: Callable[[Subject], Interpreter], limits: Limits
) -> Iterator[Demonstration]:
    """Types the commands of each of *causes*, on the first of *subjects* that shows it, or else on the last tried.

    A cause of which none of *subjects* has a known failure is left out. *cpython* gives what an interpreter is compared
    with. Raises `NoObservation` if there is no POSIX shell.
    """
    for cause in causes.cause:
        typed = None
        for subject in (one for one in subjects if _has(one, cause)):
            programs = {causes.word: subject.host.words}
            if subject.kind == "interpreter":
                programs["python"] = cpython(subject).words
            typed = Demonstration(cause, subject.id, run(cause.command, programs, limits))
            if typed.holds:
                break
        if typed is not None:
            yield typed


def _has(subject: Subject, cause: Cause) -> bool:
    """Whether a known failure of *subject* has *cause*."""
    return any(known.reason == cause.title and holds(known.when, subject.environment) for known in subject.known)


def run(command: str, programs: Mapping[str, Sequence[str]], limits: Limits) -> str:
    """What *command*, lines for a POSIX shell, prints on both streams, in an empty folder.

    *programs* are the words that its names stand for, such as ``python``. Paths are given as pages have them. What
    meets a limit is ended, and that is said last. Raises `NoObservation` if there is no such shell.
    """
    with sandbox() as place:
        names = place.private / "bin"
        for folder in (names, place.scratch):
            folder.mkdir()
        for name, words in programs.items():
            file = names / name
            file.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
            file.chmod(0o755)
        environment = place.environment({"PATH": f"{names}{os.pathsep}{os.defpath}"})
        typed = f"exec 2>&1\n{command}".replace(SCRATCH, str(place.scratch))
        _, limit = Processes().run(Start(("sh", "-c", typed), place.root, environment), place, limits)
        printed = place.stdout.read_text(encoding="utf-8", errors="backslashreplace")
        return _as_written(printed, place, programs) + (f"({limit})\n" if limit else "")


def _as_written(printed: str, place: Sandbox, programs: Mapping[str, Sequence[str]]) -> str:
    names = {str(place.root): FOLDER, str(place.scratch): SCRATCH}
    for name, words in programs.items():
        paths = {shlex.join(words), words[0], os.path.realpath(words[0]), str(place.private / "bin" / name)}
        names.update(dict.fromkeys(paths, name))
    names[str(place.folder)] = str(Path(FOLDER).parent)
    found = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"({found})(?![\w.-])", lambda match: names[match[1]], printed)
