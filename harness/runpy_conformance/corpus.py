"""Loading spec/ and cases/.

`load` stops at nothing: what cannot be read becomes a `Problem`, and the rest is loaded. `require` is for those
who want a whole corpus or none.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import (
    Change,
    ChangesFile,
    Clause,
    ClauseFile,
    Disagreement,
    DisagreementsFile,
    ReleasesFile,
)
from runpy_conformance.model.strength import Equivalent, EquivalentsFile
from runpy_conformance.model.subject import Baseline, Known

CHANGES = "changes.toml"
DISAGREEMENTS = "disagreements.toml"
RELEASES = "releases.toml"

_Model = TypeVar("_Model")


class Problem(Struct, frozen=True, order=True):
    """Something wrong with a file of the corpus."""

    file: str
    key: str
    """Where in the file, such as ``expect[1].when``; empty for the file as a whole."""
    message: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message}"


class BadCorpus(Exception):
    """The corpus has problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Corpus(Struct, frozen=True):
    """The specification and the cases."""

    root: Path
    areas: dict[str, ClauseFile]
    """By the name of the area."""
    clauses: dict[str, Clause]
    changes: dict[str, Change]
    disagreements: dict[str, Disagreement]
    releases: dict[str, tuple[int, int]]
    """First and last patch release of each line."""
    baselines: dict[str, tuple[Known, ...]]
    """Known failures, by the name of the module that has them."""
    equivalents: dict[str, tuple[Equivalent, ...]]
    """Mutants that change no behaviour, by the name of the implementation."""
    cases: dict[str, Case]
    digest: str
    """Of all files: equal for equal corpora."""


def default_root() -> Path:
    """The folder with spec/ and cases/: the installed package's own, else the checkout that holds this file."""
    package = Path(__file__).resolve().parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent.parent


def load(root: Path) -> tuple[Corpus, list[Problem]]:
    """Reads ``root/spec/*.toml`` and ``root/cases/*/*.toml``.

    Returns the corpus of all that could be read, and what is wrong with the rest.
    """
    problems: list[Problem] = []
    digest = hashlib.sha256()

    def documents(paths: Iterable[Path]) -> Iterator[tuple[Path, str, dict[str, Any]]]:
        for path in paths:
            name = path.relative_to(root).as_posix()
            try:
                content = path.read_bytes()
                document = tomllib.loads(content.decode("utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
                problems.append(Problem(name, "", f"not readable as TOML: {problem}"))
                continue
            digest.update(name.encode() + b"\0" + content + b"\0")
            yield path, name, document

    def converted(document: dict[str, Any], model: type[_Model], name: str) -> Iterator[_Model]:
        try:
            yield msgspec.convert(document, model)
        except msgspec.ValidationError as problem:
            message, _, place = str(problem).partition(" - at ")
            problems.append(Problem(name, place.strip("`").removeprefix("$").removeprefix("."), message))

    areas: dict[str, ClauseFile] = {}
    clauses: dict[str, Clause] = {}
    changes: dict[str, Change] = {}
    disagreements: dict[str, Disagreement] = {}
    releases: dict[str, tuple[int, int]] = {}
    baselines: dict[str, tuple[Known, ...]] = {}
    equivalents: dict[str, tuple[Equivalent, ...]] = {}
    cases: dict[str, Case] = {}

    def keep(table: dict[str, _Model], key: str, value: _Model, name: str, place: str) -> None:
        if key in table:
            problems.append(Problem(name, place, f"{key!r} is used twice"))
        else:
            table[key] = value

    for path, name, document in documents(sorted((root / "spec").glob("*.toml"))):
        if path.name == CHANGES:
            for changes_file in converted(document, ChangesFile, name):
                for index, change in enumerate(changes_file.change):
                    keep(changes, change.id, change, name, f"change[{index}].id")
        elif path.name == DISAGREEMENTS:
            for disagreements_file in converted(document, DisagreementsFile, name):
                for index, disagreement in enumerate(disagreements_file.disagreement):
                    keep(disagreements, disagreement.id, disagreement, name, f"disagreement[{index}].id")
        elif path.name == RELEASES:
            for releases_file in converted(document, ReleasesFile, name):
                releases.update(releases_file.lines)
        else:
            for area in converted(document, ClauseFile, name):
                keep(areas, area.area, area, name, "area")
                for index, clause in enumerate(area.clause):
                    keep(clauses, clause.id, clause, name, f"clause[{index}].id")
    for path, name, document in documents(sorted((root / "spec/baselines").glob("*.toml"))):
        for baseline in converted(document, Baseline, name):
            baselines[path.stem] = baseline.known
    for path, name, document in documents(sorted((root / "spec/equivalents").glob("*.toml"))):
        for equivalents_file in converted(document, EquivalentsFile, name):
            equivalents[path.stem] = equivalents_file.equivalent
    for path, name, document in documents(sorted((root / "cases").glob("*/*.toml"))):
        for case in converted({**document, "area": path.parent.name, "file": str(path)}, Case, name):
            keep(cases, case.id, case, name, "id")
    return Corpus(
        root, areas, clauses, changes, disagreements, releases, baselines, equivalents, cases, digest.hexdigest()[:16]
    ), problems


def require(root: Path) -> Corpus:
    """The corpus below *root*. Raises `BadCorpus` if any of it cannot be read, or there is no case."""
    corpus, problems = load(root)
    if not problems and not corpus.cases:
        problems = [Problem(str(root / "cases"), "", "there are no cases; name the folder that holds spec/ and cases/")]
    if problems:
        raise BadCorpus(problems)
    return corpus


def load_case(path: Path) -> Case:
    """The case in one file. Raises `BadCorpus`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert({**document, "area": path.resolve().parent.name, "file": str(path)}, Case)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise BadCorpus([Problem(str(path), "", str(problem))]) from None
