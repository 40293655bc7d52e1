"""The command that writes pages of findings: findings."""

from pathlib import Path
from typing import Annotated

import typer

from runpy_conformance import findings as causes_of
from runpy_conformance import results as records
from runpy_conformance.cli.common import FAILED, Root, said_plainly, stop, whole_corpus
from runpy_conformance.report.findings import Page, as_overview, as_page, page_of
from runpy_conformance.report.summary import summarise
from runpy_conformance.running import BadRun
from runpy_conformance.subjects import manifests

app = typer.Typer()


@app.command(epilog="Example: runpy-conformance findings coverage.jsonl --folder reports/findings")
def findings(
    files: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="Files that `run` wrote, one a manifest.")],
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Has the causes, NAME.toml, and gets the pages, NAME.md.")
    ] = Path("reports/findings"),
    overview: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a table of all RESULTS, as Markdown, too.")
    ] = None,
    corpus: Root = None,
) -> None:
    """Write a page of findings for each subject with a manifest: what differs, grouped by cause.

    The causes are written by hand, in a file called after the manifest. One that no result shows any more is an
    error; failures that none explains stand at the end of the page. Exit status: 0 each cause is shown; 1 one is not; 2
    bad usage or input.
    """
    stale = False
    pages: list[Page] = []
    with said_plainly():
        loaded = whole_corpus(corpus)
        for path in files:
            record = records.read(path)
            described = {one.manifest for one in record.header.subjects}
            file = described.pop() if len(described) == 1 else None
            if file is None:
                raise BadRun(f"{path}: the results are not of the subjects of one manifest")
            manifest = manifests.read(Path(file))
            causes = causes_of.read(folder / f"{manifest.name}.toml")
            for clause in causes_of.unknown_clauses(causes, loaded):
                raise BadRun(f"{folder / manifest.name}.toml: there is no clause {clause!r}")
            found, unexplained = causes_of.by_cause(causes.cause, record.results)
            for one in found:
                if not one.results:
                    stale = True
                    print(f"{manifest.name}: no result shows any more: {one.cause.title}")
            summary = summarise(record, loaded)
            page = folder / f"{manifest.name}.md"
            _write(page, as_page(manifest, causes, record, summary, loaded))
            pages.append(page_of(manifest, causes, record, summary))
            shown = sum(bool(one.results) for one in found)
            print(f"{page}: {shown} causes, {len(unexplained)} failures that none of them explains")
        if overview is not None:
            _write(overview, as_overview(sorted(pages, key=lambda one: (one.manifest.kind, one.manifest.name))))
    if stale:
        raise typer.Exit(FAILED)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        stop(f"{path}: {problem.strerror}")
