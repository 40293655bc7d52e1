"""What is mutated: the runpy.py of an interpreter, or the modules of the reference."""

import os
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

from runpy_conformance.execution.tables import answers
from runpy_conformance.model.subject import Interpreter, Known, Subject
from runpy_conformance.strength.switches import decided
from runpy_conformance.subjects import kinds
from runpy_conformance.subjects.overlay import put


class Target(Protocol):
    """An implementation whose modules can be replaced."""

    name: str
    host: Interpreter
    sources: Mapping[str, str]
    """By file: the source of each module."""
    entrance: str
    """The file of the module that a caller imports."""
    portable: bool
    """Whether its sources are the same on every host, so that what one host shows holds for it."""

    def place(self, folder: Path) -> "Place":
        """Where the implementation can be changed, in the empty *folder*. Raises `BadReplacement`."""

    def importing(self, file: str) -> str:
        """A program that imports the module of *file* on the subject of a place."""

    def alike(self, file: str, sources: Sequence[str]) -> list[bool]:
        """For each of *sources*, other texts of *file*: whether the host's version alone makes it do the same."""


class Place(Protocol):
    """A copy of an implementation, for one process at a time."""

    def put(self, changed: Mapping[str, str]) -> Subject:
        """The implementation with the *changed* sources, until they are others. Raises `BadReplacement`."""


class StandardRunpy:
    """The runpy.py of an interpreter."""

    FILE = "runpy.py"
    name = "runpy"
    entrance = FILE
    portable = False

    def __init__(self, host: Interpreter) -> None:
        self.host = host
        self.sources: Mapping[str, str] = {self.FILE: Path(host.stdlib, self.FILE).read_text(encoding="utf-8")}

    def place(self, folder: Path) -> "Place":
        return _Overlay(self.host, self.sources[self.FILE], folder)

    def importing(self, file: str) -> str:
        return "import runpy"

    def alike(self, file: str, sources: Sequence[str]) -> list[bool]:
        return [False for _ in sources]


class _Overlay:
    def __init__(self, host: Interpreter, source: str, folder: Path) -> None:
        self.host = host
        self.source = source
        self.file = folder / StandardRunpy.FILE
        self.folder = folder / "python"
        self.file.write_text(source, encoding="utf-8")
        self.folder.mkdir()
        self.subject = kinds.replaced(host, self.file, self.folder)

    def put(self, changed: Mapping[str, str]) -> Subject:
        self.file.write_text(changed.get(StandardRunpy.FILE, self.source), encoding="utf-8")
        put(self.host, self.file, self.folder)
        return self.subject


class Reference:
    """The modules of the reference implementation, on some interpreter."""

    name = "reference"
    entrance = "__init__.py"
    portable = True
    VERSIONS = "versions.py"
    TABLE = "HOST"
    """The switches for the running version, which `VERSIONS` defines and the other modules ask."""

    def __init__(self, host: Interpreter, folder: Path, known: tuple[Known, ...]) -> None:
        """*folder* holds the package of the reference; *known* are its known failures."""
        self.host = host
        self.known = known
        files = sorted((folder / kinds.REFERENCE).glob("*.py"))
        self.sources: Mapping[str, str] = {file.name: file.read_text(encoding="utf-8") for file in files}

    def place(self, folder: Path) -> "Place":
        return _Package(kinds.reference(self.host, folder, self.known), self.sources, folder / kinds.REFERENCE)

    def importing(self, file: str) -> str:
        stem = file.removesuffix(".py")
        return f"import sys; sys.path.insert(0, sys.argv[1]); import {kinds.REFERENCE}.{stem}"

    def alike(self, file: str, sources: Sequence[str]) -> list[bool]:
        if file == self.VERSIONS:
            own, *others = answers(self.host, self.TABLE, [self.sources[file], *sources])
            return [one == own for one in others]
        [switches] = answers(self.host, self.TABLE, [self.sources[self.VERSIONS]])
        assert switches is not None
        own_text = decided(self.sources[file], self.TABLE, switches)
        return [decided(source, self.TABLE, switches) == own_text for source in sources]


class _Package:
    def __init__(self, subject: Subject, sources: Mapping[str, str], folder: Path) -> None:
        self.subject = subject
        self.sources = sources
        self.folder = folder
        self._written: dict[str, str] = {}
        self._times = count(1_000_000_000)

    def put(self, changed: Mapping[str, str]) -> Subject:
        """Writes what is not there yet, each time with another time stamp: bytecode of other modules stays valid."""
        self.folder.mkdir(exist_ok=True)
        for name, source in {**self.sources, **changed}.items():
            if self._written.get(name) != source:
                file = self.folder / name
                file.write_text(source, encoding="utf-8")
                stamp = next(self._times)
                os.utime(file, (stamp, stamp))
                self._written[name] = source
        return self.subject
