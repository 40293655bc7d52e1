"""Causes: why a subject fails cases, in words for its maintainers."""

from typing import Literal

from msgspec import Struct

Severity = Literal["bug", "deviation", "by-design", "unsupported"]
"""For the subject's users: wrong and harmful; different without harm in most programs; meant so; not offered."""


class Shown(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mismatch that a cause brings about; what is not given matches any."""

    field: str = "*"
    """Pattern with ``*`` of the field's name, such as ``observed.*``."""
    actual: str | None = None
    """Regular expression that is found in the value seen, as JSON."""
    expected: str | None = None
    """Regular expression that is found in the value expected, as JSON."""


class Cause(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"):
    """Why some cases fail."""

    title: str
    """The finding in a sentence."""
    severity: Severity
    text: str
    """What happens and whom it hurts."""
    clauses: tuple[str, ...]
    """The rules that are broken."""
    command: str
    """What one types to see it without this suite: lines for a POSIX shell, in an empty folder."""
    expected: str
    """What CPython prints then."""
    actual: str
    """What the subject prints."""
    version: str
    """The first version of the subject that it was seen in."""
    cases: tuple[str, ...] = ()
    """Patterns with ``*`` of ids; empty for any."""
    shows: tuple[Shown, ...] = ()
    """Mismatches, of which a case has at least one; empty for any."""
    link: str | None = None
    """The issue in the subject's tracker, where it is known."""
    foremost: bool = False
    """Whether it is one of the findings, of all subjects, that matter most."""


class CausesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of causes: those of one subject, called after it. Of a failure's causes the first counts."""

    intro: str
    """What the page says first: what was run, and what it is worth."""
    cause: tuple[Cause, ...]
    word: str = "python"
    """What the subject is called in the commands of an interpreter's causes; a launcher is started by ``python``."""
