"""How much of the specification is shown, and which changes results show."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeCase, result, subject
from runpy_conformance.corpus import Corpus
from runpy_conformance.coverage import Count, as_data, counts, coverage
from runpy_conformance.history import history
from runpy_conformance.lint import lint
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import Change, Clause, ClauseFile, Level, Source


def clause(name: str, level: Level = "must", exempt: str | None = None) -> Clause:
    return Clause(name, level, "A rule.", (Source(doc="library/runpy"),), "2.7", exempt=exempt)


def corpus_of(cases: Sequence[Case], clauses: Sequence[Clause] = (), changes: Sequence[Change] = ()) -> Corpus:
    area = ClauseFile("general", "GEN", "General", tuple(clauses))
    return Corpus(
        Path("/corpus"),
        {"general": area},
        {one.id: one for one in clauses},
        {one.id: one for one in changes},
        {},
        {},
        {},
        {},
        {case.id: case for case in cases},
        "digest",
    )


@pytest.mark.parametrize(
    ("level", "names", "gap"),
    [
        ("must", {}, "no case names it"),
        ("must", {"clauses": ["GEN-01"]}, "no case is against it: at its edge, or of what must not happen"),
        ("must", {"clauses": [], "against": ["GEN-01"]}, "no case shows it holding"),
        ("detail", {}, "no case names it"),
        ("detail", {"clauses": ["GEN-01"]}, None),
        ("should", {"clauses": [], "against": ["GEN-01"]}, None),
    ],
)
def test_gaps(make_case: MakeCase, level: Level, names: dict[str, Any], gap: str | None) -> None:
    case = make_case(**names) if names else make_case(clauses=["GEN-02"])
    corpus = corpus_of([case], [clause("GEN-01", level), clause("GEN-02", exempt="advice")])
    [covered, exempt] = coverage(corpus)
    assert covered.gap == gap
    assert exempt.gap is None
    assert [problem.message for problem in lint(corpus) if problem.key == "GEN-01"] == ([gap] if gap else [])


def test_counts(make_case: MakeCase) -> None:
    cases = make_case(), make_case(id="b-case", clauses=[], against=["GEN-01"])
    clauses = clause("GEN-01"), clause("GEN-02"), clause("GEN-03", exempt="advice"), clause("GEN-04", "detail")
    covered = coverage(corpus_of(cases, clauses))
    assert counts(covered) == {("general", "must"): Count(3, 1, 1), ("general", "detail"): Count(1, 0, 0)}
    assert as_data(covered[0])["for"] == ("a-case",)
    assert as_data(covered[0])["against"] == ("b-case",)
    assert as_data(covered[2])["exempt"] == "advice"


def test_a_clause_is_not_on_both_sides(make_case: MakeCase) -> None:
    problems = lint(corpus_of([make_case(against=["GEN-01"])], [clause("GEN-01")]))
    assert any(problem.key == "against" and "already" in problem.message for problem in problems)


def test_every_must_of_the_project_has_its_pair(corpus: Corpus) -> None:
    assert [(one.clause.id, one.gap) for one in coverage(corpus) if one.gap] == []


# History

LATER = Change("later", "Later", "It was so.", ("3.9.5", "3.10"), ("gh-1",), ("GEN-01",))
BLOCKS = [
    {"outcome": "raised"},
    {"when": "python_full_version >= '3.9.5'", "change": "later", "outcome": "returned"},
]
SUBJECTS = {one.id: one for one in map(subject, ("2.7.18", "3.9.4", "3.9.7", "3.13.0"))}


def test_a_row_is_of_the_two_nearest_versions_that_differ(make_case: MakeCase) -> None:
    case = make_case(expect=BLOCKS)
    results = [
        result(of="cpython-2.7.18", outcome="raised"),
        result(of="cpython-3.9.4", outcome="raised"),
        result(of="cpython-3.9.7", block=1, globals={"x": 1}),
        result(of="cpython-3.13.0", block=1),
    ]
    found = history(corpus_of([case], changes=[LATER]), results, SUBJECTS)
    [row] = found.rows
    assert (row.change, row.last, row.first, row.case) == (LATER, "3.9.4", "3.9.7", "a-case")
    assert row.before == {"outcome": "raised"}
    assert row.after == {"outcome": "returned", "globals.x": 1}
    assert found.unshown == ()


@pytest.mark.parametrize(
    "results",
    [
        [],
        [result(of="cpython-3.9.4"), result(of="cpython-3.9.7", block=1)],
        [result(of="cpython-3.9.4", outcome="raised", verdict="fail"), result(of="cpython-3.9.7", block=1)],
        [result(of="cpython-3.9.4", outcome="raised"), result(of="cpython-3.9.7", block=1, verdict="fail")],
    ],
    ids=["not run", "no difference", "old one fails", "new one fails"],
)
def test_a_change_that_no_results_show(make_case: MakeCase, results: list[Any]) -> None:
    found = history(corpus_of([make_case(expect=BLOCKS)], changes=[LATER]), results, SUBJECTS)
    assert found.unshown == (LATER,)
    assert found.rows == ()


def test_a_change_out_of_reach_and_an_exempt_one() -> None:
    from msgspec.structs import replace

    only_new = {"cpython-3.13.0": SUBJECTS["cpython-3.13.0"]}
    exempt = replace(LATER, id="never", exempt="embedding")
    found = history(corpus_of([], changes=[LATER, exempt]), [], only_new)
    assert found.out_of_reach == (LATER,)
    assert found.exempt == (exempt,)


def test_the_row_that_tells_most_is_chosen(make_case: MakeCase) -> None:
    other = make_case(id="other", expect=BLOCKS, clauses=["GEN-02"])
    wordy = make_case(id="wordy", expect=BLOCKS)
    results = [
        result(name, of, outcome=outcome, block=block, stdout=stdout)
        for name, extra in (("a-case", ""), ("other", ""), ("wordy", "x"))
        for of, outcome, block, stdout in (
            ("cpython-3.9.4", "raised", 0, extra),
            ("cpython-3.9.7", "returned", 1, extra * 2),
        )
    ]
    corpus = corpus_of([wordy, other, make_case(expect=BLOCKS)], changes=[LATER])
    assert [row.case for row in history(corpus, results, SUBJECTS).rows] == ["a-case"]
