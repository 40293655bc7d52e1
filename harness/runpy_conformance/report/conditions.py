"""Values and expectations written as Python, for people to read and an interpreter to evaluate. Pure functions."""

from collections.abc import Mapping
from typing import Any

from runpy_conformance.matching import BadMatcher

NOTHING = "(nothing)"
"""Stands for that there is no value."""
OBJECT = "object of type"
RAISED = "raised"
"""Keys of the dictionaries that stand for a value without a literal, and for an expression that raised."""


def literal(value: Any) -> str:
    """*value*, made of text, bytes, numbers, None, lists, tuples and dictionaries, as Python writes it."""
    if isinstance(value, str):
        text = ascii(value)
        return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in value else text
    if isinstance(value, bytes):
        return f"b{literal(value.decode('latin-1'))}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    return repr(value)


def raw(text: str) -> str:
    """*text* as Python writes it, without doubled backslashes where that can be."""
    for quote in ('"', "'", '"""', "'''"):
        if "\\" in text and text.isascii() and text.isprintable() and quote not in text and text[-1] not in "\\'\"":
            return f"r{quote}{text}{quote}"
    return literal(text)


def condition(expected: Any, value: str = "value") -> str:
    """The expression that is true where the value of the expression *value* is what a case expects.

    It may also raise TypeError where it is not. Raises `BadMatcher` if *expected* is a table that is no matcher.
    """
    if isinstance(expected, dict):
        [(name, argument)] = expected.items()
        return _matcher(name, argument, value)
    if isinstance(expected, list) and _any_matcher(expected):
        parts = [_sure(item, f"{value}[{index}]") for index, item in enumerate(expected)]
        return " and ".join([f"type({value}) is list", f"len({value}) == {len(parts)}", *map(_grouped, parts)])
    if isinstance(expected, bool) or expected is None:
        return f"{value} is {expected}"
    if isinstance(expected, int) and expected in (0, 1):
        return f"type({value}) is int and {value} == {expected}"
    if _has_number(expected):
        return f"repr({value}) == {literal(repr(expected))}"
    return f"{value} == {literal(expected)}"


def _matcher(name: str, argument: Any, value: str) -> str:
    match name:
        case "matches":
            return f"re.search({raw(argument)}, {value})"
        case "contains" if isinstance(argument, str):
            return f"{literal(argument)} in {value}"
        case "contains":
            return f"any({condition(argument, 'item')} for item in {value})"
        case "absent" | "none":
            compared, nothing = ("==", literal(NOTHING)) if name == "absent" else ("is", "None")
            negated = {"==": "!=", "is": "is not"}[compared]
            return f"{value} {compared if argument else negated} {nothing}"
        case "dict":
            return _dictionary(argument, value)
        case "one-of":
            return " or ".join(_grouped(_sure(one, value)) for one in argument)
        case "all-of":
            return " and ".join(_grouped(condition(one, value)) for one in argument)
        case "not":
            return f"not ({_sure(argument, value)})"
        case "object":
            return f"{value} == {literal({OBJECT: argument})}"
        case "raises":
            return f"{value} == {literal({RAISED: argument})}"
        case "bytes":
            return f"{value} == {literal(argument.encode('latin-1'))}"
    raise BadMatcher(f"no matcher is called {name!r}")


def _dictionary(expected: dict[str, Any], value: str) -> str:
    if not any(_any_matcher(item) for item in expected.values()):
        return f"{value} == {literal(expected)}"
    parts = [_grouped(_sure(item, f"{value}[{literal(key)}]")) for key, item in expected.items()]
    return " and ".join([f"type({value}) is dict", f"sorted({value}) == {literal(sorted(expected))}", *parts])


def _sure(expected: Any, value: str) -> str:
    """A condition that does not raise, for use within others."""
    match expected:
        case {"all-of": parts}:
            return " and ".join(_grouped(_sure(one, value)) for one in parts)
        case {"matches": _}:
            return f"isinstance({value}, str) and {condition(expected, value)}"
        case {"contains": _}:
            return f"isinstance({value}, (str, list)) and {condition(expected, value)}"
    return condition(expected, value)


def _grouped(text: str) -> str:
    return f"({text})" if " or " in text or " and " in text else text


def _any_matcher(expected: Any) -> bool:
    return isinstance(expected, dict) or (isinstance(expected, list) and any(map(_any_matcher, expected)))


def _has_number(expected: Any) -> bool:
    """Whether there is something inside that is equal to a value of another type, such as 1 to True."""
    return isinstance(expected, list) and any(isinstance(item, (int, float)) or _has_number(item) for item in expected)
