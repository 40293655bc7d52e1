"""The page of findings of one subject, as Markdown. Pure functions."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from runpy_conformance.corpus import Corpus
from runpy_conformance.findings import Finding, by_cause
from runpy_conformance.model.clause import LEVELS
from runpy_conformance.model.finding import Cause, CausesFile, Severity
from runpy_conformance.model.manifest import Manifest
from runpy_conformance.model.result import Header, Result
from runpy_conformance.report.case import source_text
from runpy_conformance.report.summary import Summary
from runpy_conformance.report.templating import environment
from runpy_conformance.results import Results

SEVERITIES: tuple[Severity, ...] = ("bug", "deviation", "by-design", "unsupported")
"""The worst first."""

_NAMED = 8
"""How many cases of a cause are named."""


class Page(Struct, frozen=True, dict=True):
    """What a page of findings is made of."""

    manifest: Manifest
    intro: str
    header: Header
    summary: Summary
    findings: tuple[Finding, ...]
    """Of all causes, in the order of their file."""
    unexplained: tuple[Result, ...]

    @cached_property
    def shown(self) -> list[Finding]:
        """The findings that a result shows, the worst and most frequent first."""
        return sorted(
            (one for one in self.findings if one.results),
            key=lambda one: (SEVERITIES.index(one.cause.severity), -len(_cases(one.results))),
        )

    @property
    def stale(self) -> list[Cause]:
        """The causes that no result shows."""
        return [one.cause for one in self.findings if not one.results]

    @property
    def severities(self) -> Counter[Severity]:
        """How many of the findings that are shown have each severity, the worst first."""
        return Counter(one.cause.severity for one in self.shown)


def page_of(manifest: Manifest, causes: CausesFile, record: Results, summary: Summary) -> Page:
    """What *record*, of the subjects of *manifest*, shows, grouped by *causes*."""
    return Page(manifest, causes.intro, record.header, summary, *by_cause(causes.cause, record.results))


def as_overview(pages: Sequence[Page]) -> str:
    """The table of all *pages*: what passes, fails and is unsupported, by level, and how many causes there are."""
    template = environment(escape=False).get_template("findings_overview.md.j2")
    return template.render(pages=pages, levels=LEVELS, severities=SEVERITIES, foremost=_foremost(pages))


def as_page(page: Page, corpus: Corpus) -> str:
    """*page* for people to read, with the titles and clauses of *corpus*."""
    return (
        environment(escape=False)
        .get_template("findings.md.j2")
        .render(
            page=page,
            levels=LEVELS,
            cases=_cases,
            named=_NAMED,
            clauses=corpus.clauses,
            titles={name: case.title for name, case in corpus.cases.items()},
            source=source_text,
        )
    )


def _foremost(pages: Sequence[Page]) -> list[tuple[Page, Finding]]:
    return [(page, one) for page in pages for one in page.shown if one.cause.foremost]


def _cases(results: Sequence[Result]) -> list[str]:
    return sorted({result.case for result in results})
