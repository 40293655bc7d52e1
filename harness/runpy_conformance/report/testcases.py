"""Results as other tools know them: tests that passed, failed, could not be run, or were skipped. Pure functions."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from runpy_conformance.corpus import Corpus
from runpy_conformance.levels import level
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import Level
from runpy_conformance.model.result import GOOD, Result
from runpy_conformance.model.subject import Subject
from runpy_conformance.report.failure import failure_text
from runpy_conformance.results import Results

Status = Literal["passed", "failed", "error", "skipped"]

_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, or readers do not show."""


class TestCase(Struct, frozen=True):
    """A case on a subject. Texts hold printable characters only."""

    case: Case
    subject: Subject
    result: Result
    level: Level
    status: Status
    message: str = ""
    """On one line, why it did not pass."""
    text: str = ""
    """All that a person needs to see of a failure."""

    @property
    def name(self) -> str:
        """Unique in a record."""
        return f"{self.case.id} [{self.subject.id}]"

    @property
    def file(self) -> str:
        """Where the case lies below the corpus."""
        return f"cases/{self.case.area}/{Path(self.case.file).name}"


def testcases(results: Results, corpus: Corpus) -> tuple[TestCase, ...]:
    """The *results* of cases that *corpus* has: subjects in the order of the header, cases by id."""
    subjects = results.subjects
    made = [
        _testcase(corpus.cases[name], subjects[one.subject], one, corpus)
        for name, group in results.by_case().items()
        if name in corpus.cases
        for one in group
    ]
    order = list(subjects)
    return tuple(sorted(made, key=lambda one: order.index(one.subject.id)))


def printable(text: str) -> str:
    """*text* with each character that is not printable written as in a literal of Python, such as ``\\x1b``."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def subjects_text(names: Sequence[str]) -> str:
    """*names* in a line of bounded length."""
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"


def _testcase(case: Case, subject: Subject, result: Result, corpus: Corpus) -> TestCase:
    status, message = _status(result)
    text = printable(failure_text(case, subject, result)) if status in ("failed", "error") else ""
    return TestCase(case, subject, result, level(corpus, case), status, printable(message), text)


def _status(result: Result) -> tuple[Status, str]:
    judgement = result.judgement
    if judgement.verdict in GOOD:
        return "passed", ""
    if result.known is not None:
        return "skipped", f"known failure: {result.known}"
    if judgement.verdict in ("unsupported", "not-applicable"):
        return "skipped", f"{judgement.verdict}: {judgement.reason}"
    wrong = [f"{one.field}: expected {one.expected}, observed {one.actual}" for one in judgement.mismatches]
    return "error" if judgement.verdict == "error" else "failed", judgement.reason or "; ".join(wrong)
