"""Commands that measure: bench."""

from typing import Annotated

import typer

from runpy_conformance.cli.common import FAILED, Json, Pythons, Subjects, console, print_json, said_plainly, selected
from runpy_conformance.execution.bench import GOAL, LEAST_ROUNDS, run_bench
from runpy_conformance.report.measurements import show_goal, show_measurement
from runpy_conformance.running import BadRun
from runpy_conformance.subjects.kinds import REFERENCE

app = typer.Typer()


@app.command(epilog="Example: runpy-conformance bench --subject reference@cpython-3.13")
def bench(
    subject: Subjects = None,
    python: Pythons = None,
    rounds: Annotated[int, typer.Option(metavar="N", min=LEAST_ROUNDS, help="How often each is measured.")] = 100,
    json: Json = False,
) -> None:
    """Measure the reference beside the standard runpy of the same interpreter: calls, and the start by -m.

    In each round both run the same program in turns. The ratio, reference to standard, is the median of the rounds'
    ratios, and the quartiles are its spread. --subject is `reference` or `reference@PATH`.

    The goal for calls is a ratio of at most 1.2. To miss it is no failure; that a subject could not be measured is one.
    """
    measured = []
    with said_plainly(), selected(subject or ["reference"], python) as chosen:
        for one in chosen:
            if one.module != REFERENCE:
                raise BadRun(f"{one.id} is not the reference; nothing else is measured")
        for one in chosen:
            measured.append(run_bench(one, rounds))
            if not json:
                show_measurement(measured[-1], console())
    if json:
        print_json({"goal": GOAL, "measurements": measured})
    else:
        show_goal(measured, console())
    if any(one.problem is not None for one in measured):
        raise typer.Exit(FAILED)
