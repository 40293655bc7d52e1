"""A case as a folder that shows, without this suite, what a subject does: for a bug report."""

import os
import re
import shlex
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.commands import command_words
from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.materialise import BadCase, Writer
from runpy_conformance.execution.sandbox import DEFAULT_LIMITS
from runpy_conformance.judge import applicable, excluded
from runpy_conformance.model.case import Case, Expect, Run
from runpy_conformance.model.observation import flatten
from runpy_conformance.model.subject import Subject
from runpy_conformance.report import plain_program as plain
from runpy_conformance.report.case import source_text
from runpy_conformance.report.conditions import condition, literal, raw
from runpy_conformance.report.plain_program import CALLER, NotPlain
from runpy_conformance.report.same_rules import same_rules
from runpy_conformance.report.templating import environment
from runpy_conformance.subjects import manifests

PROGRAM = "program"
"""The folder of the program's files."""
QUESTIONS = {
    "stdlib": ("os.path.dirname(os.path.abspath(os.__file__))", "{stdlib}"),
    "python": ("sys.executable", "{python}"),
    "tag": ("'.' + sys.implementation.cache_tag + '.'", ".{tag}."),
}
"""By placeholder, the expression for a text, and what is put in its place."""


class Reproduction(Struct, frozen=True):
    """What to write: the program's files, and the other texts by name."""

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
    plain.check(case)
    facts = _facts(case, subject, corpus, folder, blocks[0])
    names = ["reproduce.py", "reproduce.sh"]
    names += ["observe.py"] if facts["expressions"] else []
    names += ["build.py"] if facts["compiled"] else []
    names += [f"{PROGRAM}/{CALLER}"] if case.run.call else []
    texts = {name: _rendered(PurePosixPath(name).name, facts) for name in names}
    if facts["input"]:
        texts["input.txt"] = _input(case.run)
    return Reproduction(replace(case, files=plain.plain_files(case), observe={}), texts)


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


def _no_compiler(source: bytes, name: str, magic: str) -> bytes:
    raise BadCase("bytecode is compiled by the interpreter that runs it")


def subject_words(subject: Subject, case: Case) -> list[str]:
    """The words that run *case* on *subject*, with ``{python}``, ``{root}`` and ``{scratch}`` in them."""
    unnamed = replace(subject.host, path="{python}", command=())
    if case.run.call:
        return ["{python}", *plain.caller_words(case.run)]
    return command_words(replace(subject, host=unnamed), case, "{scratch}")


def interpreter_words(subject: Subject, case: Case) -> list[str]:
    """The words that run *case* on an interpreter alone."""
    return subject_words(Subject("", "interpreter", subject.host, ""), case)


def _facts(case: Case, subject: Subject, corpus: Corpus, folder: Path, block: int) -> dict[str, Any]:
    """What the templates show."""

    def portable(text: str) -> str:
        return text.replace(str(folder), "{here}")

    run = case.run
    expected = _conditions(case.expect[block])
    documented = _conditions(case.documented) if case.documented is not None else []
    wanted = {name for name, _ in (*expected, *documented)}
    conditions = " ".join(text for _, text in (*expected, *documented))
    expressions = plain.looked_at(case, wanted)
    beside = {f"{PROGRAM}/{CALLER}": run.call, "observe.py": expressions, "input.txt": _input(run)}
    return {
        "about": _about(case, corpus),
        "case": case,
        "run": run,
        "subject": subject,
        "made": _made(subject),
        "python": [portable(word) for word in subject.host.words],
        "words": [portable(word) for word in subject_words(subject, case)],
        "control": interpreter_words(subject, case),
        "variables": {**subject.variables, **run.environment},
        "seconds": round(DEFAULT_LIMITS.seconds * subject.time_factor),
        "expected": expected,
        "documented": documented,
        "searches": "re.search(" in conditions or bool(subject.says),
        "asked": [QUESTIONS[name] for name in QUESTIONS if re.search(rf"{{{name}\\*}}", conditions)],
        "rules": same_rules(case, block, corpus.releases),
        "expressions": expressions,
        "compiled": plain.compiled_files(case),
        "beside": [name for name, there in beside.items() if there],
        "input": bool(_input(run)),
        "up": plain.to_start(run.directory),
        "line": plain.observing_line(CALLER, run.directory),
        "pythonpath": [portable(one) for one in subject.pythonpath],
        "setup": plain.setup_parts(run),
        "call": plain.call_text(run),
        "functions": plain.used_functions(case),
        "own_argv": run.directory != "." or run.argv[:1] != (CALLER,),
        "own_path": None if run.path == ("{root}",) else list(run.path),
        "default_path": os.defpath,
    }


def _made(subject: Subject) -> str:
    """How the subject comes to be where it is, in words; empty for what just is there."""
    if subject.spelling.startswith("runpy:"):
        file, _, host = subject.spelling.removeprefix("runpy:").rpartition("@")
        return f"A copy of {host}, with {file} in the place of its runpy.py"
    if subject.manifest is None:
        return ""
    install = manifests.read(Path(subject.manifest)).install
    return f"An environment with `pip install {' '.join(install)}`" if install else ""


def _input(run: Run) -> str:
    """What is given on standard input."""
    return run.command.stdin if run.command is not None and run.command.stdin is not None else run.input


def _about(case: Case, corpus: Corpus) -> str:
    """What the case is about: title, and clauses with their sources."""
    lines = [*textwrap.wrap(case.title, 100), ""]
    for name in case.cited:
        clause = corpus.clauses[name]
        lines += textwrap.wrap(f"{clause.id} ({clause.level}): {clause.text}", 100, subsequent_indent="    ")
        sources = "; ".join(filter(None, map(source_text, clause.source))) or "none: it is what CPython does"
        lines += textwrap.wrap(f"Source: {sources}", 100, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def _conditions(block: Expect) -> list[tuple[str, str]]:
    """Field and condition of all that *block* asks for."""
    return [
        (name, f"value == {expected}" if name == "status" and isinstance(expected, int) else condition(expected))
        for name, expected in flatten(block)
    ]


# Text


def _rendered(name: str, facts: Mapping[str, Any]) -> str:
    return _templates().get_template(f"{name}.j2").render(facts)


@cache
def _templates() -> jinja2.Environment:
    made = environment(escape=False)
    made.keep_trailing_newline = True
    made.filters.update(
        literal=literal, raw=raw, lines=_lines, word=_shell_word, comment=_comment, docstring=_docstring
    )
    return made


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


def _docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"""')
