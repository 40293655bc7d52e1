"""Values against expected values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runpy_conformance.matching import MISSING, BadMatcher, accepts_many, matches

PLAIN = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@given(PLAIN)
def test_a_plain_value_matches_itself(value: Any) -> None:
    assert matches(value, value)


@given(PLAIN, PLAIN)
def test_plain_values_match_only_equal_ones_of_the_same_type(one: Any, other: Any) -> None:
    assert matches(one, other) == (repr(one) == repr(other) or (one == other and type(one) is type(other) is not list))


@given(PLAIN)
def test_nothing_matches_what_is_missing(value: Any) -> None:
    assert not matches(value, MISSING)
    assert matches({"absent": True}, MISSING)
    assert not matches({"absent": True}, value)


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        (1, True, False),
        (1, 1.0, False),
        ({"matches": "^a.c$"}, "abc", True),
        ({"matches": "b"}, "abc", True),
        ({"matches": "b"}, 5, False),
        ({"contains": "b"}, "abc", True),
        ({"contains": 2}, [1, 2], True),
        ({"contains": 3}, [1, 2], False),
        ({"none": True}, None, True),
        ({"none": True}, MISSING, False),
        ({"none": True}, "None", False),
        ({"absent": False}, 1, True),
        ({"dict": {"a": {"matches": "x"}}}, {"a": "xyz"}, True),
        ({"dict": {"a": 1}}, {"a": 1, "b": 2}, False),
        ({"one-of": ["a", {"matches": "^b"}]}, "bcd", True),
        ({"one-of": ["a"]}, "c", False),
        ({"all-of": [{"contains": "a"}, {"contains": "b"}]}, "ba", True),
        ({"all-of": [{"contains": "a"}, {"contains": "b"}]}, "aa", False),
        ({"not": {"contains": "a"}}, "b", True),
        ({"not": "a"}, "a", False),
        ({"object": "module"}, {"!object": "module"}, True),
        ({"raises": "KeyError"}, {"!raises": "KeyError"}, True),
        ({"bytes": "\xff"}, {"!bytes": "\xff"}, True),
        ([{"matches": "a"}, 1], ["cat", 1], True),
    ],
)
def test_matchers(expected: Any, actual: Any, same: bool) -> None:
    assert matches(expected, actual) is same


@pytest.mark.parametrize("bad", [{}, {"a": 1}, {"matches": "("}, {"matches": 3}, {"none": True, "absent": True}])
def test_a_table_that_is_no_matcher(bad: Any) -> None:
    with pytest.raises(BadMatcher):
        matches(bad, "text")


@pytest.mark.parametrize(
    ("expected", "many"),
    [(1, False), ({"none": True}, False), ({"matches": "x"}, True), ([1, {"contains": "x"}], True), ([1], False)],
)
def test_what_accepts_more_than_one_value(expected: Any, many: bool) -> None:
    assert accepts_many(expected) is many
