"""The time that the reference implementation takes, beside that of the standard runpy on the same interpreter."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

from msgspec import Struct

from runpy_conformance.execution.worker import NoAnswer, ask
from runpy_conformance.model.subject import Subject

SCRIPT = Path(__file__).with_name("bench_rounds.py")
GOAL = 1.2
"""What the ratio of a call is to be at most. A program's start has no goal: the reference is one more import."""
START = "start by -m"
"""The benchmark that is no call."""
LEAST_ROUNDS = 2
"""With fewer there are no quartiles."""


class Benchmark(Struct, frozen=True):
    """What one kind of run takes. The ratios, of the reference to the standard, are those of single rounds."""

    name: str
    standard: float
    """Seconds of a run, the median of the rounds."""
    reference: float
    ratio: float
    """The median of the ratios."""
    quartiles: tuple[float, float]
    """The first and the third."""
    goal: float | None

    @property
    def above_goal(self) -> bool:
        """Whether there is a goal that the ratio exceeds."""
        return self.goal is not None and self.ratio > self.goal


class Measurement(Struct, frozen=True):
    """What was measured on a subject."""

    subject: str
    rounds: int
    benchmarks: tuple[Benchmark, ...]
    problem: str | None = None
    """Why there are no benchmarks."""


def run_bench(subject: Subject, rounds: int) -> Measurement:
    """Measures *subject*, the reference on some host, in a process of its own. *rounds* is at least `LEAST_ROUNDS`."""
    [folder] = subject.pythonpath
    words = [subject.host.path, str(SCRIPT), folder, str(rounds)]
    try:
        taken = ask(words, seconds=60.0 + 5.0 * rounds)
    except NoAnswer as problem:
        return Measurement(subject.id, rounds, (), str(problem))
    return Measurement(subject.id, rounds, tuple(benchmark(name, one) for name, one in taken.items()))


def benchmark(name: str, taken: Mapping[str, Sequence[float]]) -> Benchmark:
    """The benchmark *name* from what the runs of each implementation took, by round."""
    standard, reference = taken["standard"], taken["reference"]
    ratios = [ours / theirs for ours, theirs in zip(reference, standard, strict=True)]
    first, ratio, third = quantiles(ratios, n=4, method="inclusive")
    goal = None if name == START else GOAL
    return Benchmark(name, median(standard), median(reference), ratio, (first, third), goal)
