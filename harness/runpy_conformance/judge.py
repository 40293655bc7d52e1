"""Verdicts: what an observation is worth against its case. Pure functions."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from runpy_conformance.commands import FEATURES, program_kind
from runpy_conformance.imports import imported
from runpy_conformance.markers import holds
from runpy_conformance.matching import MISSING, matches
from runpy_conformance.model.case import Case, Expect, File
from runpy_conformance.model.observation import Observation, flatten
from runpy_conformance.model.result import Judgement, Mismatch
from runpy_conformance.model.subject import Known, Subject


def needed(case: Case) -> frozenset[str]:
    """The features without which *case* says nothing: those that it names, and those that follow from how it is run."""
    bytecode = {"bytecode"} if holds_bytecode(case.files) else set()
    return frozenset({*case.needs, *_of_run(case), *bytecode})


def _of_run(case: Case) -> Iterator[str]:
    command = case.run.command
    if command is None:
        yield "api"
        return
    yield "command-line"
    if command.options:
        yield "options"
    if "-S" in command.options:
        yield "without-site"
    is_interpreters = command.module is None and command.path is None and command.words is None
    yield "interpreter" if is_interpreters else FEATURES[program_kind(case)]


def holds_bytecode(files: Mapping[str, str | File]) -> bool:
    """Whether one of *files*, or a member of an archive among them, is bytecode."""
    return any(
        isinstance(file, File) and (file.pyc is not None or (file.zip is not None and holds_bytecode(file.zip)))
        for file in files.values()
    )


def excluded(case: Case, subject: Subject) -> Judgement | None:
    """Why *case* is not run on *subject*; None if it is."""
    if not holds(case.when, subject.environment):
        return Judgement("not-applicable", reason=f"the case is for {case.when}")
    lacking = sorted(needed(case) & set(subject.lacks))
    if lacking:
        return Judgement("unsupported", reason=f"{subject.id} has no {', '.join(lacking)}")
    missing = sorted(imported(case) & set(subject.missing_modules)) if subject.missing_modules else []
    if missing:
        return Judgement("unsupported", reason=f"{subject.id} has no module {', '.join(missing)}")
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


def shortened(text: str, longest: int) -> str:
    """*text*, of *longest* characters at most."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


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
