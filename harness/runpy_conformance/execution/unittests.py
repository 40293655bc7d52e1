"""CPython's own tests of runpy, run up to the first that fails."""

import json
from collections.abc import Sequence
from pathlib import Path

from runpy_conformance.execution.worker import NoAnswer, TimedOut, ask
from runpy_conformance.model.subject import Subject

SCRIPT = Path(__file__).with_name("first_failure.py")


class NoTests(Exception):
    """The tests cannot be run; the text says why."""


def first_failure(subject: Subject, module: str, but: Sequence[str], seconds: float) -> str | None:
    """The id of the first test of CPython's test *module* that fails on *subject*, those of *but* left out.

    None if none fails; if the process ends before it can say so, what it said last. Raises `TimedOut` after *seconds*,
    `NoTests` if *subject* has no such tests.
    """
    try:
        answer = ask([subject.host.path, str(SCRIPT), module, json.dumps(list(but)), *subject.pythonpath], seconds)
    except TimedOut:
        raise
    except NoAnswer as problem:
        return str(problem)
    if "missing" in answer:
        raise NoTests(f"{subject.host.path} has no test.{module}: {answer['missing']}")
    failing: str | None = answer["failing"]
    return failing
