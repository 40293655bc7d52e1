"""Commands about subjects and runs: subjects, run, report, diff, history, observe, upstream."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from runpy_conformance import corpus as corpora
from runpy_conformance import results as records
from runpy_conformance.baseline import relabelled
from runpy_conformance.cli.common import (
    FAILED,
    INTERRUPTED,
    Format,
    Isolation,
    Json,
    OfGate,
    PythonPath,
    Pythons,
    Root,
    Subjects,
    console,
    print_json,
    said_plainly,
    selected,
    stop,
    whole_corpus,
    write,
)
from runpy_conformance.cli.known import require_manifests, write_known
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.execution.upstream import MODULES, run_upstream
from runpy_conformance.report import observations, terminal
from runpy_conformance.report.compare import compare
from runpy_conformance.report.documents import render
from runpy_conformance.report.summary import summarise
from runpy_conformance.running import BadRun, Plan, parse_pytest
from runpy_conformance.running import run as carry_out
from runpy_conformance.subjects.kinds import REFERENCE
from runpy_conformance.subjects.selection import FORMS

app = typer.Typer()


@app.command(epilog="Example: runpy-conformance subjects --json")
def subjects(
    subject: Subjects = None,
    python: Pythons = None,
    pythonpath: PythonPath = None,
    json: Json = False,
) -> None:
    """List the interpreters of this machine, or what --subject names.

    More are looked for in the environment variable RUNPY_CONFORMANCE_PYTHONS: paths of executables or of folders,
    separated as in PATH.
    """
    with said_plainly(), selected(subject or ["all"], python, pythonpath) as found:
        if json:
            print_json(found)
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
        Isolation,
        typer.Option(help="fork: calls in forks of a warm process; fresh: each in a new one; plain: by a script."),
    ] = Isolation.fork,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Time limit of one run of a case.")] = 20.0,
    keyword: Annotated[str | None, typer.Option("-k", metavar="EXPRESSION", help="pytest: choose items.")] = None,
    exitfirst: Annotated[bool, typer.Option("-x", help="pytest: stop at the first failure.")] = False,
    last_failed: Annotated[bool, typer.Option("--lf", help="pytest: only what failed last time.")] = False,
    processes: Annotated[str | None, typer.Option("-n", metavar="N", help="pytest-xdist: processes, or auto.")] = None,
    quiet: Annotated[int, typer.Option("-q", count=True, help="pytest: less output.")] = 0,
    gate: OfGate = None,
    update_known: Annotated[
        bool,
        typer.Option("--update-known", help="Write the known failures of subjects with a manifest into it, anew."),
    ] = False,
    causes: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="With --update-known: causes, whose titles are the reasons of new entries."),
    ] = None,
) -> None:
    """Run cases on subjects, record the results and print what they come to.

    Words behind -- are handed to pytest.

    Exit status: 0 every verdict is good, a known failure, or below the gate, and no difference between CPythons is
    unexplained; 1 otherwise; 2 bad usage or input; 3 interrupted, --resume goes on.
    """
    with said_plainly():
        loaded = whole_corpus(corpus)
        for name in case or ():
            if name not in loaded.cases:
                raise BadRun(f"there is no case {name!r}; `runpy-conformance list` names them")
        with selected(subject, python, pythonpath, loaded.baselines) as chosen:
            if update_known:
                require_manifests(chosen)
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
        if update_known:
            record = relabelled(record, write_known(chosen, record.results, loaded.cases, causes), loaded.cases)
            records.rewrite(results, record)
        summary = summarise(record, loaded, gate.value if gate is not None else None)
        terminal.show(summary, loaded, console())
    if summary.interrupted:
        stop(f"interrupted; --resume goes on with {results}", INTERRUPTED)
    if not summary.succeeded:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance report r.jsonl --format html --output report.html")
def report(
    files: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="Files that `run` wrote; shards merge.")],
    format: Annotated[Format, typer.Option("--format", "-f", help="How.")] = Format.terminal,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = None,
    corpus: Root = None,
    gate: OfGate = None,
) -> None:
    """Print what a run came to, and the difference report: who behaves how in each case, and why.

    For other tools: junit (XML) and ctrf (JSON) hold a test for each case and subject; annotations are workflow
    commands of GitHub, and summary is Markdown that is short enough for the summary of a job.
    """
    with said_plainly():
        loaded = whole_corpus(corpus)
        record = records.merge([records.read(path) for path in files])
        if record.header.corpus != loaded.digest:
            print(
                "runpy-conformance: warning: the results are of other cases than those at hand; "
                "cases that are gone are left out, and explanations may be off",
                file=sys.stderr,
            )
        summary = summarise(record, loaded, gate.value if gate is not None else None)
        if format is Format.terminal:
            terminal.show(summary, loaded, console())
            return
        text = render(summary, record, loaded, format)
    if output is None:
        sys.stdout.write(text)
    else:
        write(output, text)


@app.command(epilog="Example: runpy-conformance diff before.jsonl after.jsonl")
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="Results of the earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Results of the later run.")],
    json: Json = False,
) -> None:
    """Compare two runs: what regressed, was fixed, changed, is new or was removed."""
    with said_plainly():
        moves = compare(records.read(before), records.read(after))
    if json:
        print_json(moves)
    else:
        terminal.show_moves(moves, console())
    if any(move.kind == "regressed" for move in moves):
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
    with said_plainly():
        loaded = whole_corpus(corpus)
        summary = summarise(records.merge([records.read(path) for path in files]), loaded)
    if json:
        print_json(summary.history)
    else:
        terminal.show_history(summary.history, console())
        for one in summary.cpython_unexplained:
            print(f"no change explains how CPythons differ in {one.case}")
    if summary.history.unshown or summary.cpython_unexplained:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance observe my-case.toml --subject cpython")
def observe(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of cases.")],
    subject: Subjects = None,
    python: Pythons = None,
    pythonpath: PythonPath = None,
    isolation: Annotated[Isolation, typer.Option(help="As for run.")] = Isolation.fork,
) -> None:
    """Show what subjects do with a case, before its expectation is written."""
    with said_plainly():
        cases = [corpora.load_case(path) for path in files]
        with selected(subject or ["cpython"], python, pythonpath) as chosen:
            for text in observations.observe(cases, chosen, isolation.value):
                print(text)


@app.command(epilog="Example: runpy-conformance upstream --subject reference@cpython-3.13")
def upstream(subject: Subjects = None, python: Pythons = None, json: Json = False) -> None:
    """Run CPython's own tests of runpy, from each interpreter's installation, on the reference implementation.

    --subject is `reference` or `reference@PATH`. Tests that use neither a public function nor the command line are
    not applicable.
    """
    found = []
    with said_plainly(), selected(subject or ["reference"], python) as chosen:
        for one in chosen:
            if one.module != REFERENCE:
                raise BadRun(f"{one.id} is not the reference; CPython's tests are pointed at nothing else")
            for module in MODULES:
                found.append(run_upstream(one, module))
                if not json:
                    terminal.show_outcomes(found[-1], console())
    if json:
        print_json(found)
    if any(outcomes.counts()["failed"] for outcomes in found):
        raise typer.Exit(FAILED)
