"""Verdicts: what an observation is worth against its case. Pure functions."""

import hashlib
import json
from typing import Any

from runpy_conformance.markers import holds
from runpy_conformance.matching import MISSING, matches
from runpy_conformance.model.case import Case, Command, Expect
from runpy_conformance.model.observation import Observation, flatten
from runpy_conformance.model.result import Judgement, Mismatch
from runpy_conformance.model.subject import Known, Subject


def needed(case: Case) -> frozenset[str]:
    """The features without which *case* says nothing."""
    return implied(case.run.command) | set(case.needs)


def implied(command: Command | None) -> frozenset[str]:
    """The features that follow from the way in which a case is run; without a command it is a call."""
    if command is None:
        return frozenset({"api"})
    if command.module is not None or command.path is not None:
        return frozenset({"command-line"})
    return frozenset({"command-line", "spelling" if command.words is not None else "interpreter"})


def excluded(case: Case, subject: Subject) -> Judgement | None:
    """Why *case* is not run on *subject*; None if it is."""
    if not holds(case.when, subject.environment):
        return Judgement("not-applicable", reason=f"the case is for {case.when}")
    lacking = sorted(needed(case) & set(subject.lacks))
    if lacking:
        return Judgement("unsupported", reason=f"{subject.id} has no {', '.join(lacking)}")
    return None


def applicable(case: Case, environment: dict[str, str]) -> list[int]:
    """The indices of the ``[[expect]]`` blocks of *case* that are for an interpreter with this environment.

    A block without marker is for those that no marker names. A sound case gives one index at most.
    """
    named = [
        index for index, block in enumerate(case.expect) if block.when is not None and holds(block.when, environment)
    ]
    return named or [index for index, block in enumerate(case.expect) if block.when is None]


def readable(value: Any) -> str:
    """A value as text for people: JSON, or ``(nothing)``."""
    return repr(value) if value is MISSING else json.dumps(value, ensure_ascii=False, sort_keys=True)


def mismatches(block: Expect, observation: Observation) -> tuple[Mismatch, ...]:
    """The fields of *observation* that are not what *block* asks for."""
    seen = dict(flatten(observation))
    found = [
        Mismatch(name, readable(expected), readable(seen.get(name, MISSING)))
        for name, expected in flatten(block)
        if not matches(expected, seen.get(name, MISSING))
    ]
    if observation.strays:
        found.append(Mismatch("strays", "no files beside the case's folder", ", ".join(observation.strays)))
    return tuple(found)


def judge(case: Case, environment: dict[str, str], observation: Observation) -> Judgement:
    """The verdict on *observation*, made by an interpreter with this PEP 508 environment."""
    if not case.expect:
        return Judgement("observed")
    blocks = applicable(case, environment)
    if not blocks:
        return Judgement("not-applicable", reason="no [[expect]] of the case is for this interpreter")
    [index] = blocks
    wrong = mismatches(case.expect[index], observation)
    if not wrong:
        return Judgement("pass", index)
    if case.documented is not None and not mismatches(case.documented, observation):
        return Judgement("documented", index)
    return Judgement("fail", index, wrong)


def fingerprint(judgement: Judgement) -> str:
    """A short text that is equal for failures of the same fields with the same values."""
    seen = [(wrong.field, wrong.actual) for wrong in judgement.mismatches] or judgement.reason
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:12]


def known_failure(case: Case, subject: Subject, judgement: Judgement) -> Known | None:
    """The baseline's entry for this failure; None if it passes, is not listed, or fails in another way."""
    if judgement.verdict != "fail":
        return None
    for known in subject.known:
        as_listed = known.fingerprint in (None, fingerprint(judgement))
        if known.case == case.id and as_listed and holds(known.when, subject.environment):
            return known
    return None
