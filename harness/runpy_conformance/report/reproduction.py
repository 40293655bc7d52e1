"""A case as a folder that shows, without this suite, what a subject does: for a bug report. Pure but for `write`."""

import os
import re
import shlex
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.executor import command_words
from runpy_conformance.execution.materialise import BadCase, Writer, with_line
from runpy_conformance.judge import applicable, excluded
from runpy_conformance.markers import environment, holds
from runpy_conformance.model.case import Case, Command, Expect, File, Run
from runpy_conformance.model.observation import flatten
from runpy_conformance.model.subject import Subject
from runpy_conformance.report.case import source_text
from runpy_conformance.report.conditions import NOTHING, condition, literal
from runpy_conformance.report.templating import environment as templates

PROGRAM = "program"
"""The folder of the program's files."""
CALLER = "caller.py"
QUESTIONS = {
    "stdlib": ("os.path.dirname(os.path.abspath(os.__file__))", "{stdlib}"),
    "python": ("sys.executable", "{python}"),
    "tag": ("'.' + sys.implementation.cache_tag + '.'", ".{tag}."),
}
"""By placeholder, the expression for a text, and what is put in its place."""
Version = tuple[int, int, int]


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


class Reproduction(Struct, frozen=True):
    """What to write: the program's files, and the texts beside their folder, by name."""

    case: Case
    texts: dict[str, str]


def reproduction(case: Case, subject: Subject, corpus: Corpus, folder: Path) -> Reproduction:
    """How *case* on *subject* is shown in *folder*. Raises `NotPlain`.

    What the subject is made of may lie in *folder*; it is then named relative to it.
    """
    reason = excluded(case, subject)
    if reason is not None:
        raise NotPlain(str(reason.reason))
    blocks = applicable(case, subject.environment)
    if not blocks:
        raise NotPlain("the case expects nothing of this subject")
    _refuse_moving(case)
    facts = _facts(case, subject, corpus, folder, blocks[0])
    names = ["reproduce.py.j2", "reproduce.sh.j2"]
    names += ["observe.py.j2"] if facts["expressions"] else []
    names += ["build.py.j2"] if facts["compiled"] else []
    names += [f"{PROGRAM}/{CALLER}.j2"] if case.run.call else []
    texts = {name.removesuffix(".j2"): _render(PurePosixPath(name).name, facts) for name in names}
    if facts["input"]:
        texts["input.txt"] = _input(case.run)
    return Reproduction(replace(case, files=dict(_plain_files(case)), observe={}), texts)


def write(shown: Reproduction, folder: Path) -> None:
    """Writes *shown* into *folder*. Raises `NotPlain` if its files cannot be written here."""
    program = folder / PROGRAM
    program.mkdir(parents=True, exist_ok=True)
    try:
        Writer(shown.case, program, folder, _no_compiler, "").write()
        for name, text in shown.texts.items():
            path = folder / name
            path.write_bytes(text.encode("utf-8"))
            if name.startswith("reproduce."):
                path.chmod(0o755)
    except (BadCase, OSError) as problem:
        raise NotPlain(f"the case's files cannot be written: {problem}") from None


def subject_words(subject: Subject, command: Command) -> list[str]:
    """The words that run *command* on *subject*, with ``{python}``, ``{root}`` and ``{scratch}`` in them."""
    _, *rest = command_words(subject, command)
    return ["{python}", *rest]


def _no_compiler(source: bytes, name: str, magic: str) -> bytes:
    raise BadCase("bytecode is compiled by the interpreter that runs it")


def _render(name: str, facts: Mapping[str, Any]) -> str:
    loader = templates(escape=False)
    loader.keep_trailing_newline = True
    loader.filters.update(literal=literal, lines=_lines, word=_shell_word, comment=_comment)
    return loader.get_template(name).render(facts)


def _facts(case: Case, subject: Subject, corpus: Corpus, folder: Path, block: int) -> dict[str, Any]:
    """What the templates show."""

    def portable(text: str) -> str:
        return text.replace(str(folder), "{here}")

    expected = _conditions(case.expect[block])
    documented = _conditions(case.documented) if case.documented is not None else []
    run = case.run
    command = run.command or caller_command(run)
    control = ["{python}", *(command_words(subject, command)[1:] if run.call else _interpreter_words(command))]
    words = control if run.call else [portable(word) for word in subject_words(subject, command)]
    wanted = {name for name, _ in (*expected, *documented)}
    texts = " ".join(text for _, text in (*expected, *documented))
    expressions = _expressions(case, wanted)
    beside = {f"{PROGRAM}/{CALLER}": run.call, "observe.py": expressions, "input.txt": _input(run)}
    return {
        "about": _about(case, corpus),
        "case": case,
        "run": run,
        "subject": subject,
        "executable": portable(subject.host.path),
        "words": words,
        "control": control,
        "expected": expected,
        "documented": documented,
        "searches": "re.search(" in texts,
        "asked": [name for name in QUESTIONS if re.search(rf"{{{name}\\*}}", texts)],
        "rules": _version_rules(case, block, corpus),
        "expressions": expressions,
        "compiled": list(_compiled(case)),
        "beside": [name for name, there in beside.items() if there],
        "questions": QUESTIONS,
        "default_path": os.defpath,
        "replacement": None,
        "up": _up(run.directory),
        "line": observing_line(CALLER, run.directory),
        "pythonpath": [portable(one) for one in subject.pythonpath],
        "call": _call(run),
        "imported": _imported(case),
        "own_argv": bool(run.call) and (run.directory != "." or run.argv[:1] != (CALLER,)),
        "own_path": [] if run.path == ("{root}",) else list(run.path),
        "input": bool(_input(run)),
    }


def _input(run: Run) -> str:
    """What is given on standard input."""
    return run.input if run.command is None or run.command.stdin is None else run.command.stdin


def _about(case: Case, corpus: Corpus) -> str:
    """What the case is about: title, and clauses with their sources."""
    lines = [*textwrap.wrap(case.title, 100), ""]
    for name in case.cited:
        clause = corpus.clauses[name]
        lines += textwrap.wrap(f"{clause.id} ({clause.level}): {clause.text}", 100, subsequent_indent="    ")
        sources = "; ".join(source_text(source) for source in clause.source)
        lines += textwrap.wrap(f"Source: {sources}", 100, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines).replace("\\", "\\\\").replace('"""', '\\"""')


def _conditions(block: Expect) -> list[tuple[str, str]]:
    """Field and condition of all that *block* asks for."""
    return [
        (name, f"value == {expected}" if name == "status" and isinstance(expected, int) else condition(expected))
        for name, expected in flatten(block)
    ]


# What is looked at


def observing_line(file: str, directory: str) -> str:
    """The line of a program that has the expressions for *file* evaluated, started in *directory* of the program."""
    text = f'(lambda file: (file.read(), file.close())[0])(open("{_up(directory)}observe.py"))'
    return f'exec({text}, {{"program": globals(), "file": {literal(file)}}})'


def _up(directory: str) -> str:
    return "../" * (len(PurePosixPath(directory).parts) + 1)


def _expressions(case: Case, wanted: set[str]) -> dict[str, list[tuple[str, str]]]:
    """By file, the expressions to evaluate there, with the names of the fields that they give."""
    found = {
        file: [(f"observed.{name}", text) for name, text in expressions.items() if f"observed.{name}" in wanted]
        for file, expressions in case.observe.items()
    }
    if case.run.call:
        found[CALLER] = [
            ("outcome", "'returned' if error is None else 'raised'"),
            *_of_error(case, wanted),
            *_of_result(wanted),
            *((f"after.{name}", text.strip()) for name, text in case.after.items() if f"after.{name}" in wanted),
        ]
    return {file: expressions for file, expressions in found.items() if expressions}


def _of_error(case: Case, wanted: set[str]) -> Iterator[tuple[str, str]]:
    if "error.type" in wanted:
        full = any("." in str(block.error.get("type")) for block in case.expect)
        name = "type(error).__name__"
        yield "error.type", f"type(error).__module__ + '.' + {name}" if full else name
    if "error.message" in wanted:
        yield "error.message", "str(error)"


def _of_result(wanted: set[str]) -> Iterator[tuple[str, str]]:
    for field in sorted(wanted):
        group, _, name = field.partition(".")
        if group == "globals":
            yield field, f"result.get({literal(name)}, {literal(NOTHING)})"


# The program's files


def _refuse_moving(case: Case) -> None:
    """What the program looks at is written by way of the current directory."""
    looked_at = bool(case.observe or case.run.call)
    texts = [case.run.setup, *(text for _, text in _sources(case.files))]
    if looked_at and any("chdir" in text for text in texts):
        raise NotPlain("the program changes its current directory, from which its values would be written")


def _sources(files: Mapping[str, str | File]) -> Iterator[tuple[str, str]]:
    for name, file in files.items():
        if isinstance(file, str):
            yield name, file
        elif file.zip is not None:
            yield from _sources(file.zip)
        else:
            yield name, file.pyc or file.bytes or ""


def _observing(case: Case, name: str, source: str) -> str:
    """The source of the file *name*, with the line that has its expressions evaluated, if it has any."""
    return with_line(source, observing_line(name, case.run.directory)) if case.observe.get(name) else source


def _plain_files(case: Case) -> Iterator[tuple[str, str | File]]:
    """The files that are the same for every interpreter."""
    if CALLER in case.files and case.run.call:
        raise NotPlain(f"the program has a file {CALLER} of its own")
    yield from _plain(case, case.files, "")


def _plain(case: Case, files: Mapping[str, str | File], prefix: str) -> Iterator[tuple[str, str | File]]:
    for name, file in files.items():
        if isinstance(file, str):
            yield name, _observing(case, prefix + name, file)
        elif file.bytes is not None:
            yield name, replace(file, bytes=_observing(case, prefix + name, file.bytes))
        elif file.zip is not None:
            yield name, replace(file, zip=dict(_plain(case, file.zip, f"{prefix}{name}/")))
        elif file.symlink is not None and file.symlink.startswith("{root}"):
            yield name, replace(file, symlink=file.symlink.replace("{root}/", "../" * (len(Path(name).parts) - 1)))
        elif file.pyc is None:
            yield name, file


def _compiled(case: Case) -> Iterator[Bytecode]:
    """The files that every interpreter compiles for itself."""
    for name, file in case.files.items():
        if isinstance(file, File) and file.zip is not None:
            inside = list(_bytecode(case, file.zip, name))
            if inside and (file.length is not None or file.suffix):
                raise NotPlain(f"bytecode cannot be added to {name}, which is no whole archive")
            yield from inside
    yield from _bytecode(case, case.files, None)


def _bytecode(case: Case, files: Mapping[str, str | File], archive: str | None) -> Iterator[Bytecode]:
    for name, file in files.items():
        if isinstance(file, File) and file.pyc is not None:
            full = name if archive is None else f"{archive}/{name}"
            source = _observing(case, full, file.pyc)
            source_name = file.name or str(PurePosixPath(full).with_suffix(".py"))
            yield Bytecode(name, archive, source, source_name, file.magic == "foreign", file.length)
        elif archive is not None and isinstance(file, File) and file.zip is not None:
            if any(_bytecode(case, file.zip, name)):
                raise NotPlain("bytecode lies in an archive within an archive")


# The call


def caller_command(run: Run) -> Command:
    """The command that runs the caller of a call."""
    return Command(path="../" * (_up(run.directory).count("../") - 1) + CALLER, arguments=run.argv[1:])


def _interpreter_words(command: Command) -> Sequence[str]:
    return command.line or (*command.options, *command.program, *command.arguments)


def _call(run: Run) -> str:
    """The call as one would write it."""
    arguments = [_argument(value) for value in run.positional]
    arguments += [f"{name}={_argument(value)}" for name, value in run.arguments.items()]
    return f"{run.call}({', '.join(arguments)})"


def _argument(value: Any) -> str:
    return str(value["python"]) if isinstance(value, dict) and list(value) == ["python"] else literal(value)


def _imported(case: Case) -> list[str]:
    """The functions that the caller uses."""
    text = f"{case.run.call} {case.run.setup} {_call(case.run)} {' '.join(case.after.values())}"
    return [name for name in ("run_module", "run_path") if re.search(rf"\b{name}\b", text)]


# Versions


def _version_rules(case: Case, block: int, corpus: Corpus) -> str | None:
    """The condition on ``version`` under which CPython is expected to do the same; None where it always is."""
    releases = sorted(
        (int(line.split(".")[0]), int(line.split(".")[1]), patch)
        for line, (first, last) in corpus.releases.items()
        for patch in range(first, last + 1)
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
    parts = [_version(releases[first])] if first else []
    lower = f"{parts[0]} <= version" if parts else "version"
    if end is None:
        return f"version >= {parts[0]}"
    return f"{lower} < {_version(releases[end])}"


def _version(release: Version) -> str:
    return literal(release if release[2] else release[:2])


# Text


def _lines(text: str) -> str:
    """*text* as bytes literals, one for each line."""
    return "\n".join(f"    {literal(line.encode('utf-8'))}" for line in text.splitlines(keepends=True)) or '    b""'


def _shell_word(text: str) -> str:
    """*text* as a word of the shell, where ``{root}`` and the like are variables."""
    pieces = re.split(r"\{(root|scratch|here|python)\}", text)
    quoted = [f'"${piece}"' if index % 2 else shlex.quote(piece) for index, piece in enumerate(pieces) if piece]
    return "".join(quoted) or "''"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())

