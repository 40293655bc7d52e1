"""What is under test."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from msgspec import Struct, field
from packaging.version import Version

ProgramKind = Literal["module", "script", "directory", "zip", "words"]
"""How a command names a program: a module, a path that leads to one of three things, or words spelled out."""

INTERPRETER_COMMANDS: Mapping[ProgramKind, tuple[str, ...]] = {
    "module": ("{python}", "-m", "{module}", "{arguments}"),
    "script": ("{python}", "{path}", "{arguments}"),
    "directory": ("{python}", "{path}", "{arguments}"),
    "zip": ("{python}", "{path}", "{arguments}"),
    "words": ("{python}", "{words}", "{arguments}"),
}
"""What an interpreter is started with."""


class Interpreter(Struct, frozen=True, omit_defaults=True):
    """A Python that answered for itself."""

    implementation: str
    """``sys.implementation.name``, or ``platform.python_implementation()`` in lower case, such as ``cpython``."""
    version: str
    """Of the language, in full, such as ``3.13.0``."""
    path: str
    """The executable, links resolved."""
    markers: dict[str, str]
    """The PEP 508 environment."""
    cache_tag: str
    """``sys.implementation.cache_tag``; empty where there is none."""
    stdlib: str
    """The folder of the standard library."""
    prefix: str
    """``sys.prefix``."""
    aliases: tuple[str, ...] = ()
    """Other paths that lead to it: links and virtual environments."""
    command: tuple[str, ...] = ()
    """The words that start it, where these are not just its path."""
    plain: bool = False
    """Whether it lacks what the agent needs (descriptors, JSON), so that calls are made by a script for each."""

    @property
    def name(self) -> str:
        """Such as ``cpython-3.13.0``."""
        return f"{self.implementation}-{self.version}"

    @property
    def release_numbers(self) -> tuple[int, ...]:
        """The version's numbers, such as ``(3, 13, 0)``."""
        return Version(self.version).release

    @property
    def words(self) -> tuple[str, ...]:
        """The words that start it."""
        return self.command or (self.path,)


class Known(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A failure that is known: the entry of a subject's baseline."""

    case: str
    reason: str
    when: str | None = None
    """PEP 508 marker of the hosts on which it fails."""
    link: str | None = None
    fingerprint: str | None = None
    """Of the mismatches; None accepts any."""


class Baseline(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of known failures."""

    known: tuple[Known, ...]


class Subject(Struct, frozen=True, omit_defaults=True, dict=True):
    """An interpreter, a module in one, or a launcher on one."""

    id: str
    kind: Literal["interpreter", "module", "launcher"]
    host: Interpreter
    spelling: str
    """What ``--subject`` takes to mean it."""
    title: str = ""
    """Its name for people."""
    module: str | None = None
    """Of a module subject: the name that is imported in the place of runpy."""
    pythonpath: tuple[str, ...] = ()
    """Of a module subject: folders to import it from."""
    own_folders: bool = False
    """Whether these folders are the user's."""
    commands: dict[ProgramKind, tuple[str, ...]] = field(default_factory=lambda: dict(INTERPRETER_COMMANDS))
    """For each kind of program, the words that run it; see `runpy_conformance.commands`."""
    server: tuple[str, ...] = ()
    """The words that start a server, which runs commands in the place of processes."""
    says: tuple[str, ...] = ()
    """Regular expressions of what a launcher writes itself, which is not compared."""
    variables: dict[str, str] = field(default_factory=dict)
    """Environment variables that it needs."""
    lacks: tuple[str, ...] = ()
    """Features that it does not have."""
    missing_modules: tuple[str, ...] = ()
    """Modules of the standard library that it does not have."""
    judged_as: str | None = None
    """The version whose rules count for it, where that is not the host's own."""
    time_factor: float = 1.0
    """Of every time limit."""
    memory_limited: bool = True
    """Whether the address space of its processes can be limited."""
    manifest: str | None = None
    """The file that describes it, where there is one."""
    known: tuple[Known, ...] = ()
    """Its known failures: the baseline."""

    @cached_property
    def environment(self) -> dict[str, str]:
        """The PEP 508 environment that markers are evaluated in: the host's, of the version that it is judged as."""
        if self.judged_as is None:
            return self.host.markers
        line = ".".join(self.judged_as.split(".")[:2])
        return {**self.host.markers, "python_full_version": self.judged_as, "python_version": line}


class Rejected(Struct, frozen=True):
    """An executable that could not be used, and why."""

    path: str
    reason: str


class Discovery(Struct, frozen=True):
    """What a search for interpreters found."""

    interpreters: tuple[Interpreter, ...]
    rejected: tuple[Rejected, ...] = field(default_factory=tuple)
