"""The page of findings of one subject, as Markdown. A pure function."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from runpy_conformance.corpus import Corpus
from runpy_conformance.findings import by_cause
from runpy_conformance.model.clause import LEVELS
from runpy_conformance.model.finding import CausesFile, Severity
from runpy_conformance.model.manifest import Manifest
from runpy_conformance.report.case import source_text
from runpy_conformance.report.summary import Summary
from runpy_conformance.report.templating import environment
from runpy_conformance.results import Results

SEVERITIES: tuple[Severity, ...] = ("bug", "deviation", "by-design", "unsupported")
"""The worst first."""

_NAMED = 8
"""How many cases of a cause are named."""


class Page(Struct, frozen=True):
    """A page of findings, as the overview counts it."""

    manifest: Manifest
    summary: Summary
    severities: dict[Severity, int]


def as_overview(pages: Sequence[Page]) -> str:
    """The table of all *pages*: what passes, fails and is unsupported, by level, and how many causes there are."""
    template = environment(escape=False).get_template("findings_overview.md.j2")
    return template.render(pages=pages, levels=LEVELS, severities=SEVERITIES)


def page_of(manifest: Manifest, causes: CausesFile, record: Results, summary: Summary) -> Page:
    """What the overview says of the page that `as_page` makes."""
    found = by_cause(causes.cause, record.results)[0]
    return Page(manifest, summary, dict(Counter(one.cause.severity for one in found if one.results)))


def as_page(manifest: Manifest, causes: CausesFile, record: Results, summary: Summary, corpus: Corpus) -> str:
    """What *record*, of the subjects of *manifest*, shows, grouped by *causes*, the worst and most frequent first."""
    findings, unexplained = by_cause(causes.cause, record.results)
    shown = sorted(
        (one for one in findings if one.results),
        key=lambda one: (SEVERITIES.index(one.cause.severity), -len({result.case for result in one.results})),
    )
    return (
        environment(escape=False)
        .get_template("findings.md.j2")
        .render(
            manifest=manifest,
            intro=causes.intro,
            subjects=record.header.subjects,
            suite=record.header.suite,
            levels=LEVELS,
            cells=summary.levels,
            findings=shown,
            severities=Counter(one.cause.severity for one in shown),
            cases=lambda results: sorted({result.case for result in results}),
            named=_NAMED,
            clauses=corpus.clauses,
            titles={name: case.title for name, case in corpus.cases.items()},
            source=source_text,
            unexplained=sorted({result.case for result in unexplained}),
        )
    )
