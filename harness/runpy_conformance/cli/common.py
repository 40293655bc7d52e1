"""What the commands share: options, messages, exit statuses."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer
from rich.console import Console

from runpy_conformance import corpus as corpora
from runpy_conformance.corpus import BadCorpus, Corpus
from runpy_conformance.execution.observed import NoObservation
from runpy_conformance.findings import BadCauses
from runpy_conformance.model.subject import Known, Subject
from runpy_conformance.results import BadResults
from runpy_conformance.running import BadRun
from runpy_conformance.subjects.described import Described, named
from runpy_conformance.subjects.environments import NotPrepared
from runpy_conformance.subjects.hosts import Hosts, NoHost
from runpy_conformance.subjects.manifests import BadManifest
from runpy_conformance.subjects.selection import DEFAULT, BadSubject, Selector

FAILED, BAD_USAGE, INTERRUPTED = 1, 2, 3
"""Exit statuses."""


class Isolation(StrEnum):
    """How call cases are kept apart."""

    fork = "fork"
    fresh = "fresh"
    plain = "plain"


class GateLevel(StrEnum):
    """The weakest level of clauses whose failures decide about success."""

    must = "must"
    should = "should"
    detail = "detail"


class Format(StrEnum):
    """Of a report."""

    terminal = "terminal"
    markdown = "markdown"
    html = "html"
    svg = "svg"
    json = "json"
    junit = "junit"
    ctrf = "ctrf"
    annotations = "annotations"
    summary = "summary"


Root = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="Folder with spec/ and cases/. Default: those that came along."),
]
Subjects = Annotated[
    list[str] | None,
    typer.Option("--subject", "-s", metavar="SUBJECT", help="What to test; may be given more than once. See below."),
]
Pythons = Annotated[
    list[str] | None,
    typer.Option("--python", metavar="PATH", help="One more interpreter, or a folder of some, for the search."),
]
PythonPath = Annotated[
    list[Path] | None, typer.Option("--pythonpath", metavar="DIR", help="Folder to import module:NAME@PATH from.")
]
OfGate = Annotated[
    GateLevel | None,
    typer.Option(
        "--gate",
        help="The weakest level whose failures count. Default: detail for CPython and the reference, else must.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def console() -> Console:
    """Standard output, with colour on a terminal and wide enough for tables elsewhere."""
    made = Console(soft_wrap=True)
    return made if made.is_terminal else Console(soft_wrap=True, width=120)


def print_json(value: Any) -> None:
    """Prints *value*, which msgspec can encode, as JSON for people and machines."""
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def stop(message: str, status: int = BAD_USAGE) -> NoReturn:
    """Ends the command with *message* on standard error."""
    print(f"runpy-conformance: {message}", file=sys.stderr)
    raise typer.Exit(status)


def write(path: Path, text: str) -> None:
    """Writes a file that the person named, or ends the command with what is in the way."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        stop(f"{path}: {problem.strerror}")


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turns what can be wrong with the input into a message and exit status 2."""
    try:
        yield
    except (
        BadCauses,
        BadCorpus,
        BadSubject,
        BadManifest,
        BadRun,
        BadResults,
        NoHost,
        NoObservation,
        NotPrepared,
    ) as problem:
        stop(str(problem))


def manifest_of(text: str) -> Described:
    """The manifest that *text* names. Raises `BadRun` if there is none, `BadManifest` if it cannot be used."""
    found = named(text)
    if found is None:
        raise BadRun(f"{text!r} is no manifest; `runpy-conformance manifests` lists those that came along")
    return found


def whole_corpus(root: Path | None) -> Corpus:
    """The corpus at *root*, or the one that came along. Raises `BadCorpus`."""
    return corpora.require((root or corpora.default_root()).resolve())


@contextmanager
def selected(
    texts: list[str] | None,
    pythons: list[str] | None,
    pythonpath: list[Path] | None = None,
    baselines: Mapping[str, tuple[Known, ...]] | None = None,
) -> Iterator[tuple[Subject, ...]]:
    """The subjects that *texts* name, for as long as the context lasts. Warns of interpreters that cannot be used."""
    with tempfile.TemporaryDirectory(prefix="runpy-") as folder:
        selector = Selector(Path(folder).resolve(), pythonpath or (), Hosts(pythons or ()), baselines)
        subjects = selector.select(texts or DEFAULT)
        for rejected in selector.hosts.rejected:
            print(f"runpy-conformance: warning: {rejected.path} {rejected.reason}; left out", file=sys.stderr)
        yield subjects
