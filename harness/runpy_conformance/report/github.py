"""What GitHub shows of a run: annotations, and what the summary of a job is made of. Pure functions."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from runpy_conformance.corpus import Corpus
from runpy_conformance.judge import shortened
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import LEVELS, Clause
from runpy_conformance.model.subject import Subject
from runpy_conformance.report.failure import repeat_command
from runpy_conformance.report.summary import Summary
from runpy_conformance.report.testcases import TestCase, printable, subjects_text, testcases
from runpy_conformance.results import Results

ANNOTATIONS = 10
"""How many of each kind GitHub shows for a step."""
CASES = 200
"""How many failing cases a summary names; GitHub takes one MiB."""
_MISMATCHES = 5
_LONGEST = 200


class Group(Struct, frozen=True):
    """Cases that fail, by the clause that gives them their level."""

    clause: Clause
    cases: tuple[tuple[TestCase, ...], ...]
    """Each on every subject on which it fails."""


def as_annotations(summary: Summary, results: Results, corpus: Corpus) -> str:
    """Workflow commands, one for each case that fails, however many subjects it fails on.

    What the gate does not let pass is an error, else a case of level should is a warning, and others are notices. Of
    each kind, what is more than GitHub shows is counted in the last.
    """
    kinds: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    decisive = {one.case for one in summary.decisive}
    for failing in _by_case(testcases(results, corpus)):
        below = "warning" if failing[0].level == "should" else "notice"
        kind = "error" if failing[0].case.id in decisive else below
        kinds[kind].append(_annotation(kind, failing))
    lines = [line for kind, commands in kinds.items() for line in _that_are_shown(kind, commands)]
    return "".join(f"{line}\n" for line in lines)


def by_clause(results: Results, corpus: Corpus) -> tuple[list[Group], int]:
    """The failures, strongest level first, and how many cases were left out because there are too many."""
    cases = _by_case(testcases(results, corpus))
    groups: dict[str, list[tuple[TestCase, ...]]] = {}
    for failing in cases[:CASES]:
        clause = _weakest(corpus, failing[0].case)
        if clause is not None:
            groups.setdefault(clause.id, []).append(failing)
    return [Group(corpus.clauses[name], tuple(group)) for name, group in groups.items()], max(0, len(cases) - CASES)


def _weakest(corpus: Corpus, case: Case) -> Clause | None:
    """The first of the clauses that give *case* its level; None if it names none that is there."""
    cited = [corpus.clauses[name] for name in case.cited if name in corpus.clauses]
    return max(cited, key=lambda clause: LEVELS.index(clause.level), default=None)


def _by_case(listed: Iterable[TestCase]) -> list[tuple[TestCase, ...]]:
    """Those of *listed* that fail, by case; strongest level first."""
    cases: dict[str, list[TestCase]] = {}
    for one in listed:
        if one.status in ("failed", "error"):
            cases.setdefault(one.case.id, []).append(one)
    failing = [tuple(group) for group in cases.values()]
    return sorted(failing, key=lambda group: (LEVELS.index(group[0].level), group[0].case.cited, group[0].case.id))


def _annotation(kind: str, failing: tuple[TestCase, ...]) -> str:
    first = failing[0]
    title = f"{first.case.id}: {first.case.title}"
    lines = [
        f"{', '.join(first.case.cited)} ({first.level}), {subjects_text([one.subject.id for one in failing])}",
        *_mismatches(first),
        f"Again: {repeat_command(first.case, first.subject)}",
    ]
    files = [file for one in failing if (file := _file(one.subject)) is not None]
    properties = {"file": files[0], "title": title} if files else {"title": title}
    return _command(kind, properties, "\n".join(lines))


def _mismatches(one: TestCase) -> Iterator[str]:
    judgement = one.result.judgement
    if judgement.reason:
        yield judgement.reason
    for wrong in judgement.mismatches[:_MISMATCHES]:
        yield shortened(f"{wrong.field}: expected {wrong.expected}, observed {wrong.actual}", _LONGEST)


def _file(subject: Subject) -> str | None:
    """The user's own file that *subject* is made of: a manifest, or a runpy.py."""
    kind, _, rest = subject.spelling.partition(":")
    if kind == "runpy":
        return rest.rpartition("@")[0]
    manifest = subject.spelling.partition("@")[0]
    return manifest if manifest.endswith(".toml") else None


def _that_are_shown(kind: str, commands: list[str]) -> list[str]:
    if len(commands) <= ANNOTATIONS:
        return commands
    more = len(commands) - ANNOTATIONS + 1
    return [*commands[: ANNOTATIONS - 1], _command(kind, {}, f"{more} more cases fail; the report names them")]


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    """A workflow command. What ends a property or a command is escaped as GitHub wants it."""
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {named}::{_data(message)}" if named else f"::{kind}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
