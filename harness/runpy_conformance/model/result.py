"""The record of a run: a header, a result for each case and subject, a footer."""

from typing import Literal

from msgspec import Struct, field

from runpy_conformance.model.observation import Observation
from runpy_conformance.model.subject import Subject

Verdict = Literal["pass", "documented", "observed", "fail", "unsupported", "not-applicable", "error"]
"""``observed`` is the verdict of a differential case: it was run, and there is nothing to judge it by."""

GOOD: frozenset[Verdict] = frozenset({"pass", "documented", "observed"})
BAD: frozenset[Verdict] = frozenset({"fail", "error"})


class Mismatch(Struct, frozen=True, omit_defaults=True):
    """One field that is not as expected. Values are readable text, None where there is no value."""

    field: str
    expected: str
    actual: str | None = None


class Judgement(Struct, frozen=True, omit_defaults=True):
    """What an observation is worth against its case."""

    verdict: Verdict
    block: int | None = None
    """Which ``[[expect]]`` of the case, counted from 0, was for the subject."""
    mismatches: tuple[Mismatch, ...] = ()
    reason: str | None = None
    """Why there is no observation, or why it says nothing."""


class Result(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="result"):
    """One case on one subject."""

    case: str
    subject: str
    judgement: Judgement
    seconds: float
    observation: Observation | None = None
    raw: dict[str, str] = field(default_factory=dict)
    """The standard streams as they were, where normalising changed them."""
    known: str | None = None
    """The reason of the baseline's entry, if this failure is listed there and fails as listed."""

    @property
    def acceptable(self) -> bool:
        """Whether a run with this result can succeed."""
        return self.known is not None or self.judgement.verdict not in BAD


class Header(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="header"):
    """What was run, and where."""

    suite: str
    """Version of runpy-conformance."""
    corpus: str
    """Digest of the specification and the cases."""
    started: str
    """UTC, ISO 8601."""
    platform: str
    isolation: str
    subjects: tuple[Subject, ...]
    cases: int


class Timing(Struct, frozen=True, omit_defaults=True):
    """Where the time of a run went, in seconds added up over all processes."""

    wall: float
    executing: float
    """From the start to the end of each run of a case."""
    runs: int
    starts: int
    """Interpreters started."""
    forks: int
    bare_start: float
    """What that many starts of an interpreter that does nothing take, measured in the same run."""
    bare_fork: float
    """What that many forks of a process that does nothing take, measured in the same run."""


class Footer(Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="footer"):
    """That the run came to its end."""

    finished: str
    results: int
    timing: Timing | None = None


Line = Header | Result | Footer
