"""What an executable or a launcher is, found out by running it; and the manifest that says so."""

import json
import re
import shlex
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from runpy_conformance.execution.observed import NoObservation
from runpy_conformance.execution.sandbox import Limits, Sandbox, sandbox
from runpy_conformance.execution.starters import Processes, Start
from runpy_conformance.model.subject import Interpreter, ProgramKind
from runpy_conformance.subjects.interrogate import NotPython, interrogated

_LIMITS = Limits(seconds=60.0, memory=0)
_MARK = "runpy-conformance ran"
_PROGRAM = f"import sys\nprint({_MARK!r}, sys.argv[1:])\n"
_ARGUMENTS = ("one", "--two")
_RAN = f"{_MARK} {list(_ARGUMENTS)!r}"

_CANDIDATES: Mapping[ProgramKind, tuple[tuple[str, ...], ...]] = {
    "module": (("-m", "{module}", "{arguments}"), ("--module", "{module}", "{arguments}"), ("{module}", "{arguments}")),
    "script": (("{path}", "{arguments}"), ("--", "{path}", "{arguments}")),
    "directory": (("{path}", "{arguments}"), ("--", "{path}", "{arguments}")),
    "zip": (("{path}", "{arguments}"), ("--", "{path}", "{arguments}")),
}
"""What may stand behind a launcher's own words, likeliest first."""

_NAMES = {"module": "prog", "script": "prog.py", "directory": "folder", "zip": "app.zip"}


class Guess(Struct, frozen=True):
    """The text of a manifest, and what was seen while it was made, in lines for people."""

    text: str
    remarks: tuple[str, ...]


class NoGuess(Exception):
    """Nothing that could be made out; the text says what was tried."""


def interpreter(words: Sequence[str], modules: Iterable[str]) -> Guess:
    """A manifest for the interpreter that *words* start, asked which of *modules* it lacks.

    Raises `NoGuess` if it does not answer as a Python does.
    """
    words = (_started(words[0]), *words[1:])
    try:
        host = interrogated(words, _LIMITS.seconds).interpreter
    except NotPython as problem:
        raise NoGuess(f"{shlex.join(words)} {problem}") from None
    missing = sorted(_missing(words, modules))
    lacks = [] if _can_import(words, "runpy") else ["api"]
    lines = [
        f"# {host.implementation}, which says that it is Python {host.version}.",
        f"name = {_quoted(host.implementation)}",
        'kind = "interpreter"',
        "# The words that start it: a path, a name in PATH, or the name of an interpreter found.",
        f"command = {_list(words)}",
    ]
    if host.release_numbers < (3, 6) and host.release_numbers[:2] != (2, 7):
        lines += [
            "# The suite speaks of 2.7 and of 3.6 and later: the version whose rules count.",
            'judged-as = "3.6.15"',
        ]
    if missing:
        lines += ["# Modules of the standard library that it does not have. Cases that import them say nothing of it."]
        lines += [f"missing-modules = {_list(missing)}"]
    lines += ["# Features that it does not have; `runpy-conformance features` lists all.", f"lacks = {_list(lacks)}"]
    remarks = [f"Python {host.version}, {host.implementation}", f"{len(missing)} modules that cases import are missing"]
    remarks += ["it has no runpy: calls of run_module and run_path are left out"] if lacks else []
    return Guess(_text(lines), tuple(remarks))


def module(name: str, pythonpath: Sequence[str], here: Path, host: Interpreter, host_name: str) -> Guess:
    """A manifest for the module *name*, imported on *host* from *pythonpath*, in the place of runpy.

    *here* is the folder that the manifest is for, and that relative folders are relative to. *host_name* is what the
    manifest says of the host: its path, or a name under which it is found. Raises `NoGuess` if the module cannot be
    imported or has not both functions.
    """
    folders = [str((here / folder).resolve()) for folder in pythonpath]
    program = f"import sys; sys.path[:0] = {folders!r}; import {name} as found; found.run_module; found.run_path"
    with sandbox() as place:
        status, output = _run((*host.words, "-c", program), place)
    if status != 0:
        last = output.strip().splitlines()[-1:] or [f"exit status {status}"]
        raise NoGuess(f"{name} cannot take the place of runpy on {host.name}: {last[0]}")
    lines = [
        "# A module with run_module and run_path, which is imported in the place of runpy.",
        f"name = {_quoted(name.rpartition('.')[2])}",
        'kind = "module"',
        f"module = {_quoted(name)}",
        "# Folders to import it from, relative to this file.",
        f"pythonpath = {_list(pythonpath)}",
        "# The interpreter that it runs on, by path or name. Another one: --subject FILE@PATH.",
        f"host = {_quoted(host_name)}",
        "# Or what pip installs, into an environment of its own, instead of pythonpath.",
        '# install = ["some-package==1.0"]',
    ]
    return Guess(_text(lines), (f"{name} is imported on {host.name}, and has both functions",))


def launcher(words: Sequence[str], host: Interpreter, host_name: str) -> Guess:
    """A manifest for the launcher that *words*, such as ``python -m coverage run``, start.

    Each way to name a program is tried with a small one. A Python as the first word stands for *host*, of which the
    manifest says *host_name*. Raises `NoGuess` if none of them runs it.
    """
    first = "{python}" if is_python(words[0]) else _absolute(words[0])
    own = (first, *(str(Path(word).absolute()) if Path(word).is_file() else word for word in words[1:]))
    commands: dict[ProgramKind, tuple[str, ...]] = {}
    said: list[str] = []
    errors: list[str] = []
    for kind, candidates in _CANDIDATES.items():
        for candidate in candidates:
            output = _tried(kind, (*own, *candidate), host)
            if _RAN in output:
                commands[kind] = (*own, *candidate)
                said += [line for line in output.splitlines() if line != _RAN and line not in said]
                break
            errors += output.strip().splitlines()[-1:]
    if not commands:
        raise NoGuess(f"{shlex.join(words)} runs neither a module nor a path; last words: {' | '.join(errors[:3])}")
    return Guess(_text(_launcher_lines(words, host_name, commands, said)), tuple(_launcher_remarks(commands, said)))


def _launcher_lines(
    words: Sequence[str], host_name: str, commands: Mapping[ProgramKind, tuple[str, ...]], said: Sequence[str]
) -> Iterator[str]:
    stems = (Path(word).stem for word in reversed(words) if not is_python(word))
    name = next((stem for stem in stems if stem.isidentifier() and stem != "run"), Path(words[0]).name)
    yield f"# {shlex.join(words)}, as found by running it."
    yield f"name = {_quoted(name)}"
    yield 'kind = "launcher"'
    yield "# The interpreter that it runs on, by path or name. Another one: --subject FILE@PATH."
    yield f"host = {_quoted(host_name)}"
    yield "# What pip installs, into an environment of its own, before it is run."
    yield f'# install = ["{name}==1.0"]'
    yield "# Features that it does not have."
    yield "lacks = []"
    if said:
        yield "# It writes more than the program does. Add an option or variable that silences it, or name these lines"
        yield "# as regular expressions: they are taken out before streams are compared."
        yield from (f"#     {ascii(line)[1:-1]}" for line in said[:5])
        yield "# says = []"
    yield ""
    yield "# The words for each kind of program. {scratch} stands for a folder of the run's own, for what it writes."
    yield "[commands]"
    yield from (f"{kind} = {_list(template)}" for kind, template in commands.items())


def _launcher_remarks(commands: Mapping[ProgramKind, tuple[str, ...]], said: Sequence[str]) -> Iterator[str]:
    for kind in _CANDIDATES:
        template = commands.get(kind)
        yield f"{kind}: {shlex.join(template) if template else 'not run by any of the words tried'}"
    if said:
        yield f"it writes {len(said)} lines more than the program does"


def is_python(word: str) -> bool:
    """Whether *word* names a Python, such as ``python``, ``python3.13`` or the path of one."""
    return re.fullmatch(r"python[0-9.]*(\.exe)?", Path(word).name) is not None


def _tried(kind: ProgramKind, template: Sequence[str], host: Interpreter) -> str:
    """What is written if a small program is run by *template*."""
    with sandbox() as place:
        _write_programs(place.root)
        place.scratch.mkdir()
        words: list[str] = []
        for word in template:
            named = {"{module}": _NAMES["module"], "{path}": _NAMES[kind], "{scratch}": str(place.scratch)}
            words += {"{python}": host.words, "{arguments}": _ARGUMENTS}.get(word) or (named.get(word, word),)
        return _run(words, place)[1]


def _write_programs(root: Path) -> None:
    (root / _NAMES["script"]).write_text(_PROGRAM, encoding="utf-8")
    folder = root / _NAMES["directory"]
    folder.mkdir()
    (folder / "__main__.py").write_text(_PROGRAM, encoding="utf-8")
    with zipfile.ZipFile(root / _NAMES["zip"], "w") as archive:
        archive.writestr("__main__.py", _PROGRAM)


def _run(words: Sequence[str], place: Sandbox) -> tuple[int | None, str]:
    """Exit status, and both standard streams, of a command."""
    try:
        status, limit = Processes().run(Start(words, place.root, place.environment({})), place, _LIMITS)
    except NoObservation as problem:
        return None, str(problem)
    streams = (path.read_text("utf-8", "replace") for path in (place.stdout, place.stderr))
    return (None, f"it was not done within {_LIMITS.seconds:g} seconds") if limit else (status, "".join(streams))


def _missing(words: Sequence[str], modules: Iterable[str]) -> Iterator[str]:
    """Those of *modules* that the interpreter cannot import, asked in one process and, if that fails, one by one."""
    asked = sorted(modules)
    program = "\n".join(
        f"try:\n    import {name}\nexcept ImportError:\n    print('missing', {name!r})" for name in asked
    )
    with sandbox() as place:
        (place.root / "ask.py").write_text(program + "\nprint('done')\n", encoding="utf-8")
        _, output = _run((*words, "ask.py"), place)
    if "done" in output:
        yield from (line.partition(" ")[2] for line in output.splitlines() if line.startswith("missing "))
    else:
        yield from (name for name in asked if not _can_import(words, name))


def _can_import(words: Sequence[str], name: str) -> bool:
    with sandbox() as place:
        return _run((*words, "-c", f"import {name}"), place)[0] == 0


def _started(word: str) -> str:
    """*word*, which starts an interpreter from any folder: a name in PATH, or an absolute path."""
    return str(Path(word).absolute()) if Path(word).name != word else word


def _absolute(executable: str) -> str:
    return str(Path(shutil.which(executable) or executable).absolute())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
