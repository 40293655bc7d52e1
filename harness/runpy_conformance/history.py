"""The behaviour changes between versions, as results show them. Pure functions.

A row comes out of two observations of one case, on an interpreter that does not have the change and on one that has.
The text of ``spec/changes.toml`` only says where to look and how the change is called.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from msgspec import Struct
from packaging.version import Version

from runpy_conformance.corpus import Corpus
from runpy_conformance.difference import compared
from runpy_conformance.lint import in_effect
from runpy_conformance.matching import MISSING
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import Change
from runpy_conformance.model.observation import flatten
from runpy_conformance.model.result import Result
from runpy_conformance.model.subject import Subject


class Row(Struct, frozen=True):
    """A change, with what proves it."""

    change: Change
    last: str
    """The version that shows the old behaviour: the nearest to the change."""
    first: str
    """The version that shows the new behaviour: the nearest to the change."""
    case: str
    before: dict[str, Any]
    """What differs, as it was. A field that is missing has no value."""
    after: dict[str, Any]


class History(Struct, frozen=True):
    """The changes that results show, and those that they do not."""

    rows: tuple[Row, ...]
    """Oldest first."""
    unshown: tuple[Change, ...]
    """Changes that lie between versions at hand, and that no case shows. An error."""
    out_of_reach: tuple[Change, ...]
    """Changes with no version at hand before or after them."""
    exempt: tuple[Change, ...]
    """Changes that no case can show, for the reason they give."""


def history(corpus: Corpus, results: Iterable[Result], subjects: Mapping[str, Subject]) -> History:
    """What *results* show of the changes. *subjects* are the CPythons among the subjects, by id."""
    seen: dict[str, dict[str, Result]] = {}
    for result in results:
        if result.subject in subjects and result.judgement.verdict == "pass" and result.judgement.block is not None:
            seen.setdefault(result.case, {})[result.subject] = result
    cases: dict[str, list[Case]] = {}
    for case in corpus.cases.values():
        for name in {block.change for block in case.expect if block.change is not None}:
            cases.setdefault(name, []).append(case)
    rows: list[Row] = []
    unshown: list[Change] = []
    out_of_reach: list[Change] = []
    for change in corpus.changes.values():
        if change.exempt is not None:
            continue
        proofs = (_row(change, case, seen.get(case.id, {}), subjects) for case in cases.get(change.id, ()))
        found = [row for row in proofs if row is not None]
        if found:
            rows.append(min(found, key=lambda row: _rank(row, corpus)))
        elif _straddled(change, subjects.values()):
            unshown.append(change)
        else:
            out_of_reach.append(change)
    return History(
        tuple(sorted(rows, key=lambda row: (Version(row.change.versions[-1]), row.change.id))),
        tuple(unshown),
        tuple(out_of_reach),
        tuple(change for change in corpus.changes.values() if change.exempt is not None),
    )


def _version(subject: Subject) -> Version:
    return Version(subject.host.version)


def _straddled(change: Change, subjects: Iterable[Subject]) -> bool:
    return {in_effect(change, _version(subject)) for subject in subjects} == {True, False}


def _row(change: Change, case: Case, results: Mapping[str, Result], subjects: Mapping[str, Subject]) -> Row | None:
    """The pair of observations of *case* nearest to *change*, where they differ."""
    having = [name for name in results if in_effect(change, _version(subjects[name]))]
    lacking = [name for name in results if name not in having]
    pairs = [
        (old, new)
        for old, new in product(lacking, having)
        if _version(subjects[old]) < _version(subjects[new]) and _begins(change, case, results[new])
    ]
    pairs.sort(key=lambda pair: _distance(*(_version(subjects[name]) for name in pair)))
    for old, new in pairs:
        names = _differing(case, results[old], results[new])
        if names:
            versions = (subjects[old].host.version, subjects[new].host.version)
            return Row(change, *versions, case.id, _seen(results[old], names), _seen(results[new], names))
    return None


def _begins(change: Change, case: Case, result: Result) -> bool:
    return result.judgement.block is not None and case.expect[result.judgement.block].change == change.id


def _distance(old: Version, new: Version) -> tuple[int, int, int]:
    """How far apart two versions are: in lines; by how late the old one and how early the new one is in its line."""
    lines = (new.major - old.major) * 100 + new.minor - old.minor
    return lines, -old.micro, new.micro


def _differing(case: Case, one: Result, other: Result) -> set[str]:
    """The names of the fields, of those that are compared, in which two results differ."""
    assert one.observation is not None and other.observation is not None
    before = compared(case, one.judgement, one.observation)
    after = compared(case, other.judgement, other.observation)
    return {name for name in before.keys() | after.keys() if before.get(name, MISSING) != after.get(name, MISSING)}


def _seen(result: Result, names: set[str]) -> dict[str, Any]:
    assert result.observation is not None
    return {name: value for name, value in flatten(result.observation) if name in names}


def _rank(row: Row, corpus: Corpus) -> tuple[bool, int, int, str]:
    """Small for the row that tells most: of a clause that the change is about, and with few fields."""
    about = set(row.change.clauses) & set(corpus.cases[row.case].cited)
    size = sum(len(str(value)) for value in (*row.before.values(), *row.after.values()))
    return not about, len(row.before.keys() | row.after.keys()), size, row.case
