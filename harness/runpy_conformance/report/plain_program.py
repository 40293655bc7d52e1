"""The program of a case, to be run without this suite: its files, and how its values are seen. Pure functions."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.execution.materialise import with_line
from runpy_conformance.model.case import Case, File, Run
from runpy_conformance.report.conditions import NOTHING, literal

CALLER = "caller.py"
"""The script that makes a call; it lies among the program's files."""

LISTING = r"\b(listdir|scandir|iterdir|glob|walk)\("


class NotPlain(Exception):
    """A case that cannot be shown without the suite; the text says why."""


class Bytecode(Struct, frozen=True):
    """A file that the interpreter compiles when the program is put in place."""

    name: str
    archive: str | None
    """The archive that it is a member of."""
    source: str
    source_name: str
    foreign: bool
    length: int | None


def to_start(directory: str) -> str:
    """The way from *directory*, below the program's folder, to the folder that this lies in."""
    return "../" * (len(PurePosixPath(directory).parts) + 1)


# What is looked at


def observing_line(file: str, directory: str) -> str:
    """The line of a program that has the expressions for *file* evaluated, where it was started in *directory*."""
    text = f'(lambda file: (file.read(), file.close())[0])(open("{to_start(directory)}observe.py"))'
    return f'exec({text}, {{"program": globals(), "file": {literal(file)}}})'


def looked_at(case: Case, wanted: set[str]) -> dict[str, list[tuple[str, str]]]:
    """By file, the expressions to evaluate there: names of fields, all *wanted*, and expressions."""
    found = {
        file: [(f"observed.{name}", text) for name, text in expressions.items()]
        for file, expressions in case.observe.items()
    }
    if case.run.call:
        found[CALLER] = [
            ("outcome", "'returned' if error is None else 'raised'"),
            ("error.type", _name_of_error(case)),
            ("error.message", "str(error)"),
            *((field, _of_result(field)) for field in sorted(wanted) if field.startswith("globals.")),
            *((f"after.{name}", text.strip()) for name, text in case.after.items()),
        ]
    kept = {
        file: [(name, text) for name, text in pairs if name in wanted or name == "outcome"]
        for file, pairs in found.items()
    }
    return {file: pairs for file, pairs in kept.items() if pairs}


def _name_of_error(case: Case) -> str:
    name = "type(error).__name__"
    full = any("." in str(block.error.get("type")) for block in case.expect)
    return f"type(error).__module__ + '.' + {name}" if full else name


def _of_result(field: str) -> str:
    return f"result.get({literal(field.removeprefix('globals.'))}, {literal(NOTHING)})"


# The files


def check(case: Case) -> None:
    """Raises `NotPlain` if the values of *case* cannot be seen by a line of its program."""
    texts = [case.run.setup, *_sources(case.files)]
    if (case.observe or case.run.call) and any("chdir" in text for text in texts):
        raise NotPlain("the program changes its current directory, from which its values would be written")
    if case.run.call and CALLER in case.files:
        raise NotPlain(f"the program has a file {CALLER} of its own")
    if case.run.call and any(re.search(LISTING, text) for text in (*texts, *case.after.values())):
        raise NotPlain(f"the program looks at which files there are, and would see {CALLER} among its own")
    for name, file in case.files.items():
        if isinstance(file, File) and file.zip is not None:
            compiled = list(_bytecode(case, file.zip, name))
            if compiled and (file.length is not None or file.suffix):
                raise NotPlain(f"bytecode cannot be added to {name}, which is no whole archive")


def _sources(files: Mapping[str, str | File]) -> Iterator[str]:
    for file in files.values():
        if isinstance(file, str):
            yield file
        elif file.zip is not None:
            yield from _sources(file.zip)
        else:
            yield file.pyc or file.bytes or ""


def plain_files(case: Case) -> dict[str, str | File]:
    """The files that are the same for every interpreter, with the lines by which they are looked at."""
    return dict(_plain(case, case.files, ""))


def _plain(case: Case, files: Mapping[str, str | File], prefix: str) -> Iterator[tuple[str, str | File]]:
    for name, file in files.items():
        if isinstance(file, str):
            yield name, _observing(case, prefix + name, file)
        elif file.bytes is not None:
            yield name, replace(file, bytes=_observing(case, prefix + name, file.bytes))
        elif file.zip is not None:
            yield name, replace(file, zip=dict(_plain(case, file.zip, f"{prefix}{name}/")))
        elif file.symlink is not None:
            up = "../" * (len(PurePosixPath(name).parts) - 1)
            yield name, replace(file, symlink=file.symlink.replace("{root}/", up))
        elif file.pyc is None:
            yield name, file


def compiled_files(case: Case) -> list[Bytecode]:
    """The files that every interpreter compiles for itself."""
    archives = [(name, file.zip) for name, file in case.files.items() if isinstance(file, File) and file.zip]
    members = [one for name, files in archives for one in _bytecode(case, files, name)]
    return [*members, *_bytecode(case, case.files, None)]


def _bytecode(case: Case, files: Mapping[str, str | File], archive: str | None) -> Iterator[Bytecode]:
    for name, file in files.items():
        if isinstance(file, File) and file.pyc is not None:
            full = name if archive is None else f"{archive}/{name}"
            source_name = file.name or str(PurePosixPath(full).with_suffix(".py"))
            source = _observing(case, full, file.pyc)
            yield Bytecode(name, archive, source, source_name, file.magic == "foreign", file.length)


def _observing(case: Case, name: str, source: str) -> str:
    """The source of the file *name*, with the line that has its expressions evaluated, if it has any."""
    return with_line(source, observing_line(name, case.run.directory)) if case.observe.get(name) else source


# The call


def call_text(run: Run) -> str:
    """The call as one would write it."""
    arguments = [_argument(value) for value in run.positional]
    arguments += [f"{name}={_argument(value)}" for name, value in run.arguments.items()]
    return f"{run.call}({', '.join(arguments)})"


def _argument(value: Any) -> str:
    return str(value["python"]) if isinstance(value, dict) and list(value) == ["python"] else literal(value)


def used_functions(case: Case) -> list[str]:
    """The functions of runpy that the caller uses."""
    text = f"{case.run.setup} {call_text(case.run)} {' '.join(case.after.values())}"
    return [name for name in ("run_module", "run_path") if re.search(rf"\b{name}\b", text)]


def setup_parts(run: Run) -> tuple[str, str]:
    """The statements in front of the call: those that have to be the first of a file, and the others."""
    lines = run.setup.strip("\n").split("\n")
    first = [line for line in lines if line.startswith("from __future__")]
    return "\n".join(first), "\n".join(line for line in lines if line not in first)


def caller_words(run: Run) -> list[str]:
    """The words that start the caller, behind the interpreter."""
    return [to_start(run.directory).removeprefix("../") + CALLER, *run.argv[1:]]
