"""What rejects mutants: the cases of this project, and CPython's own tests."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.execution.batch import result
from runpy_conformance.execution.executor import Executor
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.execution.unittests import first_failure
from runpy_conformance.execution.worker import TimedOut
from runpy_conformance.model.case import Case
from runpy_conformance.model.strength import CORPUS, Fate, Mutant
from runpy_conformance.model.subject import Subject
from runpy_conformance.strength.reach import CLAUSE, Reached
from runpy_conformance.strength.record import witness

PATIENCE = 10.0
"""How many times as long as on the sound implementation a case, or a test module, may take."""
LEAST = 3.0
"""The seconds that it may take in any case."""


class Judgement(Struct, frozen=True):
    """What becomes of a mutant."""

    fate: Fate
    by: tuple[str, ...] = ()
    """The cases, or the test, that rejected it; why it is broken."""
    areas: dict[str, int] = {}
    """By area: how many of its cases execute the changed line."""
    witness: str = ""
    """Digest of the first case of `by`."""
    exhaustive: bool = False
    """Whether every case was run that executes the changed line."""


class Judge(Protocol):
    """What rejects mutants."""

    name: str

    def __call__(self, mutant: Mutant, subject: Subject) -> Judgement:
        """What becomes of *mutant*, which is in place in *subject*."""


class Cases:
    """The cases of this project that execute the changed line, likeliest to reject first.

    A rejection counts only if the case passes on the sound implementation in the same round.
    """

    name = CORPUS

    def __init__(
        self,
        sound: Subject,
        cases: Mapping[str, Case],
        reached: Reached,
        clauses: Mapping[tuple[str, str], frozenset[str]] = {},
    ) -> None:
        """*clauses* are those that a function, of a file, says that it carries out."""
        self.sound = sound
        self.cases = cases
        self.reached = reached
        self.clauses = clauses
        self._passes: dict[str, bool] = {}
        self._kills: defaultdict[object, Counter[str]] = defaultdict(Counter)
        self._lock = threading.Lock()

    def __call__(self, mutant: Mutant, subject: Subject) -> Judgement:
        """What becomes of *mutant*, up to the first case that rejects it."""
        return self.judged(mutant, subject, enough=1)

    def judged(self, mutant: Mutant, subject: Subject, enough: int | None) -> Judgement:
        """What becomes of *mutant*, until *enough* cases have rejected it; None: all are run."""
        cases = self.reached.cases(mutant)
        by: list[str] = []
        endless = False
        with Executor(subject) as executor:
            for case in self._order(mutant, cases):
                executor.limits = Limits(seconds=max(LEAST, PATIENCE * self.reached.seconds[case]))
                seen = result(self.cases[case], executor)
                if seen.judgement.verdict == "fail" and seen.known is None and self._passes_soundly(case):
                    endless = endless or (seen.observation is not None and seen.observation.outcome == "timed-out")
                    by.append(case)
                    self._count(mutant, case)
                    if len(by) == enough:
                        break
        fate: Fate = "survived" if not by else "timed-out" if endless else "killed"
        areas = Counter(self.cases[case].area for case in cases)
        return Judgement(fate, tuple(by), dict(areas), witness(self.cases[by[0]]) if by else "")

    def _order(self, mutant: Mutant, cases: Sequence[str]) -> list[str]:
        """*cases*, the likeliest to reject *mutant* first.

        Those come first that rejected most mutants of the same line, then of the same function, those that are about
        what the line, or the function, says that it carries out, those that rejected any, and the quickest.
        """
        seconds = self.reached.seconds
        clauses = self.clauses.get((mutant.file, mutant.scope), frozenset()).union(CLAUSE.findall(mutant.diff))
        about = {one: len(clauses.intersection(self.cases[one].cited)) for one in cases}
        with self._lock:
            line, scope, anywhere = (self._kills[place] for place in _places(mutant))
            return sorted(cases, key=lambda one: (-line[one], -scope[one], -about[one], -anywhere[one], seconds[one]))

    def _count(self, mutant: Mutant, case: str) -> None:
        with self._lock:
            for place in _places(mutant):
                self._kills[place][case] += 1

    def _passes_soundly(self, case: str) -> bool:
        if case not in self._passes:
            with Executor(self.sound) as executor:
                self._passes[case] = result(self.cases[case], executor).acceptable
        return self._passes[case]


def _places(mutant: Mutant) -> tuple[object, ...]:
    """Where *mutant* is: its line, its function, anywhere."""
    return (mutant.file, mutant.line), (mutant.file, mutant.scope), None


class AllCases(Cases):
    """All cases of this project that execute the changed line, also behind the first that rejects a mutant."""

    def __call__(self, mutant: Mutant, subject: Subject) -> Judgement:
        """What becomes of *mutant*, with every case that rejects it."""
        return replace(self.judged(mutant, subject, enough=None), exhaustive=True)


class UnitTests:
    """A test module of CPython, from the host's installation; tests that the sound implementation fails do not count.

    Raises `NoTests` if the host does not have them.
    """

    def __init__(self, name: str, sound: Subject) -> None:
        self.name = name
        begin = time.perf_counter()
        self._failing: list[str] = []
        while (failing := first_failure(sound, name, self._failing, 600.0)) is not None:
            self._failing.append(failing)
        self._seconds = max(LEAST, PATIENCE * (time.perf_counter() - begin))

    def __call__(self, mutant: Mutant, subject: Subject) -> Judgement:
        """What becomes of *mutant*, up to the first test that fails."""
        try:
            failing = first_failure(subject, self.name, self._failing, self._seconds)
        except TimedOut:
            return Judgement("timed-out")
        return Judgement("survived") if failing is None else Judgement("killed", (failing,))
