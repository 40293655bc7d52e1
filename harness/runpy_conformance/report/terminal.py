"""A summary on the terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from runpy_conformance.baseline import Remark
from runpy_conformance.corpus import Corpus
from runpy_conformance.coverage import NONE, Count, Covered, by_level, counts
from runpy_conformance.difference import Difference
from runpy_conformance.execution.upstream import Outcomes
from runpy_conformance.history import History
from runpy_conformance.judge import readable
from runpy_conformance.matching import MISSING
from runpy_conformance.model.clause import LEVELS
from runpy_conformance.model.result import Timing
from runpy_conformance.model.subject import Subject
from runpy_conformance.report.compare import KINDS, Move
from runpy_conformance.report.summary import Cell, Stale, Summary

_AREA_WIDTH = 28
_SHOWN = 40
"""How many failures or differences are listed before the rest is only counted."""
_UNRUN_SHOWN = 5


def show(summary: Summary, corpus: Corpus, console: Console) -> None:
    """Prints the matrix, what fails, the differences, and the result."""
    for subjects in _that_fit(summary.subjects, console.width - _AREA_WIDTH):
        console.print(_matrix(summary, subjects))
    console.print(
        "[dim]Numbers are cases that pass; [/][red]!n[/][dim] fail; [/][yellow]k n[/][dim] known failures; "
        "[/]·[dim] nothing to say.[/]"
    )
    if any(one.manifest is not None for one in summary.subjects):
        console.print(_level_table(summary))
    _failures(summary, corpus, console)
    _differences(summary, corpus, console)
    if summary.unknown_cases:
        gone = plural(len(summary.unknown_cases), "case")
        console.print(f"[yellow]left out:[/] results of {gone} that the corpus does not have")
    _stale(summary.stale, console)
    if summary.timing is not None:
        console.print(timing(summary.timing))
    console.print(verdict(summary))


def _stale(stale: Sequence[Stale], console: Console) -> None:
    """Names the known failures that are not as listed; those that were not run are counted if they are many."""
    unrun = [one for one in stale if one.what == "was not run"]
    for one in stale:
        if one.what != "was not run" or len(unrun) <= _UNRUN_SHOWN:
            console.print(f"[yellow]known failure[/] {one.known.case} of {one.subject} {one.what}")
    if len(unrun) > _UNRUN_SHOWN:
        console.print(f"[yellow]known failures:[/] {len(unrun)} were not run")


def columns(subject: Subject) -> str:
    """The heading of a subject's column, on two lines."""
    kind = subject.id.partition("@")[0] if "@" in subject.id or subject.server else subject.host.implementation
    return f"{kind[:9]}\n{subject.host.version}"


def _that_fit(subjects: Sequence[Subject], width: int) -> Iterator[Sequence[Subject]]:
    each = 1 + max((len(line) for one in subjects for line in columns(one).splitlines()), default=8)
    count = max(1, width // each)
    for start in range(0, len(subjects), count):
        yield subjects[start : start + count]


def _matrix(summary: Summary, subjects: Sequence[Subject]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_footer=True)
    table.add_column("\narea", footer="all", no_wrap=True)
    for subject in subjects:
        total = _cell(summary.totals.get(subject.id))
        table.add_column(escape(columns(subject)), footer=total, justify="right", no_wrap=True)
    for area in summary.areas:
        table.add_row(area, *(_cell(summary.cells.get((area, subject.id))) for subject in subjects))
    return table


def _level_table(summary: Summary) -> Table:
    """For each subject, its cases by level: passed, failed, known, unsupported."""
    table = Table(box=None, padding=(0, 1, 0, 0), title="\nBy level: passed / failed / known failures / unsupported")
    table.add_column("subject", no_wrap=True)
    for level in LEVELS:
        table.add_column(level, justify="right", no_wrap=True)
    for subject in summary.subjects:
        cells = (summary.levels.get((subject.id, level)) for level in LEVELS)
        table.add_row(escape(subject.id), *(_level_cell(cell) for cell in cells))
    return table


def _level_cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    unsupported = cell.counts.get("unsupported", 0)
    return f"[green]{cell.good}[/] / [red]{cell.bad}[/] / [yellow]{cell.known}[/] / [dim]{unsupported}[/]"


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    parts = [f"[green]{cell.good}[/]"] if cell.good else []
    if cell.known:
        parts.append(f"[yellow]k{cell.known}[/]")
    if cell.bad:
        parts.append(f"[bold red]!{cell.bad}[/]")
    return " ".join(parts) or "[dim]·[/]"


def _failures(summary: Summary, corpus: Corpus, console: Console) -> None:
    if not summary.failures:
        return
    console.print(f"\n[bold red]{plural(len(summary.failures), 'failure')}[/]")
    grouped: dict[str, list[str]] = {}
    for result in summary.failures:
        grouped.setdefault(result.case, []).append(result.subject)
    for name, subjects in list(grouped.items())[:_SHOWN]:
        case = corpus.cases[name]
        console.print(f"  [bold]{name}[/] [dim]{', '.join(case.cited)}[/] {escape(case.title)}", highlight=False)
        console.print(f"      {escape(', '.join(subjects))}", highlight=False)
    _rest(len(grouped), console)


def _rest(count: int, console: Console) -> None:
    if count > _SHOWN:
        console.print(f"  … and {count - _SHOWN} more; `runpy-conformance report` has them all")


def _differences(summary: Summary, corpus: Corpus, console: Console) -> None:
    unexplained = [one for one in summary.differences if one.unexplained]
    explained = len(summary.differences) - len(unexplained)
    changes = Counter(str(reason) for one in summary.differences for reason in one.explanations)
    console.print(
        f"\n{plural(len(summary.differences), 'case')} in which subjects differ: {explained} explained "
        f"by {plural(len(changes), 'cause')}, {len(unexplained)} unexplained "
        f"({len(summary.cpython_unexplained)} between CPythons)"
    )
    for one in unexplained[:_SHOWN]:
        console.print(f"  [bold]{one.case}[/] {escape(corpus.cases[one.case].title)}", highlight=False)
        for line in behaviour_lines(one):
            console.print(f"      {escape(line)}", highlight=False)
    _rest(len(unexplained), console)


def behaviour_lines(difference: Difference) -> Iterator[str]:
    """One line for each behaviour of a difference: who, and what is seen in the fields that differ."""
    for behaviour in difference.behaviours:
        seen = ", ".join(f"{name} = {short(behaviour.fields.get(name, MISSING))}" for name in difference.fields)
        yield f"{', '.join(behaviour.subjects)}: {seen}"


def short(value: Any) -> str:
    """A value on one line of bounded length."""
    text = readable(value)
    return text if len(text) <= 100 else f"{text[:97]}…"


def plural(count: int, noun: str) -> str:
    """Such as ``1 case`` or ``2 cases``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def timing(spent: Timing) -> str:
    """Where the time of a run went, in a sentence."""
    share = (spent.bare_start + spent.bare_fork) / spent.executing if spent.executing else 0.0
    return (
        f"{spent.wall:.0f} s for {plural(spent.runs, 'run')}; of {spent.executing:.0f} s in processes, bare "
        f"start-up of {plural(spent.starts, 'interpreter')} takes {spent.bare_start:.0f} s and "
        f"{plural(spent.forks, 'bare fork')} {spent.bare_fork:.1f} s ({share:.0%})"
    )


def verdict(summary: Summary) -> str:
    """The last line."""
    good = sum(cell.good for cell in summary.totals.values())
    known = sum(cell.known for cell in summary.totals.values())
    left_out = sum(cell.left_out for cell in summary.totals.values())
    counted = (
        f"{good} passed, {len(summary.failures)} failed, {known} known failures, {left_out} not for their subject, "
        f"{len(summary.cpython_unexplained)} unexplained differences between CPythons"
    )
    let_pass = len(summary.failures) - len(summary.decisive)
    if let_pass:
        counted += f"; the gate lets {plural(let_pass, 'failure')} pass"
    if summary.interrupted:
        return f"[bold yellow]INTERRUPTED[/] {counted}"
    return f"[bold green]OK[/] {counted}" if summary.succeeded else f"[bold red]FAILED[/] {counted}"


def show_history(found: History, console: Console) -> None:
    """Prints the timeline of behaviour changes."""
    for row in found.rows:
        issues = f" ({', '.join(row.change.issues)})" if row.change.issues else ""
        console.print(
            f"[bold]{row.change.versions[-1]:7}[/] {escape(row.change.title)} [dim]{escape(row.change.id)}{issues}[/]",
            highlight=False,
        )
        console.print(
            f"        {', '.join(row.change.clauses)}; case {row.case}; {row.last} -> {row.first}", highlight=False
        )
        for name in sorted(row.before.keys() | row.after.keys()):
            before, after = short(row.before.get(name, MISSING)), short(row.after.get(name, MISSING))
            console.print(f"        {escape(name)}: {escape(before)} -> {escape(after)}", highlight=False)
    for change in found.exempt:
        console.print(f"[dim]not shown[/] {change.id}: {escape(str(change.exempt))}", highlight=False)
    for change in found.out_of_reach:
        console.print(f"[yellow]out of reach[/] of these interpreters: {change.id} ({', '.join(change.versions)})")
    for change in found.unshown:
        console.print(f"[bold red]shown by no result[/]: {change.id} ({', '.join(change.versions)})")
    console.print(
        f"{plural(len(found.rows), 'change')} shown, {len(found.exempt)} exempt, {len(found.out_of_reach)} out of "
        f"reach, {len(found.unshown)} shown by no result"
    )


def show_coverage(covered: Sequence[Covered], console: Console) -> None:
    """Prints how many clauses of each area and level have their cases, the exemptions, and the gaps."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_footer=True)
    counted = counts(tuple(covered))
    whole = by_level(counted)
    table.add_column("area", footer="all")
    for level in LEVELS:
        table.add_column(level, footer=_share(whole[level]), justify="right")
    shown = sum(len(one.shown) for one in covered)
    against = sum(len(one.against) for one in covered)
    table.add_column("for", footer=str(shown), justify="right")
    table.add_column("against", footer=str(against), justify="right")
    for area in dict.fromkeys(one.area for one in covered):
        mine = [one for one in covered if one.area == area]
        levels = [_share(counted.get((area, level), NONE)) for level in LEVELS]
        table.add_row(area, *levels, str(sum(len(m.shown) for m in mine)), str(sum(len(m.against) for m in mine)))
    console.print(table)
    for one in covered:
        if one.clause.exempt is not None:
            console.print(f"[dim]exempt[/] {one.clause.id}: {escape(one.clause.exempt)}", highlight=False)
    gaps = [one for one in covered if one.gap is not None]
    for one in gaps:
        console.print(f"[bold red]gap[/] {one.clause.id} ({one.clause.level}): {one.gap}", highlight=False)
    exempt = sum(one.clause.exempt is not None for one in covered)
    console.print(f"{plural(len(covered), 'clause')}, {exempt} exempt, {plural(len(gaps), 'gap')}")


def _share(count: Count) -> str:
    if not count.clauses:
        return ""
    exempt = f" [dim]+{count.exempt}[/]" if count.exempt else ""
    missing = count.clauses - count.exempt - count.covered
    return f"{count.covered}{f' [bold red]-{missing}[/]' if missing else ''}{exempt}"


def show_outcomes(outcomes: Outcomes, console: Console) -> None:
    """Prints how many of CPython's tests passed, failed and do not apply, and names those that failed."""
    name = f"{outcomes.subject:28} {outcomes.module:22}"
    if outcomes.problem is not None:
        console.print(f"{name} [yellow]not run:[/] {escape(outcomes.problem)}", highlight=False)
        return
    counts = outcomes.counts()
    failed = f"[bold red]{counts['failed']} failed[/]" if counts["failed"] else "0 failed"
    console.print(f"{name} {counts['passed']:3} passed, {failed}, {counts['not applicable']} not applicable")
    for test, (outcome, remark) in outcomes.tests.items():
        if outcome == "failed":
            console.print(f"    {test}: {escape(remark)}", highlight=False)


def show_remarks(manifest: str, remarks: Sequence[Remark], console: Console) -> None:
    """Prints what became of the known failures in the file *manifest*; those that stay as they are only by number."""
    console.print(f"\nknown failures in {escape(manifest)}", highlight=False)
    for remark in remarks:
        if remark.kind not in ("kept", "added"):
            words = {"passes": "passes; its entry is gone", "does not exist": "does not exist; its entry is gone"}
            console.print(f"  [yellow]{remark.case}[/] {words.get(remark.kind, remark.kind)}", highlight=False)
    counts = Counter(remark.kind for remark in remarks)
    console.print("  " + (", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "none"))


def show_moves(moves: Sequence[Move], console: Console) -> None:
    """Prints how two runs differ."""
    styles = {"regressed": "bold red", "fixed": "green", "changed": "yellow", "new": "cyan", "removed": "dim"}
    for move in moves:
        before = move.before.judgement.verdict if move.before else "(none)"
        after = move.after.judgement.verdict if move.after else "(none)"
        console.print(
            f"[{styles[move.kind]}]{move.kind:9}[/] {move.case} {escape(f'[{move.subject}]')} {before} -> {after}",
            highlight=False,
        )
    counts = Counter(move.kind for move in moves)
    console.print(", ".join(f"{counts[kind]} {kind}" for kind in KINDS))
