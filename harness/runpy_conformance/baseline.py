"""Known failures brought up to date with results. Pure functions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.findings import cause_of
from runpy_conformance.judge import fingerprint, known_failure, shortened
from runpy_conformance.markers import holds
from runpy_conformance.model.case import Case
from runpy_conformance.model.finding import Cause
from runpy_conformance.model.result import Judgement, Result
from runpy_conformance.model.subject import Known, Subject
from runpy_conformance.results import Results

Kind = Literal["added", "changed", "passes", "does not exist", "was not run", "kept"]

_LONGEST = 160
"""Characters of a reason that is what the judgement says."""
_VALUE = 70
"""Characters of what was seen, and of what was expected, in a reason that is made of a mismatch."""


class Remark(Struct, frozen=True):
    """What became of an entry."""

    kind: Kind
    case: str


def updated(
    known: Sequence[Known],
    subjects: Sequence[Subject],
    results: Iterable[Result],
    cases: Iterable[str],
    causes: Sequence[Cause] = (),
) -> tuple[tuple[Known, ...], tuple[Remark, ...]]:
    """The known failures of *subjects*, all of one manifest, as *results* have them, in the order of cases.

    *cases* are the ids of all that there are. A new entry's reason is the title of the first of *causes* that explains
    it, else what was seen. Reasons and links stay. An entry goes only if its case passes or is gone,
    and then a remark says so; one whose case was not run on a host that it is for stays as it is.
    """
    exist = set(cases)
    seen: dict[str, dict[str, Result]] = {}
    names = {subject.id for subject in subjects}
    for result in results:
        if result.subject in names and result.case in exist and result.observation is not None:
            seen.setdefault(result.case, {})[result.subject] = result
    old: dict[str, list[Known]] = {}
    for one in known:
        old.setdefault(one.case, []).append(one)
    entries: list[Known] = []
    remarks: list[Remark] = []
    for case in sorted({*old, *seen}):
        made, remark = _of_case(old.get(case, []), subjects, seen.get(case, {}), case in exist, causes)
        entries += made
        remarks += [Remark(remark, case)] if remark else []
    return tuple(entries), tuple(remarks)


def relabelled(record: Results, entries: Mapping[str, tuple[Known, ...]], cases: Mapping[str, Case]) -> Results:
    """*record* with the known failures *entries*, by subject, in the place of those that it was taken with."""
    subjects = {name: replace(one, known=entries.get(name, one.known)) for name, one in record.subjects.items()}

    def labelled(result: Result) -> Result:
        if result.case not in cases:
            return result
        known = known_failure(cases[result.case], subjects[result.subject], result.judgement)
        return replace(result, known=known.reason if known is not None else None)

    header = replace(record.header, subjects=tuple(subjects.values()))
    return Results(header, tuple(map(labelled, record.results)), record.footer)


def _of_case(
    old: list[Known], subjects: Sequence[Subject], seen: dict[str, Result], exists: bool, causes: Sequence[Cause]
) -> tuple[list[Known], Kind | None]:
    if not exists:
        return [], "does not exist"
    ran = [subject for subject in subjects if subject.id in seen]
    elsewhere = [one for one in old if not any(holds(one.when, subject.environment) for subject in ran)]
    if not ran:
        return old, "was not run" if old else None
    places = [one.when for one in old]
    made = [*elsewhere, *_entries(old, ran, seen, causes)]
    made.sort(key=lambda one: places.index(one.when) if one.when in places else len(places))
    if made == old:
        return old, "kept" if old else None
    if not old:
        return made, "added" if made else None
    return made, "changed" if len(made) > len(elsewhere) else "passes"


def _entries(
    old: list[Known], ran: Sequence[Subject], seen: dict[str, Result], causes: Sequence[Cause]
) -> Iterator[Known]:
    """An entry for each way in which the case fails on those that *ran* it."""
    groups: dict[str, list[Subject]] = {}
    for subject in ran:
        if seen[subject.id].judgement.verdict == "fail":
            groups.setdefault(fingerprint(seen[subject.id].judgement), []).append(subject)
    for digest, failing in groups.items():
        first = seen[failing[0].id]
        before = next((one for one in old if any(holds(one.when, each.environment) for each in failing)), None)
        if before is not None and [one for one in ran if holds(before.when, one.environment)] == failing:
            when = before.when
        else:
            when = None if failing == list(ran) else " or ".join(sorted({_marker(one) for one in failing}))
        cause = cause_of(first, causes)
        if before is not None:
            reason, link = before.reason, before.link
        elif cause is not None:
            reason, link = cause.title, cause.link
        else:
            reason, link = reason_of(first.judgement), None
        yield Known(first.case, reason, when, link, digest)


def _marker(subject: Subject) -> str:
    name = "python_full_version" if subject.host.implementation == "cpython" else "implementation_version"
    return f"{name} == '{subject.environment[name]}'"


def reason_of(judgement: Judgement) -> str:
    """A failure in a line, for those who have not explained it yet."""
    if not judgement.mismatches:
        return shortened(str(judgement.reason), _LONGEST)
    first, *more = judgement.mismatches
    text = f"{first.field} is {shortened(str(first.actual), _VALUE)}, not {shortened(first.expected, _VALUE)}"
    return "; ".join([text, *(f"{one.field}, too" for one in more)])
