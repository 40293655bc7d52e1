"""How much of the specification the cases show. Pure functions."""

from msgspec import Struct

from runpy_conformance.corpus import Corpus
from runpy_conformance.model.clause import LEVELS, Clause, Level


class Covered(Struct, frozen=True):
    """A clause and its cases."""

    clause: Clause
    area: str
    shown: tuple[str, ...]
    """Ids of the cases that show it holding."""
    against: tuple[str, ...]
    """Ids of the cases at its edge, or of what must not happen."""

    @property
    def gap(self) -> str | None:
        """What is missing: every clause needs a case, every `must` one of each kind. None if nothing is."""
        if self.clause.exempt is not None:
            return None
        if not self.shown and not self.against:
            return "no case names it"
        if self.clause.level == "must" and not self.shown:
            return "no case shows it holding"
        if self.clause.level == "must" and not self.against:
            return "no case is against it: at its edge, or of what must not happen"
        return None


class Count(Struct, frozen=True):
    """Clauses counted."""

    clauses: int
    exempt: int
    covered: int
    """Without a gap, the exempt ones left out."""

    def __add__(self, other: "Count") -> "Count":
        return Count(self.clauses + other.clauses, self.exempt + other.exempt, self.covered + other.covered)


NONE = Count(0, 0, 0)


def coverage(corpus: Corpus) -> tuple[Covered, ...]:
    """Every clause of *corpus* with its cases, in the order of the specification."""
    shown: dict[str, list[str]] = {}
    against: dict[str, list[str]] = {}
    for case in corpus.cases.values():
        for name in case.clauses:
            shown.setdefault(name, []).append(case.id)
        for name in case.against:
            against.setdefault(name, []).append(case.id)
    return tuple(
        Covered(clause, area.area, tuple(shown.get(clause.id, ())), tuple(against.get(clause.id, ())))
        for area in corpus.areas.values()
        for clause in area.clause
    )


def by_level(counted: dict[tuple[str, Level], Count]) -> dict[Level, Count]:
    """The counts by area and level, as `counts` gives them, added up over the areas."""
    return {level: sum((count for (_, one), count in counted.items() if one == level), start=NONE) for level in LEVELS}


def as_data(one: Covered) -> dict[str, object]:
    """What *one* says, as JSON data."""
    return {
        "clause": one.clause.id,
        "area": one.area,
        "level": one.clause.level,
        "for": one.shown,
        "against": one.against,
        "exempt": one.clause.exempt,
        "gap": one.gap,
    }


def counts(covered: tuple[Covered, ...]) -> dict[tuple[str, Level], Count]:
    """The counts by area and level."""
    table: dict[tuple[str, Level], Count] = {}
    for one in covered:
        exempt = one.clause.exempt is not None
        place = one.area, one.clause.level
        table[place] = table.get(place, NONE) + Count(1, exempt, not exempt and one.gap is None)
    return table
