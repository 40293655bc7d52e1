"""Commands about how strong the suite is: strength, strength-report."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from runpy_conformance.cli.common import (
    FAILED,
    INTERRUPTED,
    Json,
    Pythons,
    Root,
    console,
    print_json,
    said_plainly,
    selected,
    stop,
    whole_corpus,
    write,
)
from runpy_conformance.execution.unittests import NoTests
from runpy_conformance.model.strength import CORPUS, StrengthLine, Trial
from runpy_conformance.model.subject import Subject
from runpy_conformance.report import strength as reports
from runpy_conformance.running import BadRun
from runpy_conformance.strength import record as records
from runpy_conformance.strength.record import EMPTY
from runpy_conformance.strength.target import Reference, StandardRunpy, Target
from runpy_conformance.subjects.kinds import REFERENCE
from runpy_conformance.subjects.overlay import BadReplacement

if TYPE_CHECKING:
    from runpy_conformance.strength.campaign import Campaign, Unit

app = typer.Typer()


class JudgeName(StrEnum):
    """What may reject mutants."""

    corpus = "corpus"
    test_runpy = "test_runpy"
    test_cmd_line_script = "test_cmd_line_script"


Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report as Markdown.")]
Subjects = Annotated[
    list[str] | None,
    typer.Option(
        "--subject",
        "-s",
        metavar="SUBJECT",
        help="What to mutate: the runpy.py of an interpreter (cpython-3.13, python:PATH, …), or reference, or "
        "reference@PATH. May be given more than once. Default: the newest CPython.",
    ),
]
Judges = Annotated[
    list[JudgeName] | None,
    typer.Option(
        "--judge",
        help="What may reject mutants; each further one is asked about what those before it let pass. Default: corpus.",
    ),
]


@app.command(epilog="Example: runpy-conformance strength --subject cpython-3.13 --sample 50")
def strength(
    subject: Subjects = None,
    python: Pythons = None,
    corpus: Root = None,
    judge: Judges = None,
    results: Annotated[Path, typer.Option(metavar="FILE", help="Where to write what becomes of each mutant.")] = Path(
        "strength.jsonl"
    ),
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Add to --results, and leave out what was judged there. Where specification or cases have changed "
            "since, rejections by cases that are the same hold, and the other mutants are judged anew.",
        ),
    ] = False,
    mutant: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Judge this mutant only; may be repeated.")
    ] = None,
    sample: Annotated[int | None, typer.Option(metavar="N", min=1, help="Draw N mutants, always the same.")] = None,
    exhaustive: Annotated[
        bool, typer.Option("--exhaustive", help="Run all cases, also behind the first that rejects a mutant.")
    ] = False,
    equivalent: Annotated[
        bool, typer.Option("--try-equivalent", help="Judge the mutants, too, that are listed as equivalent.")
    ] = False,
    processes: Annotated[int | None, typer.Option("-n", metavar="N", min=1, help="Mutants at a time.")] = None,
) -> None:
    """Count which wrong copies of an implementation the cases reject.

    Mutants of the standard runpy.py of an interpreter, or of the reference's modules, are put in its place one by one.
    Each is judged by the cases that execute the line that it changes, up to the first that rejects it. Mutants that
    change no behaviour are listed, with reasons, in spec/equivalents.

    Exit status: 0 all are rejected; 1 some survive; 2 bad usage; 3 interrupted, --resume goes on.
    """
    try:
        from runpy_conformance.strength.campaign import Campaign
    except ModuleNotFoundError as problem:
        stop(f"mutants are made with {problem.name}; install runpy-conformance[strength]")
    with said_plainly():
        loaded = whole_corpus(corpus)
        judges = tuple(one.value for one in judge or [JudgeName.corpus])
        keys = tuple(mutant) if mutant else None
        campaign = Campaign(loaded, judges, exhaustive, equivalent, keys, sample, processes or os.cpu_count() or 1)
        with selected(subject or ["cpython"], python, baselines=loaded.baselines) as chosen:
            targets = [_target(one) for one in (chosen if subject else chosen[-1:])]
            if not resume:
                results.unlink(missing_ok=True)
            for target in targets:
                _judge(campaign, target, results)
        record = records.holding(records.read([results]), loaded)
        strangers = set(mutant or ()) - {trial.mutant.key for trial in record.trials}
        if strangers:
            raise BadRun(f"no mutant that is not listed as equivalent has the key {', '.join(sorted(strangers))}")
    _say(reports.measured(record, loaded), console())


@app.command("strength-report", epilog="Example: runpy-conformance strength-report *.jsonl -o reports/strength.md")
def strength_report(
    files: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="Files that `strength` wrote.")],
    output: Output = None,
    corpus: Root = None,
    json: Json = False,
) -> None:
    """Print what became of mutants: how many are rejected, by which area, clause and case, and who survives."""
    with said_plainly():
        loaded = whole_corpus(corpus)
        measured = reports.measured(records.holding(records.read(files), loaded), loaded)
    if json:
        print_json(measured)
    elif output is None:
        reports.show_stale(measured, console())
        _say(measured, console())
    else:
        write(output, reports.as_markdown(measured, loaded))


def _target(subject: Subject) -> Target:
    if subject.kind == "interpreter":
        if subject.host.implementation != "cpython":
            raise BadRun(f"{subject.id}: only the runpy.py of a CPython can be replaced")
        return StandardRunpy(subject.host)
    if subject.module != REFERENCE:
        raise BadRun(f"{subject.id}: mutants are made of interpreters' own runpy.py and of the reference only")
    return Reference(subject.host, Path(subject.pythonpath[0]), subject.known)


def _judge(campaign: "Campaign", target: Target, path: Path) -> None:
    """Makes the mutants of *target*, judges them, and adds what becomes of them to the record at *path*."""
    from runpy_conformance.strength.campaign import carried_out, prepared
    from runpy_conformance.strength.mutants import Unreadable

    earlier = _earlier(campaign, path)
    try:
        unit = prepared(campaign, target, earlier)
        with _progress(unit) as shown:

            def say(line: StrengthLine) -> None:
                records.append(path, line)
                if isinstance(line, Trial):
                    shown(line)

            carried_out(campaign, target, unit, say)
    except (Unreadable, BadReplacement, NoTests) as problem:
        raise BadRun(str(problem)) from None
    except KeyboardInterrupt:
        stop(f"interrupted; --resume goes on with {path}", INTERRUPTED)


def _earlier(campaign: "Campaign", path: Path) -> records.Record:
    """What the record at *path* says of the corpus as it is; what survived an earlier one is to be judged again."""
    if not path.exists():
        return EMPTY
    record = records.holding(records.read([path]), campaign.corpus)
    old = {(one.target, one.host) for one in record.rounds if one.corpus != campaign.corpus.digest}
    kept = [
        one
        for one in record.trials
        if one.fate != "survived" or one.judge != CORPUS or (one.target, one.host) not in old
    ]
    return records.Record(record.rounds, tuple(kept), record.ends)


@contextmanager
def _progress(unit: "Unit") -> Iterator["_Shown"]:
    begun = unit.round
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), disable=not Console(stderr=True).is_terminal) as bar:
        task = bar.add_task(f"{begun.target} of {begun.host}", total=len(unit.mutants))
        yield _Shown(bar, task, f"{begun.target} of {begun.host}")


class _Shown:
    """Moves a bar on, and says how many mutants survive so far."""

    def __init__(self, bar: Progress, task: TaskID, title: str) -> None:
        self.bar, self.task, self.title = bar, task, title
        self.seen: dict[str, str] = {}

    def __call__(self, trial: Trial) -> None:
        self.seen[trial.mutant.key] = trial.fate
        alive = sum(fate == "survived" for fate in self.seen.values())
        self.bar.update(self.task, completed=len(self.seen), description=f"{self.title}, {alive} survive")


def _say(measured: reports.Strength, console: Console) -> None:
    """Prints what became of the mutants. Ends the command with `FAILED` if some survive that are not listed."""
    reports.show(measured, console)
    if not measured.sound:
        raise typer.Exit(FAILED)
