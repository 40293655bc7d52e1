"""The record of a run, on disk: JSON Lines, a header first, a footer last.

Each line is written whole and at once, so an interrupted run keeps what it has. A file without footer is one.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from runpy_conformance.model.result import Footer, Header, Line, Result
from runpy_conformance.model.subject import Subject

_DECODER = msgspec.json.Decoder(Line)


class BadResults(Exception):
    """A file that does not hold results; the text says where and what."""


class Results(Struct, frozen=True):
    """What a run gave."""

    header: Header
    results: tuple[Result, ...]
    footer: Footer | None
    """None if the run was interrupted."""

    @property
    def subjects(self) -> dict[str, Subject]:
        """By id, in the order of the header."""
        return {subject.id: subject for subject in self.header.subjects}

    def by_case(self) -> dict[str, list[Result]]:
        """The results of each case, subjects in the order of the header."""
        order = {name: index for index, name in enumerate(self.subjects)}
        cases: dict[str, list[Result]] = {}
        for result in self.results:
            cases.setdefault(result.case, []).append(result)
        return {case: sorted(group, key=lambda one: order[one.subject]) for case, group in sorted(cases.items())}


def begin(path: Path, header: Header, earlier: Iterable[Result] = ()) -> None:
    """Makes the file of results at *path*: the *header*, and what an interrupted run has already given.

    A file that was there is replaced once the new one is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        for line in (header, *earlier):
            file.write(msgspec.json.encode(line) + b"\n")
    fresh.replace(path)


def rewrite(path: Path, record: Results) -> None:
    """Puts *record* in the place of the file of results at *path*."""
    begin(path, record.header, record.results)
    if record.footer is not None:
        append(path, record.footer)


def append(path: Path, line: Result | Footer) -> None:
    """Adds a line to the file of results at *path*, so that it is there whatever comes next."""
    with path.open("ab") as file:
        file.write(msgspec.json.encode(line) + b"\n")


def read(path: Path) -> Results:
    """The results in the file at *path*. Of two results of a case on a subject, the later counts.

    A last line that was cut off in writing is left out. Raises `BadResults` if the file is not one of results.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as problem:
        raise BadResults(f"{path}: {problem.strerror}") from None
    header: Header | None = None
    footer: Footer | None = None
    results: dict[tuple[str, str], Result] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = _DECODER.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            if number == len(lines) and header is not None:
                break
            raise BadResults(f"{path}:{number}: not a line of results: {problem}") from None
        if isinstance(line, Header):
            header = line
        elif isinstance(line, Footer):
            footer = line
        else:
            results[line.case, line.subject] = line
    if header is None:
        raise BadResults(f"{path}: no results of a run: the header is missing")
    strangers = {subject for _, subject in results} - {subject.id for subject in header.subjects}
    if strangers:
        raise BadResults(f"{path}: results of {sorted(strangers)[0]!r}, which the header does not name")
    return Results(header, tuple(results.values()), footer)


def merge(parts: Iterable[Results]) -> Results:
    """One record out of several, such as the shards of one run. Raises `BadResults` if they are of other corpora."""
    first, *others = parts
    subjects = first.subjects
    results = {(one.case, one.subject): one for one in first.results}
    footers = [first.footer]
    for other in others:
        if other.header.corpus != first.header.corpus:
            raise BadResults("the results to merge are of different specifications or cases")
        subjects |= other.subjects
        results |= {(one.case, one.subject): one for one in other.results}
        footers.append(other.footer)
    header = msgspec.structs.replace(first.header, subjects=tuple(subjects.values()))
    whole = [footer for footer in footers if footer is not None]
    footer = Footer(max(one.finished for one in whole), len(results)) if len(whole) == len(footers) else None
    if not others:
        footer = first.footer
    return Results(header, tuple(results.values()), footer)
