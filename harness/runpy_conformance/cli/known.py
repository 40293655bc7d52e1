"""Known failures written into manifests: the option of `run`, and the command update-known."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from runpy_conformance import findings
from runpy_conformance import results as records
from runpy_conformance.baseline import updated
from runpy_conformance.cli.common import Root, console, said_plainly, whole_corpus
from runpy_conformance.model.finding import Cause
from runpy_conformance.model.result import Result
from runpy_conformance.model.subject import Known, Subject
from runpy_conformance.report import terminal
from runpy_conformance.running import BadRun
from runpy_conformance.subjects import manifests

app = typer.Typer()


@app.command("update-known", epilog="Example: runpy-conformance update-known r.jsonl --causes reports/findings")
def update_known(
    files: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="Files that `run` wrote.")],
    causes: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Causes, as a file or a folder of NAME.toml: reasons of new entries."),
    ] = None,
    corpus: Root = None,
) -> None:
    """Write what fails in results into the manifests of their subjects, as `run --update-known` does.

    Reasons and links of the entries that are there stay. Of each entry that goes it is said why.
    """
    with said_plainly():
        loaded = whole_corpus(corpus)
        for path in files:
            record = records.read(path)
            write_known(record.header.subjects, record.results, loaded.cases, causes)


def write_known(
    chosen: Sequence[Subject], results: Sequence[Result], cases: Iterable[str], causes: Path | None
) -> dict[str, tuple[Known, ...]]:
    """Brings the manifests of the subjects *chosen* up to date, says what changed, and returns the entries by subject.

    *causes* is a file of causes, or a folder of them by the manifests' names. Raises `BadRun` if a subject has no
    manifest, `BadManifest` if one cannot be written, `BadCauses`.
    """
    require_manifests(chosen)
    by_manifest: dict[str, list[Subject]] = {}
    for subject in chosen:
        by_manifest.setdefault(str(subject.manifest), []).append(subject)
    entries: dict[str, tuple[Known, ...]] = {}
    for file, subjects in by_manifest.items():
        manifest = manifests.read(Path(file))
        known, remarks = updated(manifest.known, subjects, results, cases, _causes(causes, manifest.name))
        manifests.write_known(Path(file), known)
        entries.update(dict.fromkeys((subject.id for subject in subjects), known))
        terminal.show_remarks(file, remarks, console())
    return entries


def require_manifests(chosen: Iterable[Subject]) -> None:
    """Raises `BadRun` if one of the subjects *chosen* has no manifest."""
    for subject in chosen:
        if subject.manifest is None:
            raise BadRun(f"{subject.id} has no manifest to write known failures into; `init` writes one")


def _causes(path: Path | None, name: str) -> tuple[Cause, ...]:
    if path is not None and path.is_dir():
        path = path / f"{name}.toml"
        if not path.exists():
            return ()
    return findings.read(path).cause if path is not None else ()
