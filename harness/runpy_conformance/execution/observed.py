"""What a run left behind, as an observation."""

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from runpy_conformance.execution.normalise import Normaliser
from runpy_conformance.execution.process import signal_name
from runpy_conformance.execution.sandbox import Limits, Sandbox
from runpy_conformance.model.observation import Observation

_SHOWN = 2000
"""Characters of a standard stream that are kept of a run that wrote too much."""


class NoObservation(Exception):
    """A case could not be run; the text says why."""


class Seen(Struct, frozen=True):
    """An observation, and the standard streams as they were where normalising changed them."""

    observation: Observation
    raw: dict[str, str]


def ending(status: int | None, limit: str | None) -> dict[str, Any]:
    """The fields that say how a process ended: by an exit status, a signal (negative), or a limit."""
    if limit is not None or status is None:
        return {"outcome": limit}
    if status < 0:
        return {"outcome": "killed", "signal": signal_name(-status)}
    return {"outcome": "exited", "status": status}


def observation(sandbox: Sandbox, end: dict[str, Any], normalise: Normaliser, limits: Limits) -> Seen:
    """Puts together how the run ended, what the probes saw and what was written.

    Raises `NoObservation` if the probes wrote something that is not theirs.
    """
    streams = {name: _text(path, limits) for name, path in (("stdout", sandbox.stdout), ("stderr", sandbox.stderr))}
    if end["outcome"] == "flooded":
        streams = {name: text[:_SHOWN] for name, text in streams.items()}
    normal = normalise({**end, "observed": _probed(sandbox.observed)})
    normal.update((name, normalise.stream(text)) for name, text in streams.items())
    return Seen(
        Observation(**normal, strays=sandbox.strays()),
        {name: text for name, text in streams.items() if text != normal[name]},
    )


def _text(path: Path, limits: Limits) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(limits.output).decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        return ""


def _probed(path: Path) -> dict[str, Any]:
    """The values that probes wrote; of a program that ran more than once, the last."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    values: dict[str, Any] = {}
    for line in lines:
        values.update(read_json(line))
    return values


def read_json(text: str) -> dict[str, Any]:
    """A JSON object that came out of a run. Raises `NoObservation` if it is not one."""
    try:
        value = json.loads(text)
    except ValueError as problem:
        raise NoObservation(f"what the probe wrote is not JSON ({problem}): {text[:200]!r}") from None
    if not isinstance(value, dict):
        raise NoObservation(f"what the probe wrote is not a JSON object: {text[:200]!r}")
    return value
