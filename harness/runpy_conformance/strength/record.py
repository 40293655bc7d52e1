"""The record of trials, on disk: JSON Lines, written as they come."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from runpy_conformance.model.strength import End, Round, StrengthLine, Trial
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


def read(paths: Sequence[Path]) -> Record:
    """The records at *paths*, as one. Of two trials of one mutant before one judge, the later counts.

    A last line that was cut off in writing is left out. Raises `BadResults` if one is no record of trials.
    """
    rounds: dict[tuple[str, str, tuple[str, ...]], Round] = {}
    trials: dict[tuple[str, str, str, str], Trial] = {}
    ends: dict[tuple[str, str, tuple[str, ...]], End] = {}
    for path in paths:
        for line in _lines(path):
            if isinstance(line, Round):
                rounds[line.target, line.host, line.judges] = line
            elif isinstance(line, End):
                ends[line.target, line.host, line.judges] = line
            else:
                trials[line.target, line.host, line.judge, line.mutant.key] = line
    if not rounds:
        raise BadResults(f"{', '.join(map(str, paths))}: no record of mutants: there is no round in it")
    return Record(tuple(rounds.values()), tuple(trials.values()), tuple(ends.values()))


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
