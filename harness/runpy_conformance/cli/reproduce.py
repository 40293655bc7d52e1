"""The command that writes a case for a bug report: reproduce."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from runpy_conformance.cli.common import PythonPath, Pythons, Root, said_plainly, whole_corpus
from runpy_conformance.corpus import Corpus
from runpy_conformance.model.subject import Subject
from runpy_conformance.report.plain_program import NotPlain
from runpy_conformance.report.reproduction import reproduction, write
from runpy_conformance.running import BadRun
from runpy_conformance.subjects.hosts import Hosts
from runpy_conformance.subjects.selection import FORMS, Selector

app = typer.Typer()


@app.command(
    epilog=f"SUBJECT is one of the following; where it means several, the last is taken.\n\n{FORMS}\n\n"
    "Exit status: 0 it is written; 2 it cannot be, and the message says why.\n\n"
    "Example: runpy-conformance reproduce dash-m-traceback-shows-runpy --subject coverage --into report"
)
def reproduce(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The id of a case.")],
    subject: Annotated[str, typer.Option("--subject", "-s", metavar="SUBJECT", help="What it is to be shown on.")],
    into: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder that is empty or not there. Default: CASE-SUBJECT."),
    ] = None,
    python: Pythons = None,
    pythonpath: PythonPath = None,
    corpus: Root = None,
) -> None:
    """Write a case as a folder to attach to a bug report: it shows what the subject does, without this suite.

    DIR gets program/, the files of the case; reproduce.sh, the plain commands; and reproduce.py, which runs them on the
    subject and on CPython, compares, and ends with 0 if the subject does what is expected, 1 if not, 2 if it could not
    be run. It needs Python 3.8 and nothing else; DIR can be moved. What the program shows of itself is written by
    observe.py, that a line in the program executes. Bytecode is compiled, by build.py, when it is run.
    """
    with said_plainly():
        loaded = whole_corpus(corpus)
        if case not in loaded.cases:
            raise BadRun(f"there is no case {case!r}; `runpy-conformance list` names them")
        hosts = Hosts(python or ())
        folder = (into or Path(f"{case}-{subject.replace('/', '-').replace(':', '-')}")).absolute()
        existed = folder.exists()
        if existed and not (folder.is_dir() and not any(folder.iterdir())):
            raise BadRun(f"{folder}: there is something there already; name an empty folder, or one that is not there")
        made = folder / "subject"
        made.mkdir(parents=True)
        try:
            chosen = Selector(made.resolve(), pythonpath or (), hosts).select([subject])[-1]
            _write(case, chosen, loaded, folder.resolve())
        except BaseException:
            shutil.rmtree(made if existed else folder)
            raise
        if not any(made.iterdir()):
            made.rmdir()
    print(f"{folder}: {case} on {chosen.id}; run {folder / 'reproduce.py'}")


def _write(case: str, subject: Subject, corpus: Corpus, folder: Path) -> None:
    try:
        write(reproduction(corpus.cases[case], subject, corpus, folder), folder)
    except NotPlain as problem:
        raise BadRun(f"{case} cannot be shown on {subject.id} without this suite: {problem}") from None
