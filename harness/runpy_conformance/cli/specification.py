"""Commands about the specification and the cases: list, show, lint, coverage, site."""

from pathlib import Path
from typing import Annotated

import typer

from runpy_conformance import corpus as corpora
from runpy_conformance.cli.common import FAILED, Json, Root, console, print_json, said_plainly, stop, whole_corpus
from runpy_conformance.corpus import Corpus
from runpy_conformance.coverage import as_data as covered_as_data
from runpy_conformance.coverage import coverage as clauses_covered
from runpy_conformance.lint import lint as lint_corpus
from runpy_conformance.model.case import Case
from runpy_conformance.model.features import FEATURES
from runpy_conformance.report import terminal
from runpy_conformance.report.case import case_text
from runpy_conformance.report.site import write_site
from runpy_conformance.running import BadRun

app = typer.Typer()


def _chosen(loaded: Corpus, area: str | None, clause: str | None) -> list[Case]:
    return [
        one
        for one in loaded.cases.values()
        if (area is None or one.area == area) and (clause is None or clause in one.cited)
    ]


@app.command("list", epilog="Example: runpy-conformance list --clause RMG-03")
def list_cases(
    area: Annotated[str | None, typer.Option(metavar="AREA", help="Only cases of this area.")] = None,
    clause: Annotated[str | None, typer.Option(metavar="ID", help="Only cases that name this clause.")] = None,
    corpus: Root = None,
    json: Json = False,
) -> None:
    """List the cases."""
    with said_plainly():
        chosen = _chosen(whole_corpus(corpus), area, clause)
    if json:
        print_json(chosen)
        return
    for one in chosen:
        print(f"{one.id:56} {','.join(one.cited):24} {one.title}")


@app.command(epilog="Example: runpy-conformance show run-module-package-runs-main")
def show(
    name: Annotated[str, typer.Argument(metavar="CASE|CLAUSE", help="The id of a case or of a clause.")],
    corpus: Root = None,
    json: Json = False,
) -> None:
    """Show a case with its program, its expectations and its clauses; or a clause with its cases."""
    with said_plainly():
        loaded = whole_corpus(corpus)
        found = loaded.cases.get(name) or loaded.clauses.get(name)
        if found is None:
            raise BadRun(f"there is no case and no clause {name!r}")
    if json:
        print_json(found)
    else:
        print(case_text(loaded, name))


@app.command(epilog="Example: runpy-conformance lint")
def lint(corpus: Root = None, json: Json = False) -> None:
    """Check the specification and the cases."""
    root = (corpus or corpora.default_root()).resolve()
    loaded, problems = corpora.load(root)
    problems += lint_corpus(loaded)
    if json:
        print_json(problems)
    else:
        for problem in problems:
            print(problem)
        print(f"{len(loaded.clauses)} clauses, {len(loaded.cases)} cases, {terminal.plural(len(problems), 'problem')}")
    if not loaded.cases:
        stop(f"{root}: there are no cases")
    if problems:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance coverage --json")
def coverage(corpus: Root = None, json: Json = False) -> None:
    """Count the clauses that have their cases, by area and level; name the exemptions and the gaps.

    Every clause that is not exempt needs a case. A clause of level must needs one that shows it holding and one
    against it: at its edge, or of what must not happen.
    """
    with said_plainly():
        covered = clauses_covered(whole_corpus(corpus))
    if json:
        print_json([covered_as_data(one) for one in covered])
    else:
        terminal.show_coverage(covered, console())
    if any(one.gap is not None for one in covered):
        raise typer.Exit(FAILED)


@app.command(epilog="Example: runpy-conformance site build/site")
def site(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write it.")],
    corpus: Root = None,
) -> None:
    """Write specification, cases and coverage as a static site, to read and to search."""
    with said_plainly():
        loaded = whole_corpus(corpus)
        try:
            pages = write_site(loaded, folder)
        except OSError as problem:
            stop(f"{problem.filename}: {problem.strerror}")
    print(f"{pages} pages in {folder}; begin with {folder / 'index.html'}")


@app.command(epilog="Example: runpy-conformance features")
def features(json: Json = False) -> None:
    """List the features that a case may need and a manifest may say that its subject lacks."""
    if json:
        print_json(FEATURES)
        return
    for name, meaning in FEATURES.items():
        print(f"{name:16} {meaning}")
