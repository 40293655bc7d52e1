"""What trials of mutants come to: pure functions from a record to figures, and their printing."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runpy_conformance.corpus import Corpus
from runpy_conformance.model.strength import CORPUS, DETECTED, Fate, Round, Trial
from runpy_conformance.report.templating import environment
from runpy_conformance.strength.record import Record


class Row(Struct, frozen=True):
    """The mutants of one implementation on one host, or on all hosts together."""

    target: str
    host: str
    made: int
    same: int
    equivalent: int
    fates: dict[Fate, int]
    """Before the cases."""
    seconds: float
    complete: bool
    """Whether the round came to its end."""
    tests: dict[str, int]
    """By CPython's test modules, in the order asked: how many more mutants they reject."""
    tested: int
    """How many mutants they judged; broken ones are not among them."""

    @property
    def not_judged(self) -> int:
        """How many mutants neither the cases nor the list of equivalent ones spoke of."""
        return self.made - self.same - self.equivalent - sum(self.fates.values())

    @property
    def judged(self) -> int:
        """How many mutants the cases judged: neither broken nor equivalent."""
        return sum(number for fate, number in self.fates.items() if fate != "broken")

    @property
    def detected(self) -> int:
        """How many of these they rejected."""
        return sum(number for fate, number in self.fates.items() if fate in DETECTED)

    @property
    def rate(self) -> float:
        """The share that the cases rejected, in percent."""
        return percent(self.detected, self.judged)

    def tests_rate(self, number: int) -> float:
        """The share that the first *number* of CPython's test modules rejected, in percent."""
        return percent(sum(list(self.tests.values())[:number]), self.tested)


class Share(Struct, frozen=True):
    """What the cases of an area, or of a clause, reject."""

    name: str
    first: int
    """How many mutants a case of it was the first to reject."""
    reached: int = 0
    """Of the mutants that all cases were run on: whose line one of its cases executes."""
    killed: int = 0
    """Of these: rejected by one of its cases."""
    alone: int = 0
    """Of these: rejected by its cases only."""


class Strength(Struct, frozen=True):
    """All figures of a record."""

    rows: tuple[Row, ...]
    areas: tuple[Share, ...]
    clauses: tuple[Share, ...]
    alone: dict[str, int]
    """By case: how many mutants it alone rejects. Empty if all cases were not run on any."""
    never_alone: tuple[str, ...]
    """The cases that reject nothing that no other case rejects."""
    survivors: tuple[Trial, ...]
    wrongly_listed: tuple[Trial, ...]
    """Rejected, though they are listed as equivalent."""
    stale: tuple[str, ...]
    """Keys listed as equivalent of an implementation whose mutants were made, none of which has them."""

    @property
    def sound(self) -> bool:
        """Whether every mutant is rejected or listed, and rightly so."""
        return not self.survivors and not self.wrongly_listed


def percent(part: int, whole: int) -> float:
    """*part* of *whole*, in percent, cut off behind the first digit, so that 100 means all; 0 of nothing."""
    return part * 1000 // whole / 10 if whole else 0.0


def measured(record: Record, corpus: Corpus) -> Strength:
    """What *record* comes to."""
    own = [trial for trial in record.trials if trial.judge == CORPUS]
    listed = {(one.target, one.host, key) for one in record.rounds for key in one.equivalent}
    whole = [trial for trial in own if trial.exhaustive]
    alone = Counter(trial.by[0] for trial in whole if trial.fate in DETECTED and len(trial.by) == 1)
    # A mutant of the reference is one on all hosts: it is enough that one of them rejects it.
    rejected = {trial.mutant.key for trial in own if trial.target == "reference" and trial.fate in DETECTED}
    survivors = [trial for trial in own if trial.fate == "survived" and _place(trial) not in listed]
    return Strength(
        tuple(_rows(record)),
        tuple(_by_area(own, whole, corpus)),
        tuple(_by_clause(own, whole, corpus)),
        dict(sorted(alone.items())),
        tuple(case for case in sorted(corpus.cases) if case not in alone) if whole else (),
        tuple(trial for trial in survivors if trial.target != "reference" or trial.mutant.key not in rejected),
        tuple(trial for trial in own if trial.fate in DETECTED and _place(trial) in listed),
        tuple(_stale(record, corpus)),
    )


def _place(trial: Trial) -> tuple[str, str, str]:
    return trial.target, trial.host, trial.mutant.key


def _rows(record: Record) -> Iterable[Row]:
    hosts = {(one.target, one.host) for one in record.rounds}
    for target, host in sorted(hosts, key=lambda one: (one[0] != "runpy", _release(one[1]), one)):
        rounds = [one for one in record.rounds if (one.target, one.host) == (target, host)]
        trials = [one for one in record.trials if (one.target, one.host) == (target, host)]
        yield _row(record, target, host, rounds, trials)
    portable = [one for one in record.rounds if one.target == "reference" and CORPUS in one.judges]
    if len(portable) > 1:
        trials = [one for one in record.trials if one.target == "reference"]
        yield _row(record, "reference", f"all {len(portable)} hosts", portable, trials)


def _release(host: str) -> tuple[int, ...]:
    """The numbers at the end of a host's name, such as ``cpython-3.9.18``."""
    numbers = host.rpartition("-")[2].split(".")
    return tuple(int(number) for number in numbers if number.isdigit())


def _row(record: Record, target: str, host: str, rounds: Sequence[Round], trials: Sequence[Trial]) -> Row:
    ends = [record.end_of(one) for one in rounds if CORPUS in one.judges]
    fates: dict[str, Fate] = {}
    for trial in trials:
        if trial.judge == CORPUS and fates.get(trial.mutant.key) not in DETECTED:
            fates[trial.mutant.key] = trial.fate
    modules = list(dict.fromkeys(judge for one in rounds for judge in one.judges if judge != CORPUS))
    tested = {trial.mutant.key for trial in trials if trial.judge == modules[0]} if modules else set()
    broken = {trial.mutant.key for trial in trials if trial.fate == "broken"}
    rejected = Counter(trial.judge for trial in trials if trial.fate in DETECTED)
    return Row(
        target,
        host,
        rounds[0].made,
        rounds[0].made - len({key for one in rounds for key in one.mutants}),
        len({key for one in rounds for key in one.equivalent} - fates.keys()),
        dict(Counter(fates.values())),
        sum(end.seconds for end in ends if end is not None),
        None not in ends,
        {module: rejected[module] for module in modules},
        len(tested - broken),
    )


def _by_area(own: Sequence[Trial], whole: Sequence[Trial], corpus: Corpus) -> Iterable[Share]:
    area_of = {case.id: {case.area} for case in corpus.cases.values()}
    for share in _shares(sorted(corpus.areas), area_of, own, whole):
        reached = sum(bool(trial.areas.get(share.name)) for trial in whole)
        yield Share(share.name, share.first, reached, share.killed, share.alone)


def _by_clause(own: Sequence[Trial], whole: Sequence[Trial], corpus: Corpus) -> Iterable[Share]:
    clauses_of = {case.id: set(case.cited) for case in corpus.cases.values()}
    for share in _shares(sorted(corpus.clauses), clauses_of, own, whole):
        if share.first or share.killed:
            yield share


def _shares(
    names: Iterable[str], names_of: dict[str, set[str]], own: Sequence[Trial], whole: Sequence[Trial]
) -> Iterable[Share]:
    first: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for trial in own:
        if trial.fate in DETECTED:
            first.update(names_of.get(trial.by[0], ()))
    for trial in whole:
        if trial.fate in DETECTED:
            by = [names_of.get(case, set()) for case in trial.by]
            killed.update(set().union(*by))
            alone.update(set.intersection(*by))
    return [Share(name, first[name], 0, killed[name], alone[name]) for name in names]


def _stale(record: Record, corpus: Corpus) -> Iterable[str]:
    for target in dict.fromkeys(one.target for one in record.rounds):
        made = {key for one in record.rounds if one.target == target for key in one.equivalent}
        made |= {trial.mutant.key for trial in record.trials if trial.target == target}
        for entry in corpus.equivalents.get(target, ()):
            yield from (key for key in entry.keys if key not in made)


def as_markdown(strength: Strength, corpus: Corpus) -> str:
    """The report to publish."""
    template = environment(escape=False).get_template("strength.md.j2")
    return template.render(strength=strength, corpus=corpus)


def show(strength: Strength, console: Console) -> None:
    """Prints the figures, and who survives with the lines that were changed."""
    console.print(_fates(strength))
    if any(row.tests for row in strength.rows):
        console.print()
        console.print(_tests(strength))
    for title, trials in (
        ("survives; it needs a case, or a reason in spec/equivalents", strength.survivors),
        ("is listed as equivalent, but is rejected", strength.wrongly_listed),
    ):
        for trial in trials:
            mutant = trial.mutant
            place = f"{mutant.file}:{mutant.line} {mutant.scope}".rstrip()
            reached = sum(trial.areas.values())
            by = f" by {', '.join(trial.by)}" if trial.by else f"; {reached} cases execute the line"
            console.print(Text(f"\n{mutant.key} {title}{by}", "bold"))
            console.print(Text(f"{trial.host}, {place}, {mutant.operator}"))
            console.print(Text(mutant.diff))


def show_stale(strength: Strength, console: Console) -> None:
    """Prints which keys are listed as equivalent and belong to no mutant, as far as the hosts tried can tell."""
    for key in strength.stale:
        console.print(f"{key} is listed as equivalent, but no mutant has this key on the hosts tried")


def _fates(strength: Strength) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("mutants of", "on"):
        table.add_column(title, no_wrap=True)
    for title in ("made", "same", "equivalent", "not judged", "broken", "killed", "timed out", "survived"):
        table.add_column(title, justify="right")
    for title in ("rejected", "seconds"):
        table.add_column(title, justify="right")
    for row in strength.rows:
        if row.fates:
            fates = [str(row.fates.get(fate, 0)) for fate in ("broken", "killed", "timed-out", "survived")]
            rate = f"{row.rate:.1f} %" + ("" if row.complete else " so far")
            counts = (row.made, row.same, row.equivalent, row.not_judged)
            table.add_row(row.target, row.host, *map(str, counts), *fates, rate, f"{row.seconds:.0f}")
    return table


def _tests(strength: Strength) -> Table:
    modules = list(dict.fromkeys(module for row in strength.rows for module in row.tests))
    table = Table(box=None, pad_edge=False)
    for title in (
        "mutants of",
        "on",
        "judged",
        *(f"{'and ' if index else ''}{one}" for index, one in enumerate(modules)),
    ):
        table.add_column(title, no_wrap=True, justify="left" if title in ("mutants of", "on") else "right")
    for row in strength.rows:
        if row.tests:
            rates = (f"{row.tests_rate(index):.1f} %" for index, _ in enumerate(row.tests, 1))
            table.add_row(row.target, row.host, str(row.tested), *rates)
    return table
