"""What became of mutants: the lines of a record, and the list of those that change no behaviour."""

from typing import Literal

from msgspec import Struct

Fate = Literal["killed", "timed-out", "survived", "broken"]
"""Of a mutant before a judge. ``broken``: it cannot be imported, so there is nothing to judge."""

DETECTED: frozenset[Fate] = frozenset({"killed", "timed-out"})

CORPUS = "corpus"
"""The judge that the cases of this project are; the others are test modules of CPython."""


class Mutant(Struct, frozen=True):
    """One change to an implementation."""

    key: str
    """Of the scope, the statement's first line and the lines that change, whatever the rest of the file is."""
    file: str
    """The module's file, relative to the implementation's folder."""
    scope: str
    """The function or method, such as ``_TempModule.__exit__``; empty for the module itself."""
    line: int
    """The first of the smallest statement that changes, from 1."""
    at_import: bool
    """Whether that statement is executed when the module is imported."""
    operator: str
    diff: str
    """The lines that go, behind ``-``, and those that come, behind ``+``."""


class Equivalent(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Mutants that change no behaviour that could be observed."""

    keys: tuple[str, ...]
    reason: str
    when: str | None = None
    """PEP 508 marker of the hosts on which it is so. Default: all."""


class EquivalentsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of spec/equivalents: the equivalent mutants of one implementation."""

    equivalent: tuple[Equivalent, ...]


class Round(Struct, frozen=True, tag_field="kind", tag="round"):
    """The mutants of one implementation on one host, about to be judged."""

    suite: str
    """Version of runpy-conformance."""
    corpus: str
    """Digest of the specification and the cases."""
    started: str
    """UTC, ISO 8601."""
    target: str
    """``runpy`` or ``reference``."""
    host: str
    judges: tuple[str, ...]
    """In the order in which they are asked, up to the first that rejects a mutant."""
    made: int
    """By the operators."""
    equivalent: tuple[str, ...]
    """Of the rest: keys of those listed as equivalent on this host."""
    left_out: int
    """Of the others: not judged, since a sample was drawn, or since they were rejected on another host."""
    mutants: tuple[str, ...]
    """Keys of all that have bytecode of their own."""

    @property
    def same(self) -> int:
        """How many have the original's bytecode, or that of a mutant before."""
        return self.made - len(self.mutants)


class Trial(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="trial"):
    """A mutant before a judge."""

    target: str
    host: str
    judge: str
    mutant: Mutant
    fate: Fate
    by: tuple[str, ...] = ()
    """The cases, or the test, that rejected it; why it is broken."""
    areas: dict[str, int] = {}
    """By area: how many of its cases execute the changed line."""
    seconds: float = 0.0
    witness: str = ""
    """Digest of the case that rejected it first: as long as that case stays what it was, the rejection holds."""
    exhaustive: bool = False
    """Whether every case was run that executes the changed line, also behind the first that rejects the mutant."""


class End(Struct, frozen=True, tag_field="kind", tag="end"):
    """That a round came to its end."""

    target: str
    host: str
    judges: tuple[str, ...]
    seconds: float
    """Of this round alone; those before it, which it went on with, are not counted in."""


StrengthLine = Round | Trial | End
