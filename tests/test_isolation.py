"""Calls in forks of a warm process and calls in fresh processes are observed alike, over the whole corpus."""

import pytest
from runpy_conformance.corpus import Corpus, default_root, require
from runpy_conformance.execution.executor import Executor
from runpy_conformance.judge import excluded
from runpy_conformance.model.subject import Interpreter, Subject

AREAS = sorted({case.area for case in require(default_root()).cases.values() if case.run.call})


@pytest.mark.parametrize("area", AREAS)
def test_forked_and_fresh_calls_are_observed_alike(area: str, corpus: Corpus, pythons: tuple[Interpreter, ...]) -> None:
    for host in (pythons[0], pythons[-1]):
        subject = Subject(host.name, "interpreter", host, "python:x")
        with Executor(subject, "fork") as forking, Executor(subject, "fresh") as fresh:
            for case in corpus.cases.values():
                if case.area == area and case.run.call and excluded(case, subject) is None:
                    assert forking.run(case).observation == fresh.run(case).observation, (case.id, host.name)
