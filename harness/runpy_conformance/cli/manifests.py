"""Commands about manifests: manifests, prepare, init."""

import os
import shlex
import shutil
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from runpy_conformance.cli.common import (
    FAILED,
    Json,
    PythonPath,
    Pythons,
    Root,
    console,
    manifest_of,
    print_json,
    said_plainly,
    stop,
    whole_corpus,
)
from runpy_conformance.imports import imported
from runpy_conformance.running import BadRun
from runpy_conformance.subjects import described, guess
from runpy_conformance.subjects import manifests as files
from runpy_conformance.subjects.environments import NotPrepared
from runpy_conformance.subjects.hosts import Hosts

app = typer.Typer()

DEFAULT_HOST = "cpython"
"""The newest CPython found."""


class Kind(StrEnum):
    """Of a subject."""

    interpreter = "interpreter"
    module = "module"
    launcher = "launcher"


@app.command(epilog="Example: runpy-conformance manifests")
def manifests(json: Json = False) -> None:
    """List the subjects whose manifests came along: interpreters, launchers, modules."""
    with said_plainly():
        found = {path: files.read(path) for path in files.shipped().values()}
    if json:
        print_json({str(path): manifest for path, manifest in found.items()})
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("name", "kind", "what it is", "installs", "known failures"):
        table.add_column(heading)
    for manifest in found.values():
        installs = ", ".join((*manifest.install, *manifest.npm)) or ("not run here" if manifest.not_run else "")
        table.add_row(manifest.name, manifest.kind, escape(manifest.title), installs, str(len(manifest.known)))
    console().print(table)


@app.command(epilog="Example: runpy-conformance prepare coverage pyinstrument my-launcher.toml")
def prepare(
    subject: Annotated[
        list[str] | None, typer.Argument(metavar="SUBJECT...", help="Manifests: NAME, FILE.toml, NAME@HOST.")
    ] = None,
    all: Annotated[
        bool, typer.Option("--all", help="All whose manifests came along and have something to install.")
    ] = False,
    python: Pythons = None,
) -> None:
    """Install what the manifests of subjects ask for, each into an environment of its own.

    The environments lie in .runpy-conformance/environments, or in the folder that the environment variable
    RUNPY_CONFORMANCE_ENVIRONMENTS names. What is there as asked for is left alone. Exit status: 0 all are there; 1
    some could not be installed; 2 bad usage.
    """
    hosts = Hosts(python or ())
    failed = False
    with said_plainly():
        names = subject or []
        if all:
            names = [*names, *(name for name, path in files.shipped().items() if files.read(path).not_run is None)]
        if not names:
            raise BadRun("name the manifests of subjects, or give --all")
        for name in names:
            try:
                folder = described.prepare(manifest_of(name), hosts)
                print(f"{name}: {folder or 'nothing to install'}", flush=True)
            except NotPrepared as problem:
                failed = True
                print(f"runpy-conformance: {problem}", flush=True)
    if failed:
        raise typer.Exit(FAILED)


@app.command(
    epilog="Examples: runpy-conformance init 'python -m coverage run' --output coverage.toml\n\n"
    "runpy-conformance init /usr/bin/pypy3\n\nrunpy-conformance init fastrunpy --pythonpath src"
)
def init(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="WHAT",
            help="An interpreter's executable, a launcher's words, or a module's name. Asked for if left out.",
        ),
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="What it is, where that cannot be told.")] = None,
    pythonpath: PythonPath = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Launcher, module: path or name of the interpreter that it runs on.")
    ] = DEFAULT_HOST,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Default: NAME.toml.")] = None,
    python: Pythons = None,
    corpus: Root = None,
) -> None:
    """Write the manifest of a subject: run it, look what it is and how it takes programs, and put that into a file.

    The file has comments on what was found and what to add. It is not written over one that is there.
    """
    asked = "Interpreter, launcher (as 'python -m coverage run') or module"
    try:
        words = shlex.split(what if what is not None else typer.prompt(asked))
    except ValueError as problem:
        stop(f"{what}: {problem}")
    if not words:
        stop("name an interpreter, a launcher or a module")
    with said_plainly():
        here = output.parent if output is not None else Path()
        folders = [path if path.is_absolute() else Path(os.path.relpath(path, here)) for path in pythonpath or ()]
        made = _guessed(words, kind, folders, here, host, Hosts(python or ()), corpus)
        path = output or Path(f"{tomllib.loads(made.text)['name']}.toml")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(made.text)
        except FileExistsError:
            raise BadRun(f"{path} is there already; move it away, or give another --output") from None
        except OSError as problem:
            raise BadRun(f"{path}: {problem.strerror}") from None
        files.read(path)
    for remark in made.remarks:
        print(remark)
    print(f"\n{path} is written. Next:\n  runpy-conformance run --subject {path} -n auto")


def _guessed(
    words: list[str], kind: Kind | None, folders: list[Path], here: Path, host: str, hosts: Hosts, corpus: Path | None
) -> guess.Guess:
    wanted = kind or _kind(words, folders)
    try:
        if wanted is Kind.interpreter:
            cases = whole_corpus(corpus).cases.values()
            return guess.interpreter(words, frozenset(name for case in cases for name in imported(case)))
        if wanted is Kind.launcher and guess.is_python(words[0]) and Path(words[0]).is_file():
            host = str(Path(words[0]).absolute())
        on = hosts.one(host)
        if host == DEFAULT_HOST:
            host = f"{on.implementation}-{'.'.join(map(str, on.release_numbers[:2]))}"
        if wanted is Kind.launcher:
            return guess.launcher(words, on, host)
        return guess.module(words[0], [str(path) for path in folders], here, on, host)
    except guess.NoGuess as problem:
        hint = "; a launcher of one word needs --kind launcher" if kind is None and wanted is Kind.interpreter else ""
        raise BadRun(f"{problem}{hint}") from None


def _kind(words: list[str], pythonpath: list[Path]) -> Kind:
    """Several words are a launcher, a dotted name that is no executable is a module, and the rest an interpreter."""
    if len(words) > 1:
        return Kind.launcher
    if pythonpath or (shutil.which(words[0]) is None and all(part.isidentifier() for part in words[0].split("."))):
        return Kind.module
    return Kind.interpreter
