"""CPython's own tests of runpy, run from the interpreter's installation on the reference implementation."""

from collections import Counter
from pathlib import Path
from typing import Literal

from msgspec import Struct

from runpy_conformance.execution.worker import NoAnswer, ask
from runpy_conformance.model.subject import Subject

MODULES = ("test_runpy", "test_cmd_line_script")
SCRIPT = Path(__file__).with_name("upstream_tests.py")

Outcome = Literal["passed", "failed", "not applicable"]
OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "not applicable")


class Outcomes(Struct, frozen=True):
    """What a test module gave on a subject."""

    subject: str
    module: str
    tests: dict[str, tuple[Outcome, str]]
    """By id of the test: its outcome, and a remark."""
    problem: str | None = None
    """Why there are no outcomes."""

    def counts(self) -> dict[Outcome, int]:
        """How many tests had each outcome."""
        counted = Counter(outcome for outcome, _ in self.tests.values())
        return {outcome: counted[outcome] for outcome in OUTCOMES}


def run_upstream(subject: Subject, module: str, seconds: float = 300.0) -> Outcomes:
    """Runs CPython's test *module* on *subject*, the reference on some host, in a process of its own."""
    [folder] = subject.pythonpath
    try:
        return Outcomes(subject.id, module, ask([subject.host.path, str(SCRIPT), folder, module], seconds))
    except NoAnswer as problem:
        return Outcomes(subject.id, module, {}, str(problem))
