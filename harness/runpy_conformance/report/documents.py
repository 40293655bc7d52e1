"""A record as a document, in the form that is asked for."""

import io
import re
from collections.abc import Callable
from typing import Any

import jinja2
import msgspec
from rich.console import Console

from runpy_conformance.corpus import Corpus
from runpy_conformance.judge import readable
from runpy_conformance.matching import MISSING
from runpy_conformance.model.clause import LEVELS
from runpy_conformance.report.ctrf import as_ctrf
from runpy_conformance.report.failure import described, repeat_command
from runpy_conformance.report.github import as_annotations, by_clause
from runpy_conformance.report.junit import as_junit
from runpy_conformance.report.summary import Summary
from runpy_conformance.report.templating import environment
from runpy_conformance.report.terminal import short, show, timing
from runpy_conformance.report.testcases import subjects_text
from runpy_conformance.results import Results

_FOR_TOOLS: dict[str, Callable[[Results, Corpus], str]] = {"junit": as_junit, "ctrf": as_ctrf}
_PICTURE_WIDTH = 140
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""What would make a picture ask a server for a font."""


def render(summary: Summary, results: Results, corpus: Corpus, form: str) -> str:
    """The report as ``markdown``, ``html``, ``svg``, ``json``, ``junit``, ``ctrf``, ``annotations`` or ``summary``."""
    if form == "svg":
        return as_picture(summary, corpus)
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(as_data(summary, results)), indent=2).decode() + "\n"
    if form in _FOR_TOOLS:
        return _FOR_TOOLS[form](results, corpus)
    if form == "annotations":
        return as_annotations(summary, results, corpus)
    templates = environment(escape=form == "html")
    templates.filters.update(readable=readable, short=short, cell_text=_cell_text, fields=_fields_text, marked=_escaped)
    if form == "summary":
        return as_summary(templates, summary, results, corpus)
    template = templates.get_template("report.html.j2" if form == "html" else "report.md.j2")
    return template.render(
        summary=summary,
        header=results.header,
        subjects=results.subjects,
        cases=corpus.cases,
        clauses=corpus.clauses,
        changes=corpus.changes,
        described=described,
        repeat=repeat_command,
        timing=timing,
        missing=MISSING,
    )


def as_summary(templates: jinja2.Environment, summary: Summary, results: Results, corpus: Corpus) -> str:
    """The report as Markdown that is short enough for the summary of a job, whatever fails."""
    groups, left_out = by_clause(results, corpus)
    templates.filters.update(subjects=subjects_text)
    return templates.get_template("summary.md.j2").render(
        summary=summary,
        levels=LEVELS,
        groups=groups,
        left_out=left_out,
        repeat=repeat_command,
    )


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    parts = [str(cell.good)] if cell.good else []
    parts += [f"{cell.known} known"] if cell.known else []
    parts += [f"{cell.bad} failed"] if cell.bad else []
    return ", ".join(parts) or "·"


def _escaped(text: str) -> str:
    """Plain text for Markdown: underscores and asterisks are not marks."""
    return text.replace("_", "\\_").replace("*", "\\*").replace("|", "\\|") if "\\" not in text else text


def _fields_text(fields: dict[str, Any]) -> str:
    """Fields on one line that a cell of a Markdown table can hold."""
    text = ", ".join(f"{name} = {short(value)}" for name, value in sorted(fields.items())) or "(nothing)"
    return text.replace("|", "\\|")


def as_picture(summary: Summary, corpus: Corpus) -> str:
    """What a terminal shows of the report, as SVG."""
    console = Console(record=True, width=_PICTURE_WIDTH, file=io.StringIO(), force_terminal=True)
    show(summary, corpus, console)
    return _WEB_FONT.sub("", console.export_svg(title="runpy-conformance run"))


def as_data(summary: Summary, results: Results) -> dict[str, Any]:
    """The report as JSON data."""
    return {
        "header": results.header,
        "succeeded": summary.succeeded,
        "interrupted": summary.interrupted,
        "totals": {name: cell.counts for name, cell in summary.totals.items()},
        "areas": {
            area: {
                subject.id: summary.cells[area, subject.id].counts
                for subject in summary.subjects
                if (area, subject.id) in summary.cells
            }
            for area in summary.areas
        },
        "failures": [
            {
                "case": one.case,
                "subject": one.subject,
                "verdict": one.judgement.verdict,
                "reason": one.judgement.reason,
                "mismatches": one.judgement.mismatches,
            }
            for one in summary.failures
        ],
        "differences": [
            {
                "case": one.case,
                "fields": one.fields,
                "behaviours": [
                    {
                        "subjects": behaviour.subjects,
                        "verdict": behaviour.judgement.verdict,
                        "seen": {name: behaviour.fields[name] for name in one.fields if name in behaviour.fields},
                    }
                    for behaviour in one.behaviours
                ],
                "explanations": [str(reason) for reason in one.explanations],
                "unexplained": one.unexplained,
            }
            for one in summary.differences
        ],
        "history": summary.history,
        "stale": summary.stale,
        "timing": summary.timing,
    }
