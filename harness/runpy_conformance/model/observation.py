"""What was seen in one run of one case on one subject."""

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct, field

Outcome = Literal["returned", "raised", "raised-before", "exited", "killed", "timed-out", "flooded"]
"""The call returned or raised, or its caller raised before it; the process exited or was ended by a signal; or a limit
was met."""


class Observation(Struct, frozen=True, omit_defaults=True):
    """Everything seen, normalised. Values are JSON; see `runpy_conformance/execution/probe.py` for others."""

    outcome: Outcome
    status: int | None = None
    signal: str | None = None
    error: dict[str, Any] = field(default_factory=dict)
    globals: dict[str, Any] = field(default_factory=dict)
    observed: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    stdout: str = ""
    stderr: str = ""
    strays: tuple[str, ...] = ()
    """Files that appeared beside the case's folder."""


GROUPS = ("error", "globals", "observed", "after")
SINGLES = ("outcome", "status", "signal", "stdout", "stderr")


def flatten(seen: Any) -> Iterator[tuple[str, Any]]:
    """The fields of an observation or of an expectation, as pairs of a name such as ``after.kept`` and a value.

    What is None or not there yields nothing, except in a group, where None is a value.
    """
    for name in SINGLES:
        value = getattr(seen, name)
        if value is not None:
            yield name, value
    for group in GROUPS:
        for key, value in getattr(seen, group).items():
            yield f"{group}.{key}", value
