"""The command that writes pages of findings: findings."""

from pathlib import Path
from typing import Annotated

import typer

from runpy_conformance import findings as causes_of
from runpy_conformance import results as records
from runpy_conformance.cli.common import FAILED, Root, said_plainly, whole_corpus, write
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
    error, and so is a clause that no case of its cause rests on; failures that none explains stand at the end of the
    page. Exit status: 0 each cause is shown; 1 one is not, or names another clause; 2 bad usage or input.
    """
    unfounded = False
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
            page = page_of(manifest, causes, record, summarise(record, loaded))
            pages.append(page)
            for cause in page.stale:
                print(f"{manifest.name}: no result shows any more: {cause.title}")
            for one in page.shown:
                for clause in causes_of.uncited(one.cause, (each.case for each in one.results), loaded):
                    unfounded = True
                    print(f"{manifest.name}: none of its cases rests on {clause}: {one.cause.title}")
            output = folder / f"{manifest.name}.md"
            write(output, as_page(page, loaded))
            print(f"{output}: {len(page.shown)} causes, {len(page.unexplained)} failures that none of them explains")
        if overview is not None:
            write(overview, as_overview(sorted(pages, key=lambda one: (one.manifest.kind, one.manifest.name))))
    if unfounded or any(page.stale for page in pages):
        raise typer.Exit(FAILED)
