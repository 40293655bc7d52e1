"""Differences: which subjects behave alike in a case, and why the others do not. Pure functions."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from msgspec import Struct, json

from runpy_conformance.matching import MISSING, accepts_many, matches
from runpy_conformance.model.case import Case, Expect
from runpy_conformance.model.observation import Observation, flatten
from runpy_conformance.model.result import Judgement, Result, Verdict

SPOKEN_OF = ("stderr", "error.message")
"""Fields that are compared only if the case expects something of them: they are full of other things' texts."""


class Explanation(Struct, frozen=True, order=True):
    """Why two subjects may differ."""

    kind: str
    """``change``, ``disagreement`` or ``baseline``."""
    text: str
    """The change, the disagreement, or the reason that the baseline gives."""

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"


class Behaviour(Struct, frozen=True):
    """Subjects that behave alike in a case, and with the same verdict."""

    subjects: tuple[str, ...]
    judgement: Judgement
    fields: dict[str, Any]
    """What was seen, as far as it is compared. A value that differs and is accepted by the case is its matcher."""
    known: str | None = None


class Difference(Struct, frozen=True):
    """A case in which not all subjects behave alike."""

    case: str
    behaviours: tuple[Behaviour, ...]
    """Most subjects first."""
    fields: tuple[str, ...]
    """The names of the fields in which they differ."""
    explanations: tuple[Explanation, ...]
    unexplained: tuple[tuple[str, str], ...]
    """Pairs of subjects, one from each of two behaviours, whose difference nothing explains."""


def compared(case: Case, judgement: Judgement, observation: Observation) -> dict[str, Any]:
    """The fields of *observation* that count when two are compared.

    A field that the block for this subject accepts by a matcher counts as that matcher, since the case says that
    values may vary there. Values of `SPOKEN_OF` count only if some block names them.
    """
    spoken = {name for block in (*case.expect, case.documented) if block is not None for name, _ in flatten(block)}
    fields = {name: value for name, value in flatten(observation) if name not in SPOKEN_OF or name in spoken}
    if judgement.block is not None:
        for name, expected in flatten(case.expect[judgement.block]):
            if accepts_many(expected) and matches(expected, fields.get(name, MISSING)):
                fields[name] = expected
    return fields


def behaviours(case: Case, results: Iterable[Result]) -> tuple[Behaviour, ...]:
    """The *results* of *case* on several subjects, those that are alike together, most subjects first."""
    alike: dict[tuple[bytes, Verdict, str | None], list[Result]] = {}
    for result in results:
        if result.observation is not None:
            fields = compared(case, result.judgement, result.observation)
            key = json.encode(fields, order="sorted"), result.judgement.verdict, result.known
            alike.setdefault(key, []).append(result)
    return tuple(
        sorted(
            (
                Behaviour(tuple(one.subject for one in group), group[0].judgement, json.decode(fields), known)
                for (fields, _, known), group in alike.items()
            ),
            key=lambda behaviour: -len(behaviour.subjects),
        )
    )


def explain(case: Case, one: Behaviour, other: Behaviour, disagreements: Sequence[str]) -> tuple[Explanation, ...]:
    """Why *one* and *other* may differ; empty if nothing explains it.

    They may if both are as expected and the blocks they meet are told apart by a change, if one is what the
    documentation says where it disagrees with CPython (*disagreements* are those of the case's clauses), or if one
    is a known failure.
    """
    known = [behaviour.known for behaviour in (one, other) if behaviour.known is not None]
    if known:
        return tuple(Explanation("baseline", reason) for reason in known)
    verdicts = {one.judgement.verdict, other.judgement.verdict}
    if verdicts == {"pass", "documented"}:
        return tuple(Explanation("disagreement", name) for name in disagreements)
    if verdicts == {"pass"} and one.judgement.block != other.judgement.block:
        blocks: list[Expect] = [case.expect[b.judgement.block] for b in (one, other) if b.judgement.block is not None]
        return tuple(sorted({Explanation("change", block.change) for block in blocks if block.change is not None}))
    return ()


def differing(found: Sequence[Behaviour]) -> tuple[str, ...]:
    """The names of the fields that are not equal in all of *found*."""
    names = sorted({name for behaviour in found for name in behaviour.fields})
    return tuple(
        name for name in names if any(b.fields.get(name, MISSING) != found[0].fields.get(name, MISSING) for b in found)
    )


def difference(case: Case, results: Iterable[Result], disagreements: Sequence[str] = ()) -> Difference | None:
    """How the subjects of *results*, all of *case*, differ; None if they do not."""
    found = behaviours(case, results)
    if not differing(found):
        return None
    explanations: set[Explanation] = set()
    unexplained = []
    for one, other in combinations(found, 2):
        if one.fields == other.fields:
            continue
        reasons = explain(case, one, other, disagreements)
        explanations.update(reasons)
        if not reasons:
            unexplained.append((one.subjects[0], other.subjects[0]))
    return Difference(case.id, found, differing(found), tuple(sorted(explanations)), tuple(unexplained))
