"""The record of trials, on disk: JSON Lines, written as they come."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.corpus import Corpus
from runpy_conformance.model.case import Case
from runpy_conformance.model.strength import CORPUS, DETECTED, End, Round, StrengthLine, Trial
from runpy_conformance.results import BadResults

_DECODER = msgspec.json.Decoder(StrengthLine)


class Record(Struct, frozen=True):
    """What some rounds gave."""

    rounds: tuple[Round, ...]
    trials: tuple[Trial, ...]
    ends: tuple[End, ...]

    def end_of(self, one: Round) -> End | None:
        """The end of a round; None if not every mutant of it was judged."""
        own = one.target, one.host, one.judges
        return next((end for end in self.ends if (end.target, end.host, end.judges) == own), None)

    def round_ended(self, one: Round) -> bool:
        """Whether every mutant of a round was judged."""
        return self.end_of(one) is not None


EMPTY = Record((), (), ())


def append(path: Path, line: StrengthLine) -> None:
    """Adds a line to the record at *path*, so that it is there whatever comes next."""
    with path.open("ab") as file:
        file.write(msgspec.json.encode(line) + b"\n")


def witness(case: Case) -> str:
    """A digest of *case*: equal as long as it does and expects the same."""
    return hashlib.sha256(msgspec.json.encode(replace(case, file=""))).hexdigest()[:12]


def holding(record: Record, corpus: Corpus) -> Record:
    """*record* without the rejections whose case is not in *corpus* as it was then."""
    witnesses = {case.id: witness(case) for case in corpus.cases.values()}

    def holds(trial: Trial) -> bool:
        rejected = trial.judge == CORPUS and trial.fate in DETECTED
        return not rejected or witnesses.get(trial.by[0]) == trial.witness

    return replace(record, trials=tuple(filter(holds, record.trials)))


def read(paths: Sequence[Path]) -> Record:
    """The records at *paths*, as one. Of two trials of one mutant before one judge, the later counts.

    A round of another corpus than that before it judges anew what no case rejected. Trials of mutants that the
    implementation has no longer, since it changed between rounds, are left out. A last line that was cut off in
    writing is left out. Raises `BadResults` if one is no record of trials.
    """
    rounds: dict[tuple[str, str, tuple[str, ...]], Round] = {}
    trials: dict[tuple[str, str, str, str], Trial] = {}
    ends: dict[tuple[str, str, tuple[str, ...]], End] = {}
    seconds: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for path in paths:
        for line in _lines(path):
            if isinstance(line, Trial):
                trials[line.target, line.host, line.judge, line.mutant.key] = line
                continue
            place = line.target, line.host, line.judges
            if isinstance(line, End):
                seconds[place] += line.seconds  # type: ignore[assignment]
                ends[place] = replace(line, seconds=seconds[place])
            else:
                if place in rounds and rounds[place].corpus != line.corpus:
                    trials = {key: trial for key, trial in trials.items() if not _unrejected(trial, line)}
                rounds[place] = line
                ends.pop(place, None)
    if not rounds:
        raise BadResults(f"{', '.join(map(str, paths))}: no record of mutants: there is no round in it")
    made = {(one.target, key) for one in rounds.values() for key in one.mutants}
    left = (one for one in trials.values() if (one.target, one.mutant.key) in made)
    return Record(tuple(rounds.values()), tuple(left), tuple(ends.values()))


def _unrejected(trial: Trial, one: Round) -> bool:
    """Whether *trial* is of the same mutants as the round, and no case rejected the mutant."""
    same = (trial.target, trial.host, trial.judge) == (one.target, one.host, CORPUS)
    return same and trial.fate == "survived"


def _lines(path: Path) -> Iterable[StrengthLine]:
    try:
        texts = path.read_bytes().split(b"\n")
    except OSError as problem:
        raise BadResults(f"{path}: {problem.strerror}") from None
    for number, text in enumerate(texts, 1):
        if text.strip():
            try:
                yield _DECODER.decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError) as problem:
                if number < len(texts):
                    raise BadResults(f"{path}:{number}: not a line of trials of mutants: {problem}") from None
