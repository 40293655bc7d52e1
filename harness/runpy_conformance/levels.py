"""Levels: of clauses and cases, and which of them decide. Pure functions."""

from typing import Literal

from runpy_conformance.corpus import Corpus
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import LEVELS, Level
from runpy_conformance.model.subject import Subject

Gate = Literal["must", "should", "detail"]
"""The weakest level whose failures decide about success."""


def level(corpus: Corpus, case: Case) -> Level:
    """The level of *case*: that of the weakest clause that it rests on.

    A case that rests on a ``must`` and a ``detail`` fails for either, so its failure proves a broken ``detail`` only.
    """
    cited = [corpus.clauses[name].level for name in case.cited if name in corpus.clauses]
    return max(cited, key=LEVELS.index, default=LEVELS[-1])


def own_gate(subject: Subject) -> Gate:
    """The gate where none is asked for: everything counts for CPython and the reference, a ``must`` for all others."""
    is_ours = subject.manifest is None and not subject.own_folders and subject.host.implementation == "cpython"
    return "detail" if is_ours else "must"


def decides(of: Level, gate: Gate) -> bool:
    """Whether a failure of a case of that level counts at *gate*."""
    return LEVELS.index(of) <= LEVELS.index(gate)
