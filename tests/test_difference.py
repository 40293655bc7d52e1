"""Differences and their explanations."""

from collections.abc import Sequence
from typing import Any

import msgspec
from conftest import MakeCase, result
from hypothesis import given
from hypothesis import strategies as st
from runpy_conformance.difference import Explanation, behaviours, difference
from runpy_conformance.model.case import Case
from runpy_conformance.model.result import Judgement, Result

BLOCKS = [
    {"when": "python_version < '3'", "outcome": "raised"},
    {"when": "python_version >= '3'", "change": "later", "outcome": "returned"},
]


def test_equal_observations_are_no_difference(make_case: MakeCase) -> None:
    assert difference(make_case(), [result(of="a"), result(of="b")]) is None


def test_a_difference_between_blocks_is_explained_by_the_change(make_case: MakeCase) -> None:
    found = difference(
        make_case(expect=BLOCKS),
        [result(of="old", outcome="raised", block=0), result(of="new", block=1), result(of="newer", block=1)],
    )
    assert found is not None
    assert [one.subjects for one in found.behaviours] == [("new", "newer"), ("old",)]
    assert found.fields == ("outcome",)
    assert found.explanations == (Explanation("change", "later"),)
    assert found.unexplained == ()


def test_a_difference_within_a_block_is_unexplained(make_case: MakeCase) -> None:
    found = difference(make_case(), [result(of="a", stdout="1"), result(of="b", stdout="2")])
    assert found is not None
    assert found.fields == ("stdout",)
    assert found.unexplained == (("a", "b"),)


def test_a_failure_is_not_explained_by_a_change(make_case: MakeCase) -> None:
    found = difference(
        make_case(expect=BLOCKS),
        [result(of="old", outcome="exited", verdict="fail", block=0), result(of="new", block=1)],
    )
    assert found is not None and found.unexplained


def test_a_value_that_the_case_lets_vary_is_no_difference(make_case: MakeCase) -> None:
    case = make_case(expect=[{"stdout": {"matches": "^[0-9]+$"}}])
    assert difference(case, [result(of="a", stdout="1"), result(of="b", stdout="2")]) is None
    assert difference(case, [result(of="a", stdout="1"), result(of="b", stdout="x", verdict="fail")]) is not None


def test_standard_error_counts_only_where_the_case_speaks_of_it(make_case: MakeCase) -> None:
    pair = [result(of="a", stderr="one"), result(of="b", stderr="two")]
    assert difference(make_case(), pair) is None
    assert difference(make_case(expect=[{"stderr": "one"}]), pair) is not None


def test_a_disagreement_explains_who_does_as_documented(make_case: MakeCase) -> None:
    case = make_case(expect=[{"stdout": "1"}], documented={"stdout": "2"})
    found = difference(case, [result(of="a", stdout="1"), result(of="b", stdout="2", verdict="documented")], ["D-01"])
    assert found is not None
    assert found.explanations == (Explanation("disagreement", "D-01"),)
    assert not found.unexplained


def test_a_baseline_explains_its_known_failure(make_case: MakeCase) -> None:
    known = Result(**{**_fields(result(of="b", stdout="2", verdict="fail")), "known": "cannot be met"})
    found = difference(make_case(), [result(of="a", stdout="1"), known])
    assert found is not None
    assert found.explanations == (Explanation("baseline", "cannot be met"),)


def _fields(one: Result) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def test_who_was_not_observed_does_not_differ(make_case: MakeCase) -> None:
    unseen = Result("a-case", "b", Judgement("unsupported", reason="no"), 0.0)
    assert difference(make_case(), [result(of="a"), unseen]) is None


SEEN = st.fixed_dictionaries(
    {"stdout": st.sampled_from(["1", "2"]), "outcome": st.sampled_from(["returned", "raised"])},
    optional={"globals": st.dictionaries(st.sampled_from("ab"), st.integers(0, 1) | st.none())},
)


@given(st.lists(SEEN, min_size=2, max_size=5), st.randoms())
def test_a_difference_does_not_depend_on_the_order(seen: Sequence[dict[str, Any]], random: Any) -> None:
    case = _plain_case()
    results = [result(of=f"s{index}", **fields) for index, fields in enumerate(seen)]
    shuffled = list(results)
    random.shuffle(shuffled)
    one, other = difference(case, results), difference(case, shuffled)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.fields == other.fields
        assert {frozenset(b.subjects) for b in one.behaviours} == {frozenset(b.subjects) for b in other.behaviours}
        assert bool(one.unexplained) == bool(other.unexplained)


@given(SEEN, SEEN)
def test_two_differ_exactly_if_what_is_compared_is_unequal(one: dict[str, Any], other: dict[str, Any]) -> None:
    results = [result(of="a", **one), result(of="b", **other)]
    equal = {"globals": {}, **one} == {"globals": {}, **other}
    assert (difference(_plain_case(), results) is None) == equal
    assert len(behaviours(_plain_case(), results)) == (1 if equal else 2)


def _plain_case() -> Case:
    document = {"id": "a-case", "title": "t", "clauses": [], "run": {"call": "run_module"}, "area": "a", "file": "f"}
    return msgspec.convert({**document, "expect": [{"status": {"absent": True}}]}, Case)
