"""What subjects do with cases, as text for whoever writes a case."""

from collections.abc import Iterator, Sequence

from runpy_conformance.difference import behaviours, differing
from runpy_conformance.execution.batch import results
from runpy_conformance.execution.executor import Executor, Isolation
from runpy_conformance.judge import readable
from runpy_conformance.model.case import Case
from runpy_conformance.model.observation import flatten
from runpy_conformance.model.result import Result
from runpy_conformance.model.subject import Subject


def observe(cases: Sequence[Case], subjects: Sequence[Subject], isolation: Isolation) -> Iterator[str]:
    """A text for each of *cases*: the subjects that behave alike, and what they do."""
    by_case: dict[str, list[Result]] = {case.id: [] for case in cases}
    for result in results(cases, [Executor(subject, isolation) for subject in subjects]):
        by_case[result.case].append(result)
    for case in cases:
        yield "\n".join(_lines(case, by_case[case.id]))


def _lines(case: Case, found: Sequence[Result]) -> Iterator[str]:
    yield f"== {case.id}: {case.title}"
    for result in found:
        if result.observation is None:
            yield f"   {result.subject}: {result.judgement.verdict}: {result.judgement.reason}"
    observed = {result.subject: result for result in found if result.observation is not None}
    alike = behaviours(case, found)
    for behaviour in alike:
        one = observed[behaviour.subjects[0]]
        block = "" if behaviour.judgement.block is None else f" (expect[{behaviour.judgement.block}])"
        yield f"-- {', '.join(behaviour.subjects)}"
        yield f"   {behaviour.judgement.verdict}{block}"
        for wrong in behaviour.judgement.mismatches:
            yield f"   {wrong.field}: expected {wrong.expected}, observed {wrong.actual}"
        for name, value in flatten(one.observation):
            if value != "":
                yield f"   {name} = {readable(value)}"
    if len(alike) > 1:
        yield f"   They differ in {', '.join(differing(alike))}."
