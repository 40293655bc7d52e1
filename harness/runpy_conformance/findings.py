"""Failures by cause. Pure functions, and the reading of causes."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec
from msgspec import Struct

from runpy_conformance.corpus import Corpus
from runpy_conformance.model.finding import Cause, CausesFile, Shown
from runpy_conformance.model.result import Mismatch, Result


class BadCauses(Exception):
    """A file of causes that cannot be used; the text says where and what."""


class Finding(Struct, frozen=True):
    """A cause, and the failures that it explains."""

    cause: Cause
    results: tuple[Result, ...]


def read(path: Path) -> CausesFile:
    """The causes in the file at *path*. Raises `BadCauses`."""
    try:
        causes = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), CausesFile)
        for shown in (shown for cause in causes.cause for shown in cause.shows):
            for pattern in filter(None, (shown.actual, shown.expected)):
                re.compile(pattern)
    except OSError as problem:
        raise BadCauses(f"{path}: {problem.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as problem:
        raise BadCauses(f"{path}: {problem}") from None
    return causes


def unknown_clauses(causes: CausesFile, corpus: Corpus) -> list[str]:
    """The clauses that *causes* name and the specification does not have."""
    return sorted({name for cause in causes.cause for name in cause.clauses} - corpus.clauses.keys())


def uncited(cause: Cause, cases: Iterable[str], corpus: Corpus) -> list[str]:
    """The clauses that *cause* names, and that none of *cases*, the ids of those that show it, rests on."""
    cited = {clause for case in cases if case in corpus.cases for clause in corpus.cases[case].cited}
    return sorted({*cause.clauses} - cited)


def cause_of(result: Result, causes: Sequence[Cause]) -> Cause | None:
    """The first of *causes* that explains the failure *result*; None if none does, or it is no failure."""
    if result.judgement.verdict != "fail":
        return None
    return next((cause for cause in causes if explains(cause, result)), None)


def explains(cause: Cause, result: Result) -> bool:
    """Whether *result*, a failure, is one of the cases and has one of the mismatches that *cause* names."""
    if cause.cases and not any(fnmatchcase(result.case, pattern) for pattern in cause.cases):
        return False
    return not cause.shows or any(_is_shown(s, wrong) for s in cause.shows for wrong in result.judgement.mismatches)


def _is_shown(shown: Shown, wrong: Mismatch) -> bool:
    return (
        fnmatchcase(wrong.field, shown.field)
        and (shown.actual is None or re.search(shown.actual, wrong.actual or "") is not None)
        and (shown.expected is None or re.search(shown.expected, wrong.expected) is not None)
    )


def by_cause(causes: Sequence[Cause], results: Iterable[Result]) -> tuple[tuple[Finding, ...], tuple[Result, ...]]:
    """The failures among *results* by cause, in the order of *causes*, and those that none explains."""
    explained: dict[int, list[Result]] = {index: [] for index in range(len(causes))}
    rest = []
    for result in sorted(results, key=lambda one: (one.case, one.subject)):
        cause = cause_of(result, causes)
        if cause is not None:
            explained[causes.index(cause)].append(result)
        elif result.judgement.verdict == "fail":
            rest.append(result)
    findings = (Finding(causes[index], tuple(group)) for index, group in explained.items())
    return tuple(findings), tuple(rest)
