"""Command lines of cases: what they name, and the words that run it on a subject. Pure functions."""

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


def program_kind(case: Case) -> ProgramKind:
    """How the command of *case* names its program."""
    command = case.run.command
    assert command is not None
    if command.module is not None:
        return "module"
    if command.path is None:
        return "words"
    start = PurePosixPath(case.run.directory)
    named = command.path.removeprefix("{root}/") if command.path.startswith("{root}/") else str(start / command.path)
    return _path_kind(case.files, _normal(named.replace("{root}", ".")))


def _path_kind(files: Mapping[str, str | File], name: str, hops: int = 8) -> ProgramKind:
    file = files.get(name)
    if isinstance(file, File) and file.symlink is not None and hops:
        target = file.symlink.removeprefix("{root}/")
        own = file.symlink if target != file.symlink else str(PurePosixPath(name).parent / file.symlink)
        return _path_kind(files, _normal(own.removeprefix("{root}/")), hops - 1)
    if isinstance(file, File) and file.zip is not None:
        return "zip"
    folders = {str(parent) for each in files for parent in PurePosixPath(each).parents}
    is_folder = name in folders or (isinstance(file, File) and file.directory)
    return "directory" if is_folder else "script"


def _normal(path: str) -> str:
    """*path* without ``.``, and without ``..`` where something is in front of it."""
    parts: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
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
    is_line = "{arguments}" in word
    if is_line:
        word = word.replace("{arguments}", shlex.join(command.arguments))
    for place, text in (("{module}", command.module), ("{path}", command.path), ("{scratch}", scratch)):
        if text is not None:
            word = word.replace(place, shlex.quote(text) if is_line else text)
    yield word


def takes_options(subject: Subject) -> bool:
    """Whether the commands of *subject* start its host, so that interpreter options can be given."""
    return all("{python}" in words for words in subject.commands.values())
