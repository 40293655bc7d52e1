"""What one run is to do: the file that the command writes and the pytest plugin, in each of its processes, reads."""

from pathlib import Path

import msgspec
from msgspec import Struct

from runpy_conformance.execution.executor import Isolation
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.model.subject import Subject


class Session(Struct, frozen=True):
    """What to run, and how."""

    corpus: str
    """The folder with spec/ and cases/."""
    subjects: tuple[Subject, ...]
    isolation: Isolation
    limits: Limits
    results: str
    """Path of the file of results."""
    timings: str
    """Folder to which each process writes what it counted."""
    cases: tuple[str, ...] | None = None
    """Ids of the cases to run; None for all."""
    done: tuple[tuple[str, str], ...] = ()
    """Pairs of case and subject that an interrupted run has results of."""


def write(session: Session, path: Path) -> None:
    """Writes *session* to *path*."""
    path.write_bytes(msgspec.json.encode(session))


def read(path: Path) -> Session:
    """The session written to *path*."""
    return msgspec.json.decode(path.read_bytes(), type=Session)
