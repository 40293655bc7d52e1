"""For which versions of CPython a case expects the same. Pure functions."""

from collections.abc import Mapping, Sequence

from runpy_conformance.judge import applicable
from runpy_conformance.markers import environment, holds
from runpy_conformance.model.case import Case
from runpy_conformance.report.conditions import literal

Version = tuple[int, int, int]


def same_rules(case: Case, block: int, lines: Mapping[str, tuple[int, int]]) -> str | None:
    """The condition on ``version``, a tuple, under which CPython is expected to do what that block says.

    None if it always is. *lines* are the releases that there are: for each line its first and last patch release.
    """
    markers = [case.when, *(one.when for one in case.expect)]
    by_line = not any("python_full_version" in marker for marker in markers if marker is not None)
    releases = sorted(
        (int(line.split(".")[0]), int(line.split(".")[1]), patch)
        for line, (first, last) in lines.items()
        for patch in ([0] if by_line else range(first, last + 1))
    )
    alike = [_is_for(case, block, release) for release in releases]
    if all(alike):
        return None
    borders = [index for index in range(len(alike)) if alike[index] != (index > 0 and alike[index - 1])]
    ranges = zip(borders[::2], [*borders[1::2], None], strict=False)
    return " or ".join(_between(releases, *one) for one in ranges) or "False"


def _is_for(case: Case, block: int, release: Version) -> bool:
    of_release = environment(".".join(map(str, release)))
    return holds(case.when, of_release) and applicable(case, of_release) == [block]


def _between(releases: Sequence[Version], first: int, end: int | None) -> str:
    if end is None:
        return f"version >= {_version(releases[first])}"
    lower = f"{_version(releases[first])} <= version" if first else "version"
    return f"{lower} < {_version(releases[end])}"


def _version(release: Version) -> str:
    return literal(release if release[2] else release[:2])
