"""Measurements on the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from runpy_conformance.execution.bench import GOAL, Benchmark, Measurement


def show_measurement(measurement: Measurement, console: Console) -> None:
    """Prints what the benchmarks took on one subject."""
    if measurement.problem is not None:
        console.print(f"{measurement.subject}: [yellow]not measured:[/] {escape(measurement.problem)}", highlight=False)
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(measurement.subject, no_wrap=True, min_width=36)
    for heading in ("standard", "reference", "ratio", "quartiles"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for one in measurement.benchmarks:
        first, third = one.quartiles
        ratio, spread = f"{one.ratio:.2f}", f"{first:.2f} – {third:.2f}"
        table.add_row(one.name, duration(one.standard), duration(one.reference), ratio, spread, _remark(one))
    console.print(table)


def show_goal(measurements: Sequence[Measurement], console: Console) -> None:
    """Prints what the goal is, and what is above it."""
    calls = [
        (measurement, one) for measurement in measurements for one in measurement.benchmarks if one.goal is not None
    ]
    above = [(measurement, one) for measurement, one in calls if one.above_goal]
    console.print(f"\nThe goal for a call is a ratio of at most {GOAL}; {len(above)} of {len(calls)} are above it.")
    for measurement, one in above:
        console.print(f"  {measurement.subject}: {one.name}: {one.ratio:.2f}", highlight=False)


def duration(seconds: float) -> str:
    """Such as ``85.1 µs`` or ``19.0 ms``."""
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.1f} µs"


def _remark(one: Benchmark) -> str:
    if one.goal is None:
        return "[dim]no goal[/]"
    return "[bold red]above the goal[/]" if one.above_goal else ""
