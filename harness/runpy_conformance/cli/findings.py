"""Commands about findings: findings, demonstrate."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from runpy_conformance import findings as causes_of
from runpy_conformance import results as records
from runpy_conformance.cli.common import FAILED, Pythons, Root, manifest_of, said_plainly, whole_corpus, write
from runpy_conformance.demonstration import visible
from runpy_conformance.execution.demonstration import demonstrate as demonstrations
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.report.findings import Page, as_overview, as_page, page_of
from runpy_conformance.report.summary import summarise
from runpy_conformance.running import BadRun
from runpy_conformance.subjects import manifests
from runpy_conformance.subjects.hosts import Hosts
from runpy_conformance.subjects.selection import Selector

app = typer.Typer()

_WIDTH = 200
"""Characters of a line that is shown."""


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


@app.command(epilog="Example: runpy-conformance demonstrate coverage pdb mylauncher.toml")
def demonstrate(
    subject: Annotated[list[str], typer.Argument(metavar="SUBJECT...", help="Manifests: NAME, FILE.toml, NAME@HOST.")],
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="Has the causes, NAME.toml.")] = Path(
        "reports/findings"
    ),
    timeout: Annotated[float, typer.Option(help="Seconds for the commands of one cause.")] = 60.0,
    python: Pythons = None,
) -> None:
    """Type the plain commands of a subject's findings, and compare what they print with what the page says.

    Only causes of which the manifest has a known failure are tried. Where the page has …, anything may stand; /tmp/x
    is the folder that the commands are in. What is printed and not as it is written is shown. Exit status: 0 all is as
    it is written; 1 something is not; 2 bad usage or input.
    """
    wrong = 0
    with (
        said_plainly(),
        tempfile.TemporaryDirectory(prefix="runpy-") as place,
        Console(stderr=True).status("looking for interpreters") as shown,
    ):
        hosts = Hosts(python or ())
        selector = Selector(Path(place).resolve(), hosts=hosts)
        for text in subject:
            name = manifest_of(text).manifest.name
            causes = causes_of.read(folder / f"{name}.toml")
            tried = 0
            for one in demonstrations(causes, selector.select([text]), hosts.alike, Limits(timeout, memory=0)):
                tried += 1
                shown.update(f"{name}: {tried} of {len(causes.cause)} causes")
                if not one.holds:
                    wrong += 1
                    print(f"{name}: not as it is written, on {one.subject}: {one.cause.title}")
                    print(*(f"    {line[:_WIDTH]}" for line in visible(one.printed).splitlines()), "", sep="\n")
            left = len(causes.cause) - tried
            print(f"{name}: {tried} causes tried" + (f", {left} not: no known failure here has them" if left else ""))
    if wrong:
        raise typer.Exit(FAILED)
