"""What a run comes to: counts, failures, differences. Pure functions from results and corpus."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from runpy_conformance.corpus import Corpus
from runpy_conformance.difference import Difference, difference
from runpy_conformance.history import History, history
from runpy_conformance.judge import fingerprint
from runpy_conformance.levels import Gate, decides, level, own_gate
from runpy_conformance.markers import holds
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import Level
from runpy_conformance.model.result import BAD, GOOD, Result, Timing, Verdict
from runpy_conformance.model.subject import Known, Subject
from runpy_conformance.results import Results


class Cell(Struct, frozen=True):
    """The results of an area, or of all, on a subject."""

    counts: dict[Verdict, int]
    known: int = 0
    """How many of the failures are known."""

    @property
    def good(self) -> int:
        return sum(count for verdict, count in self.counts.items() if verdict in GOOD)

    @property
    def bad(self) -> int:
        """Failures and errors that are not known."""
        return sum(count for verdict, count in self.counts.items() if verdict in BAD) - self.known

    @property
    def left_out(self) -> int:
        """Cases that say nothing of the subject."""
        return sum(self.counts.values()) - self.good - self.bad - self.known


class Stale(Struct, frozen=True):
    """An entry of a baseline that is not as it says."""

    subject: str
    known: Known
    what: str
    """``passes``, ``fails in another way``, ``was not run``, ``does not exist``."""


class Summary(Struct, frozen=True):
    """What a run comes to."""

    subjects: tuple[Subject, ...]
    areas: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    """By area and subject."""
    levels: dict[tuple[str, Level], Cell]
    """By subject and level of the case."""
    totals: dict[str, Cell]
    """By subject."""
    failures: tuple[Result, ...]
    """Those that are not known, worst first: errors, then failures."""
    decisive: tuple[Result, ...]
    """Those of `failures` that the gate does not let pass; errors are always."""
    gates: dict[str, Gate]
    """By subject."""
    differences: tuple[Difference, ...]
    cpython_unexplained: tuple[Difference, ...]
    """Those of `differences` in which two CPythons differ and nothing explains it."""
    stale: tuple[Stale, ...]
    unknown_cases: tuple[str, ...]
    """Cases that have results and are not in the corpus."""
    history: History
    interrupted: bool
    timing: Timing | None

    @property
    def succeeded(self) -> bool:
        """Whether no failure that is not known decides, and no difference between CPythons is unexplained."""
        return not self.decisive and not self.cpython_unexplained and not self.interrupted


def summarise(results: Results, corpus: Corpus, gate: Gate | None = None) -> Summary:
    """What *results* come to, judged by the cases of *corpus*.

    *gate* is the weakest level whose failures decide about success; None: each subject's own.
    """
    subjects = results.subjects
    gates = {name: gate or own_gate(subject) for name, subject in subjects.items()}
    by_case = {name: group for name, group in results.by_case().items() if name in corpus.cases}
    areas = tuple(sorted({corpus.cases[name].area for name in by_case}))
    case_levels = {name: level(corpus, corpus.cases[name]) for name in by_case}
    by_cell: dict[tuple[str, str], list[Result]] = {}
    by_level: dict[tuple[str, Level], list[Result]] = {}
    for name, group in by_case.items():
        for result in group:
            by_cell.setdefault((corpus.cases[name].area, result.subject), []).append(result)
            by_level.setdefault((result.subject, case_levels[name]), []).append(result)
    differences = tuple(
        found
        for name, group in by_case.items()
        if (found := difference(corpus.cases[name], group, disagreements(corpus, corpus.cases[name])))
    )
    failures = [one for group in by_case.values() for one in group if not one.acceptable]
    decisive = [
        one
        for one in failures
        if one.judgement.verdict == "error" or decides(case_levels[one.case], gates[one.subject])
    ]
    return Summary(
        tuple(subjects.values()),
        areas,
        {place: cell(group) for place, group in by_cell.items()},
        {place: cell(group) for place, group in by_level.items()},
        {name: cell(one for one in results.results if one.subject == name) for name in subjects},
        tuple(sorted(failures, key=lambda one: (one.judgement.verdict != "error", one.case))),
        tuple(decisive),
        gates,
        differences,
        tuple(found for found in differences if _between_cpythons(found, corpus, by_case[found.case], subjects)),
        tuple(stale(results, corpus)),
        tuple(sorted({one.case for one in results.results} - corpus.cases.keys())),
        history(corpus, results.results, {name: one for name, one in subjects.items() if is_cpython(one)}),
        results.footer is None,
        results.footer.timing if results.footer is not None else None,
    )


def cell(results: Iterable[Result]) -> Cell:
    """The counts of *results*."""
    listed = list(results)
    return Cell(dict(Counter(one.judgement.verdict for one in listed)), sum(one.known is not None for one in listed))


def disagreements(corpus: Corpus, case: Case) -> list[str]:
    """The disagreements between documentation and behaviour that the clauses of *case* are about."""
    found = (corpus.clauses[name].disagreement for name in case.cited if name in corpus.clauses)
    return [name for name in found if name is not None]


def _between_cpythons(found: Difference, corpus: Corpus, group: Iterable[Result], subjects: dict[str, Subject]) -> bool:
    """Whether CPythons differ in what *found* is about, and nothing explains it."""
    if not found.unexplained:
        return False
    case = corpus.cases[found.case]
    cpythons = [one for one in group if is_cpython(subjects[one.subject])]
    among_them = difference(case, cpythons, disagreements(corpus, case))
    return among_them is not None and bool(among_them.unexplained)


def is_cpython(subject: Subject) -> bool:
    """Whether *subject* is a CPython as it was installed."""
    return subject.spelling.startswith("python:") and subject.host.implementation == "cpython"


def stale(results: Results, corpus: Corpus) -> Iterable[Stale]:
    """The entries of the subjects' baselines that the results do not bear out."""
    seen = {(one.case, one.subject): one for one in results.results}
    for subject in results.subjects.values():
        for known in subject.known:
            if not holds(known.when, subject.environment):
                continue
            result = seen.get((known.case, subject.id))
            if known.case not in corpus.cases:
                yield Stale(subject.id, known, "does not exist")
            elif result is None or result.observation is None:
                yield Stale(subject.id, known, "was not run")
            elif result.judgement.verdict in GOOD:
                yield Stale(subject.id, known, "passes")
            elif result.known is None:
                yield Stale(subject.id, known, f"fails in another way (fingerprint {fingerprint(result.judgement)})")
