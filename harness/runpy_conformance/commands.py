"""Command lines of cases: what they name, and the words that run it on a subject. Pure functions."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from runpy_conformance.model.case import Case, Command, File
from runpy_conformance.model.subject import ProgramKind, Subject

FEATURES: dict[ProgramKind, str] = {
    "module": "modules",
    "script": "scripts",
    "directory": "directories",
    "zip": "archives",
    "words": "spelling",
}
"""The feature of a subject that runs such programs."""

_PLACE = re.compile(r"\{(?:arguments|module|path|scratch)\}")
_HOPS = 40
_END_OF_DIRECTORY = "PK\x05\x06"


def program_kind(case: Case) -> ProgramKind:
    """How the command of *case* names its program."""
    command = case.run.command
    assert command is not None
    if command.module is not None:
        return "module"
    if command.path is None:
        return "words"
    path = command.path if command.path.startswith("{root}") else f"{case.run.directory}/{command.path}"
    return _path_kind(case.files, path.removeprefix("{root}").lstrip("/"))


def _path_kind(files: Mapping[str, str | File], path: str) -> ProgramKind:
    """What *path*, below the case's folder, leads to."""
    name = _followed(files, path)
    file = files.get(name)
    if any(_is_archive(files.get(str(each))) for each in (PurePosixPath(name), *PurePosixPath(name).parents)):
        return "zip"
    folders = {".", *(str(parent) for each in files for parent in PurePosixPath(each).parents)}
    is_folder = name in folders or (isinstance(file, File) and file.directory)
    return "directory" if is_folder else "script"


def _is_archive(file: str | File | None) -> bool:
    """Whether *file* is an archive, or made by hand to be read as one: with an end of the central directory."""
    return isinstance(file, File) and (file.zip is not None or _END_OF_DIRECTORY in (file.bytes or ""))


def _followed(files: Mapping[str, str | File], path: str) -> str:
    """*path* without ``.``, ``..`` and symbolic links, of which no more are followed than a system would."""
    parts: list[str] = []
    left = [*reversed(PurePosixPath(path).parts)]
    hops = 0
    while left:
        part = left.pop()
        file = files.get("/".join([*parts, part]))
        if part == ".." and parts:
            parts.pop()
        elif isinstance(file, File) and file.symlink is not None and hops < _HOPS:
            hops += 1
            if file.symlink.startswith("{root}"):
                parts.clear()
            left += reversed(PurePosixPath(file.symlink.removeprefix("{root}").lstrip("/")).parts)
        else:
            parts.append(part)
    return "/".join(parts) or "."


def command_words(subject: Subject, case: Case, scratch: str) -> list[str]:
    """The command line that runs *case* on *subject*, which can do so, ``{root}`` not yet filled in.

    *scratch* is what ``{scratch}`` stands for.
    """
    command = case.run.command
    assert command is not None
    if command.line is not None:
        return [*subject.host.words, *command.line]
    words: list[str] = []
    for word in subject.commands[program_kind(case)]:
        words += _filled(word, subject, command, scratch)
    return words


def _filled(word: str, subject: Subject, command: Command, scratch: str) -> Iterator[str]:
    """The words that *word* of a template stands for. One that holds ``{arguments}`` and more is a shell's line."""
    lists = {
        "{python}": (*subject.host.words, *command.options),
        "{arguments}": command.arguments,
        "{words}": command.program,
    }
    if word in lists:
        yield from lists[word]
        return
    quoted = shlex.quote if "{arguments}" in word else str
    texts = {"{module}": command.module, "{path}": command.path, "{scratch}": scratch}
    values = {place: quoted(text) for place, text in texts.items() if text is not None}
    values["{arguments}"] = shlex.join(command.arguments)
    yield _PLACE.sub(lambda place: values.get(place[0], place[0]), word)


def takes_options(subject: Subject) -> bool:
    """Whether the commands of *subject* start its host, so that interpreter options can be given."""
    return all("{python}" in words for words in subject.commands.values())
