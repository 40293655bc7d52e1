"""Manifests on disk: reading them, those that came along, and writing known failures into them."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from runpy_conformance.markers import BadMarker, environment, holds
from runpy_conformance.model.features import FEATURES
from runpy_conformance.model.manifest import Manifest
from runpy_conformance.model.subject import Known

FOLDER = Path(__file__).resolve().parent.parent / "manifests"
"""Where those that came along lie."""

_KNOWN = re.compile(r"^[ \t]*\[\[[ \t]*known[ \t]*\]\]", re.MULTILINE)


class BadManifest(Exception):
    """A manifest that cannot be used; the text says where and what."""


def shipped() -> dict[str, Path]:
    """The manifests that came along, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def read(path: Path) -> Manifest:
    """The manifest at *path*. Raises `BadManifest`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadManifest(f"{path}: {problem.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadManifest(f"{path}: not readable as TOML: {problem}") from None
    try:
        manifest = msgspec.convert(document, Manifest)
    except msgspec.ValidationError as problem:
        message, _, place = str(problem).partition(" - at ")
        key = place.rpartition(" in ")[2].strip("`").removeprefix("$").removeprefix(".")
        raise BadManifest(f"{path}: {f'{key}: ' if key else ''}{message}") from None
    for key, message in problems(manifest):
        raise BadManifest(f"{path}: {key}: {message}")
    return manifest


def problems(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """What is wrong with *manifest*, beyond what its model refuses, as key and message."""
    for feature in manifest.lacks:
        if feature not in FEATURES:
            yield "lacks", f"there is no feature {feature!r}; there are {', '.join(FEATURES)}"
    if manifest.judged_as is not None and not re.fullmatch(r"\d+\.\d+(\.\w+)?", manifest.judged_as):
        yield "judged-as", f"{manifest.judged_as!r} is no version such as 3.6.15"
    for index, pattern in enumerate(manifest.says):
        try:
            re.compile(pattern)
        except re.error as problem:
            yield f"says[{index}]", f"is not a regular expression: {problem}"
    for index, known in enumerate(manifest.known):
        try:
            holds(known.when, environment("3.13.0"))
        except BadMarker as problem:
            yield f"known[{index}].when", str(problem)


def write_known(path: Path, known: Iterable[Known]) -> None:
    """Puts *known* in the place of the known failures of the manifest at *path*; what is above them stays.

    Raises `BadManifest` if something else stands behind them. The file is replaced once the new one is whole.
    """
    text = path.read_text(encoding="utf-8")
    first = _KNOWN.search(text)
    kept = text[: first.start()] if first is not None else text
    written = "\n".join([kept.rstrip() + "\n", *map(_table, known)])
    if _other_keys(written) != _other_keys(text):
        raise BadManifest(f"{path}: [[known]] tables must stand last, so that they can be written anew; move them")
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(written, encoding="utf-8")
    fresh.replace(path)


def _other_keys(text: str) -> dict[str, object] | None:
    """All of a manifest but its known failures; None if it is no TOML."""
    try:
        return {key: value for key, value in tomllib.loads(text).items() if key != "known"}
    except tomllib.TOMLDecodeError:
        return None


def _table(known: Known) -> str:
    values = msgspec.structs.asdict(known)
    lines = [f"{key} = {_string(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["[[known]]", *lines, ""])


def _string(text: str) -> str:
    """*text* as TOML, which is JSON but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
