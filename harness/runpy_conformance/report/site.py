"""The specification, the cases and their coverage as a static site."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from runpy_conformance.corpus import Corpus
from runpy_conformance.coverage import NONE, Covered, by_level, counts, coverage
from runpy_conformance.judge import readable
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import LEVELS
from runpy_conformance.model.observation import flatten
from runpy_conformance.report.case import listed_files, source_text, words
from runpy_conformance.report.failure import described
from runpy_conformance.report.templating import environment

_EMPHASIS = re.compile(r"(?<!\w)\*(\w+)\*(?!\w)")
GUIDES = {"specification": "spec/README.md", "cases": "cases/README.md"}
"""Pages made of the corpus's own texts, by name."""


def write_site(corpus: Corpus, folder: Path) -> int:
    """Writes the site to *folder*, over what is there. Returns the number of pages."""
    templates = environment(escape=True)
    templates.filters.update(readable=readable, code=code_spans, source=source_text, words=words)
    templates.globals.update(described=described, flatten=flatten, files=listed_files, guides=GUIDES)
    pages = 0
    for name, template, values in _pages(corpus):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * name.count("/")
        path.write_text(templates.get_template(template).render(corpus=corpus, up=up, **values), encoding="utf-8")
        pages += 1
    (folder / "index.js").write_text(f"const INDEX = {json.dumps(search_index(corpus))};\n", encoding="utf-8")
    return pages


def _pages(corpus: Corpus) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each page: its name, its template, and what the template needs."""
    covered = coverage(corpus)
    counted = counts(covered)
    values = {"counted": counted, "whole": by_level(counted), "levels": LEVELS, "empty": NONE}
    yield "index.html", "site_index.html.j2", values
    yield "coverage.html", "site_coverage.html.j2", {"covered": covered}
    yield "changes.html", "site_changes.html.j2", {"cases_of": cases_by_change(corpus)}
    yield "disagreements.html", "site_disagreements.html.j2", {}
    for name, source in GUIDES.items():
        path = corpus.root / source
        if path.is_file():
            text = MarkdownIt("commonmark").enable("table").render(path.read_text(encoding="utf-8"))
            yield f"{name}.html", "site_guide.html.j2", {"title": name, "text": Markup(text)}
    for area in corpus.areas.values():
        mine: list[Covered] = [one for one in covered if one.area == area.area]
        yield f"area/{area.area}.html", "site_area.html.j2", {"area": area, "covered": mine}
    for case in corpus.cases.values():
        source = Path(case.file).read_text(encoding="utf-8") if Path(case.file).is_file() else ""
        yield f"case/{case.id}.html", "site_case.html.j2", {"case": case, "toml": source}


def search_index(corpus: Corpus) -> list[tuple[str, str, str]]:
    """What can be searched for: page, heading and text of every clause, case and change."""
    areas = {clause.id: area.area for area in corpus.areas.values() for clause in area.clause}
    return [
        *((f"area/{areas[one.id]}.html#{one.id}", one.id, one.text) for one in corpus.clauses.values()),
        *((f"case/{one.id}.html", one.id, f"{one.title} {' '.join(one.cited)}") for one in corpus.cases.values()),
        *((f"changes.html#{one.id}", one.id, f"{one.title} {one.text}") for one in corpus.changes.values()),
    ]


def cases_by_change(corpus: Corpus) -> dict[str, list[Case]]:
    """The cases that have a block which a change begins, by the change."""
    found: dict[str, list[Case]] = {}
    for case in corpus.cases.values():
        for name in dict.fromkeys(block.change for block in case.expect if block.change is not None):
            found.setdefault(name, []).append(case)
    return found


def code_spans(text: str) -> Markup:
    """*text*, HTML-escaped, with what stands in backquotes as code and between asterisks as emphasis."""
    parts = str(escape(text)).split("`")
    marked = (
        f"<code>{part}</code>" if index % 2 else _EMPHASIS.sub(r"<em>\1</em>", part) for index, part in enumerate(parts)
    )
    return Markup("".join(marked))
