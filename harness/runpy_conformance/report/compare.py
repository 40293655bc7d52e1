"""Two runs compared: what regressed, was fixed, changed, is new or was removed. A pure function."""

from typing import Literal

from msgspec import Struct

from runpy_conformance.model.result import GOOD, Result
from runpy_conformance.results import Results

Kind = Literal["regressed", "fixed", "changed", "new", "removed"]
KINDS: tuple[Kind, ...] = ("regressed", "fixed", "changed", "new", "removed")


class Move(Struct, frozen=True):
    """A case on a subject whose result is not what it was."""

    kind: Kind
    case: str
    subject: str
    before: Result | None
    after: Result | None


def compare(before: Results, after: Results) -> tuple[Move, ...]:
    """How *after* is not as *before* was: regressions first, then by case and subject.

    ``regressed``: was good and is not. ``fixed``: the other way. ``changed``: neither, and the verdict or what was
    observed is another. ``new`` and ``removed``: in one of the two only.
    """
    old = {(one.case, one.subject): one for one in before.results}
    new = {(one.case, one.subject): one for one in after.results}
    moves = []
    for place in old.keys() | new.keys():
        kind = _kind(old.get(place), new.get(place))
        if kind is not None:
            moves.append(Move(kind, *place, old.get(place), new.get(place)))
    return tuple(sorted(moves, key=lambda move: (KINDS.index(move.kind), move.case, move.subject)))


def _kind(before: Result | None, after: Result | None) -> Kind | None:
    if before is None:
        return "new"
    if after is None:
        return "removed"
    was, is_now = before.judgement.verdict in GOOD, after.judgement.verdict in GOOD
    if was and after.judgement.verdict in ("fail", "error"):
        return "regressed"
    if is_now and before.judgement.verdict in ("fail", "error"):
        return "fixed"
    if before.judgement.verdict != after.judgement.verdict or before.observation != after.observation:
        return "changed"
    return None
