"""What is under test."""

from typing import Literal

from msgspec import Struct, field
from packaging.version import Version


class Interpreter(Struct, frozen=True, omit_defaults=True):
    """A Python that answered for itself."""

    implementation: str
    """``platform.python_implementation()`` in lower case, such as ``cpython``."""
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

    @property
    def name(self) -> str:
        """Such as ``cpython-3.13.0``."""
        return f"{self.implementation}-{self.version}"

    @property
    def release_numbers(self) -> tuple[int, ...]:
        """The version's numbers, such as ``(3, 13, 0)``."""
        return Version(self.version).release


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


class Subject(Struct, frozen=True, omit_defaults=True):
    """An interpreter, or a module in one."""

    id: str
    kind: Literal["interpreter", "module"]
    host: Interpreter
    spelling: str
    """What ``--subject`` takes to mean it."""
    module: str | None = None
    """Of a module subject: the name that is imported in the place of runpy."""
    pythonpath: tuple[str, ...] = ()
    """Of a module subject: folders to import it from."""
    own_folders: bool = False
    """Whether these folders are the user's."""
    launcher: tuple[str, ...] = ()
    """Of a module subject: the words, behind the interpreter's options, that start its command line."""
    lacks: tuple[str, ...] = ()
    """Features that it does not have."""
    known: tuple[Known, ...] = ()
    """Its known failures: the baseline."""

    @property
    def environment(self) -> dict[str, str]:
        """The PEP 508 environment that markers are evaluated in: the host's."""
        return self.host.markers


class Rejected(Struct, frozen=True):
    """An executable that could not be used, and why."""

    path: str
    reason: str


class Discovery(Struct, frozen=True):
    """What a search for interpreters found."""

    interpreters: tuple[Interpreter, ...]
    rejected: tuple[Rejected, ...] = field(default_factory=tuple)
