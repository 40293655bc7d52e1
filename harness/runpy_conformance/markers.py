"""PEP 508 markers: reading them, and asking them about an interpreter."""

from collections.abc import Mapping
from functools import cache

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName


class BadMarker(ValueError):
    """A marker that PEP 508 does not allow."""


@cache
def _parsed(text: str) -> Marker:
    try:
        return Marker(text)
    except InvalidMarker as problem:
        raise BadMarker(f"not a PEP 508 marker: {str(problem).splitlines()[0]}") from None


def holds(text: str | None, environment: Mapping[str, str]) -> bool:
    """Whether the marker *text* holds in *environment*; no marker always does.

    Raises `BadMarker` if *text* is not a marker.
    """
    if text is None:
        return True
    try:
        return _parsed(text).evaluate({**environment, "extra": ""})
    except (UndefinedComparison, UndefinedEnvironmentName) as problem:
        raise BadMarker(f"{text!r} cannot be evaluated: {problem}") from None


def environment(
    version: str, implementation: str = "CPython", system: str = "Linux", platform: str = "linux"
) -> dict[str, str]:
    """The PEP 508 environment of an interpreter of *version*, such as ``3.13.0``, that is not here to ask."""
    return {
        "implementation_name": implementation.lower(),
        "implementation_version": version,
        "os_name": "nt" if platform == "win32" else "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": implementation,
        "platform_release": "",
        "platform_system": system,
        "platform_version": "",
        "python_full_version": version,
        "python_version": ".".join(version.split(".")[:2]),
        "sys_platform": platform,
    }
