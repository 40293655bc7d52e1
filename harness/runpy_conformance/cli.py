"""The command ``runpy-conformance``.

Exit status: 0 success; 1 a failure, or an unexplained difference between CPythons (for `lint`: a problem; for `diff`:
a regression); 2 bad usage or bad input; 3 interrupted: what was taken so far is kept.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import typer
from rich.console import Console

from runpy_conformance import __version__
from runpy_conformance import corpus as corpora
from runpy_conformance import results as records
from runpy_conformance.corpus import BadCorpus, Corpus
from runpy_conformance.coverage import as_data as covered_as_data
from runpy_conformance.coverage import coverage as clauses_covered
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.lint import lint as lint_corpus
from runpy_conformance.model.case import Case
from runpy_conformance.model.subject import Subject
from runpy_conformance.report import observations, terminal
from runpy_conformance.report.case import case_text
from runpy_conformance.report.compare import compare
from runpy_conformance.report.documents import render
from runpy_conformance.report.site import write_site
from runpy_conformance.report.summary import summarise
from runpy_conformance.running import BadRun, Plan, parse_pytest
from runpy_conformance.running import run as carry_out
from runpy_conformance.subjects.baseline import BadBaseline
from runpy_conformance.subjects.selection import DEFAULT, FORMS, BadSubject, Selector

FAILED, BAD_USAGE, INTERRUPTED = 1, 2, 3

app = typer.Typer(
    name="runpy-conformance",
    help="Conformance and differential testing of runpy, python -m, scripts, directories and archives.",
    epilog="Exit status: 0 success, 1 failures, 2 bad usage or input, 3 interrupted.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


class Isolation(StrEnum):
    """How call cases are kept apart."""

    fork = "fork"
    fresh = "fresh"


class Format(StrEnum):
    """Of a report."""

    terminal = "terminal"
    markdown = "markdown"
    html = "html"
    svg = "svg"
    json = "json"


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
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _console(to_stderr: bool = False) -> Console:
    console = Console(stderr=to_stderr, soft_wrap=True)
    if not console.is_terminal:
        console = Console(stderr=to_stderr, soft_wrap=True, width=120)
    return console


def _stop(message: str, status: int = BAD_USAGE) -> NoReturn:
    print(f"runpy-conformance: {message}", file=sys.stderr)
    raise typer.Exit(status)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turns what can be wrong with the input into a message and exit status 2."""
    try:
        yield
    except (BadCorpus, BadSubject, BadBaseline, BadRun, records.BadResults) as problem:
        _stop(str(problem))


def _corpus(root: Path | None) -> Corpus:
    return corpora.require((root or corpora.default_root()).resolve())


@contextmanager
def _selected(
    texts: list[str] | None, pythons: list[str] | None, pythonpath: list[Path] | None, root: Path
) -> Iterator[tuple[Subject, ...]]:
    with tempfile.TemporaryDirectory(prefix="runpy-") as folder:
        selector = Selector(Path(folder).resolve(), pythonpath or (), pythons or (), root / "spec" / "baselines")
        subjects = selector.select(texts or DEFAULT)
        for rejected in selector.rejected:
            print(f"runpy-conformance: warning: {rejected.path} {rejected.reason}; left out", file=sys.stderr)
        yield subjects


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(__version__)


@app.command(epilog="Example: runpy-conformance subjects --json")
def subjects(
    subject: Subjects = None,
    python: Pythons = None,
    pythonpath: PythonPath = None,
    corpus: Root = None,
    json: Json = False,
) -> None:
    """List the interpreters of this machine, or what --subject names.

    More are looked for in the environment variable RUNPY_CONFORMANCE_PYTHONS: paths of executables or of folders,
    separated as in PATH.
    """
    root = (corpus or corpora.default_root()).resolve()
    with _said_plainly(), _selected(subject or ["all"], python, pythonpath, root) as found:
        if json:
            print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
            return
        for one in found:
            aliases = f"  (also {', '.join(one.host.aliases)})" if one.host.aliases else ""
            print(f"{one.id:24} {one.host.path}{aliases}")


@app.command(
    epilog=f"SUBJECT is one of\n\n{FORMS}\n\nWithout --subject: cpython and reference.\n\n"
    "Example: runpy-conformance run --subject cpython --subject reference --results r.jsonl -n auto",
    context_settings={"allow_extra_args": True, "allow_interspersed_args": True},
)
def run(
    context: typer.Context,
    subject: Subjects = None,
    python: Pythons = None,
    pythonpath: PythonPath = None,
    corpus: Root = None,
    results: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the results, as JSON Lines.")] = Path(
        "results.jsonl"
    ),
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the interrupted run in --results.")] = False,
    case: Annotated[list[str] | None, typer.Option(metavar="ID", help="Run this case only; may be repeated.")] = None,
    isolation: Annotated[
        Isolation, typer.Option(help="fork: calls in forks of a warm process; fresh: each in a new process.")
    ] = Isolation.fork,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Time limit of one run of a case.")] = 20.0,
    keyword: Annotated[str | None, typer.Option("-k", metavar="EXPRESSION", help="pytest: choose items.")] = None,
    exitfirst: Annotated[bool, typer.Option("-x", help="pytest: stop at the first failure.")] = False,
    last_failed: Annotated[bool, typer.Option("--lf", help="pytest: only what failed last time.")] = False,
    processes: Annotated[str | None, typer.Option("-n", metavar="N", help="pytest-xdist: processes, or auto.")] = None,
    quiet: Annotated[int, typer.Option("-q", count=True, help="pytest: less output.")] = 0,
) -> None:
    """Run cases on subjects, record the results and print what they come to.

    Words behind -- are handed to pytest.
    """
    with _said_plainly():
        loaded = _corpus(corpus)
        for name in case or ():
            if name not in loaded.cases:
                raise BadRun(f"there is no case {name!r}; `runpy-conformance list` names them")
        with _selected(subject, python, pythonpath, loaded.root) as chosen:
            plan = Plan(
                loaded,
                chosen,
                results,
                tuple(case) if case else None,
                isolation.value,
                Limits(seconds=timeout),
                resume,
                parse_pytest(keyword, exitfirst, last_failed, processes, quiet, context.args),
            )
            record = carry_out(plan)
        summary = summarise(record, loaded)
        terminal.show(summary, loaded, _console())
    if summary.interrupted:
        _stop(f"interrupted; --resume goes on with {results}", INTERRUPTED)
    if not summary.succeeded:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance report r.jsonl --format html --output report.html")
def report(
    files: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="Files that `run` wrote; shards merge.")],
    format: Annotated[Format, typer.Option("--format", "-f", help="How.")] = Format.terminal,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = None,
    corpus: Root = None,
) -> None:
    """Print what a run came to, and the difference report: who behaves how in each case, and why."""
    with _said_plainly():
        loaded = _corpus(corpus)
        record = records.merge([records.read(path) for path in files])
        if record.header.corpus != loaded.digest:
            print(
                "runpy-conformance: warning: the results are of other cases than those at hand; "
                "cases that are gone are left out, and explanations may be off",
                file=sys.stderr,
            )
        summary = summarise(record, loaded)
        if format is Format.terminal:
            terminal.show(summary, loaded, _console())
            return
        text = render(summary, record, loaded, format)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as problem:
        _stop(f"{output}: {problem.strerror}")


@app.command(epilog="Example: runpy-conformance diff before.jsonl after.jsonl")
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="Results of the earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Results of the later run.")],
    json: Json = False,
) -> None:
    """Compare two runs: what regressed, was fixed, changed, is new or was removed."""
    with _said_plainly():
        moves = compare(records.read(before), records.read(after))
    if json:
        print(msgspec.json.format(msgspec.json.encode(moves), indent=2).decode())
    else:
        terminal.show_moves(moves, _console())
    if any(move.kind == "regressed" for move in moves):
        raise typer.Exit(FAILED)


def _chosen(loaded: Corpus, area: str | None, clause: str | None) -> list[Case]:
    return [
        one
        for one in loaded.cases.values()
        if (area is None or one.area == area) and (clause is None or clause in one.cited)
    ]


@app.command("list", epilog="Example: runpy-conformance list --clause RMG-03")
def list_cases(
    area: Annotated[str | None, typer.Option(metavar="AREA", help="Only cases of this area.")] = None,
    clause: Annotated[str | None, typer.Option(metavar="ID", help="Only cases that name this clause.")] = None,
    corpus: Root = None,
    json: Json = False,
) -> None:
    """List the cases."""
    with _said_plainly():
        chosen = _chosen(_corpus(corpus), area, clause)
    if json:
        print(msgspec.json.format(msgspec.json.encode(chosen), indent=2).decode())
        return
    for one in chosen:
        print(f"{one.id:56} {','.join(one.cited):24} {one.title}")


@app.command(epilog="Example: runpy-conformance show run-module-package-runs-main")
def show(
    name: Annotated[str, typer.Argument(metavar="CASE|CLAUSE", help="The id of a case or of a clause.")],
    corpus: Root = None,
    json: Json = False,
) -> None:
    """Show a case with its program, its expectations and its clauses; or a clause with its cases."""
    with _said_plainly():
        loaded = _corpus(corpus)
        found = loaded.cases.get(name) or loaded.clauses.get(name)
        if found is None:
            raise BadRun(f"there is no case and no clause {name!r}")
    if json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        print(case_text(loaded, name))


@app.command(epilog="Example: runpy-conformance lint")
def lint(corpus: Root = None, json: Json = False) -> None:
    """Check the specification and the cases."""
    root = (corpus or corpora.default_root()).resolve()
    loaded, problems = corpora.load(root)
    problems += lint_corpus(loaded)
    if json:
        print(msgspec.json.format(msgspec.json.encode(problems), indent=2).decode())
    else:
        for problem in problems:
            print(problem)
        print(f"{len(loaded.clauses)} clauses, {len(loaded.cases)} cases, {terminal.plural(len(problems), 'problem')}")
    if not loaded.cases:
        _stop(f"{root}: there are no cases")
    if problems:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance coverage --json")
def coverage(corpus: Root = None, json: Json = False) -> None:
    """Count the clauses that have their cases, by area and level; name the exemptions and the gaps.

    Every clause that is not exempt needs a case. A clause of level must needs one that shows it holding and one
    against it: at its edge, or of what must not happen.
    """
    with _said_plainly():
        covered = clauses_covered(_corpus(corpus))
    if json:
        print(msgspec.json.format(msgspec.json.encode([covered_as_data(one) for one in covered]), indent=2).decode())
    else:
        terminal.show_coverage(covered, _console())
    if any(one.gap is not None for one in covered):
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance history results.jsonl")
def history(
    files: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="Files that `run` wrote, of CPythons.")],
    corpus: Root = None,
    json: Json = False,
) -> None:
    """Print the behaviour changes between versions, each with the case and the two observations that prove it.

    A change that no results show, and a difference between CPythons that no change explains, are errors.
    """
    with _said_plainly():
        loaded = _corpus(corpus)
        summary = summarise(records.merge([records.read(path) for path in files]), loaded)
    if json:
        print(msgspec.json.format(msgspec.json.encode(summary.history), indent=2).decode())
    else:
        terminal.show_history(summary.history, _console())
        for one in summary.cpython_unexplained:
            print(f"no change explains how CPythons differ in {one.case}")
    if summary.history.unshown or summary.cpython_unexplained:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance site build/site")
def site(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write it.")],
    corpus: Root = None,
) -> None:
    """Write specification, cases and coverage as a static site, to read and to search."""
    with _said_plainly():
        loaded = _corpus(corpus)
        try:
            pages = write_site(loaded, folder)
        except OSError as problem:
            _stop(f"{problem.filename}: {problem.strerror}")
    print(f"{pages} pages in {folder}; begin with {folder / 'index.html'}")


@app.command(epilog="Example: runpy-conformance observe my-case.toml --subject cpython")
def observe(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of cases.")],
    subject: Subjects = None,
    python: Pythons = None,
    pythonpath: PythonPath = None,
    isolation: Annotated[Isolation, typer.Option(help="As for run.")] = Isolation.fork,
) -> None:
    """Show what subjects do with a case, before its expectation is written."""
    root = corpora.default_root()
    with _said_plainly():
        cases = [corpora.load_case(path) for path in files]
        with _selected(subject or ["cpython"], python, pythonpath, root) as chosen:
            for text in observations.observe(cases, chosen, isolation.value):
                print(text)


def main() -> None:
    """Runs the command."""
    try:
        app(prog_name="runpy-conformance", standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
