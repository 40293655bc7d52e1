"""The specification as data: clauses, changes between versions, disagreements with the documentation."""

from typing import Literal, get_args

from msgspec import Struct

Level = Literal["must", "should", "implementation-defined", "detail"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""The strongest first."""


class Source(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a clause comes from; at least one of doc, pep, release, issue, clause and tests is given."""

    doc: str | None = None
    """A page of the Python documentation, such as ``library/runpy``."""
    pep: int | None = None
    release: str | None = None
    """The version whose release notes say it."""
    issue: str | None = None
    """An issue of CPython's tracker, ``gh-N`` or ``bpo-N``."""
    clause: str | None = None
    """The clause that this one follows from."""
    tests: str | None = None
    """A test module of CPython that asserts it."""
    section: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if not any((self.doc, self.pep, self.release, self.issue, self.clause, self.tests)):
            raise ValueError("a source names a doc, pep, release, issue, clause or tests")


class Clause(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One normative statement."""

    id: str
    level: Level
    text: str
    source: tuple[Source, ...]
    since: str
    """The first version in which it holds."""
    until: str | None = None
    """The last version in which it holds, where it ended."""
    change: str | None = None
    """The change that brought it."""
    disagreement: str | None = None
    """The disagreement between documentation and behaviour that it is about."""
    exempt: str | None = None
    """Why no case shows it, where none can."""
    left_to: Literal["import-system", "interpreter"] | None = None
    """Who carries it out, where an implementation of runpy has nothing to do for it."""


class ClauseFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of spec/: the clauses of an area."""

    area: str
    prefix: str
    title: str
    clause: tuple[Clause, ...]


class Change(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A documented difference of behaviour between versions."""

    id: str
    title: str
    text: str
    versions: tuple[str, ...]
    """The first release of each line that has it, oldest line first."""
    issues: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    exempt: str | None = None
    """Why no case shows it, where none can."""


class ChangesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """``spec/changes.toml``."""

    change: tuple[Change, ...]


class Disagreement(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A place where the documentation says one thing and CPython does another."""

    id: str
    title: str
    documented: str
    observed: str
    since: str
    until: str | None = None
    clauses: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()


class DisagreementsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """``spec/disagreements.toml``."""

    disagreement: tuple[Disagreement, ...]


class ReleasesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """``spec/releases.toml``."""

    lines: dict[str, tuple[int, int]]
    """For each line, such as ``3.13``, its first and last patch release."""
