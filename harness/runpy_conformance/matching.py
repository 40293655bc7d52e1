"""Whether a value seen is the value expected.

An expected value is compared for equality, unless it is a table with one of the keys below: a matcher. Inside
arrays and ``dict`` matchers, values are expected values again.
"""

import re
from collections.abc import Callable
from typing import Any


class Missing:
    """That there is no value."""

    def __repr__(self) -> str:
        return "(nothing)"


MISSING = Missing()


class BadMatcher(ValueError):
    """A table that is not a matcher, or a matcher of the wrong type."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadMatcher(f"a string is wanted, not {value!r}")
    return value


def _search(pattern: Any, actual: Any) -> bool:
    try:
        return isinstance(actual, str) and re.search(_text(pattern), actual) is not None
    except re.error as problem:
        raise BadMatcher(f"not a regular expression: {problem}") from None


def _contains(part: Any, actual: Any) -> bool:
    if isinstance(actual, str):
        return _text(part) in actual
    return isinstance(actual, list) and any(matches(part, item) for item in actual)


def _same_dict(expected: Any, actual: Any) -> bool:
    if not isinstance(expected, dict):
        raise BadMatcher(f"a table is wanted, not {expected!r}")
    return (
        isinstance(actual, dict)
        and expected.keys() == actual.keys()
        and all(matches(value, actual[key]) for key, value in expected.items())
    )


MATCHERS: dict[str, Callable[[Any, Any], bool]] = {
    "matches": _search,
    "contains": _contains,
    "absent": lambda wanted, actual: (actual is MISSING) == bool(wanted),
    "none": lambda wanted, actual: (actual is None) == bool(wanted),
    "dict": _same_dict,
    "one-of": lambda choices, actual: any(matches(choice, actual) for choice in choices),
    "all-of": lambda parts, actual: all(matches(part, actual) for part in parts),
    "not": lambda unwanted, actual: not matches(unwanted, actual),
    "object": lambda name, actual: actual == {"!object": name},
    "raises": lambda name, actual: actual == {"!raises": name},
    "bytes": lambda content, actual: actual == {"!bytes": content},
}
"""By key: the function of what the case says and what was seen."""


def matches(expected: Any, actual: Any) -> bool:
    """Whether *actual*, a JSON value or `MISSING`, is what *expected* asks for.

    Raises `BadMatcher` if *expected* is a table that is no matcher.
    """
    if isinstance(expected, dict):
        if len(expected) != 1:
            raise BadMatcher(f"a matcher is a table with one key, not {expected!r}")
        [(name, argument)] = expected.items()
        if name not in MATCHERS:
            raise BadMatcher(f"no matcher is called {name!r}; there are {', '.join(sorted(MATCHERS))}")
        return MATCHERS[name](argument, actual)
    if isinstance(expected, list):
        return isinstance(actual, list) and len(expected) == len(actual) and all(map(matches, expected, actual))
    return type(expected) is type(actual) and bool(expected == actual)


def accepts_many(expected: Any) -> bool:
    """Whether values that are not equal can all be what *expected* asks for."""
    if isinstance(expected, dict):
        return next(iter(expected), None) not in {"absent", "none", "object", "raises", "bytes"}
    return isinstance(expected, list) and any(map(accepts_many, expected))
