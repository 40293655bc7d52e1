"""Running a few cases on a few subjects, without a runner around it."""

import time
from collections.abc import Iterable, Iterator

from runpy_conformance.execution.executor import Executor
from runpy_conformance.execution.observed import NoObservation
from runpy_conformance.judge import excluded, judge, known_failure
from runpy_conformance.model.case import Case
from runpy_conformance.model.result import Judgement, Result


def result(case: Case, executor: Executor) -> Result:
    """Runs *case* on the subject of *executor* and judges what was seen."""
    subject = executor.subject
    judgement = excluded(case, subject)
    if judgement is not None:
        return Result(case.id, subject.id, judgement, 0.0)
    begin = time.perf_counter()
    try:
        seen = executor.run(case)
    except NoObservation as problem:
        judgement = Judgement("error", reason=str(problem))
        return Result(case.id, subject.id, judgement, time.perf_counter() - begin)
    judgement = judge(case, subject.environment, seen.observation)
    known = known_failure(case, subject, judgement)
    return Result(
        case.id,
        subject.id,
        judgement,
        round(time.perf_counter() - begin, 6),
        seen.observation,
        seen.raw,
        known.reason if known is not None else None,
    )


def results(cases: Iterable[Case], executors: Iterable[Executor]) -> Iterator[Result]:
    """The result of each case on the subject of each executor, which is ended after it."""
    for executor in executors:
        with executor:
            for case in cases:
                yield result(case, executor)
