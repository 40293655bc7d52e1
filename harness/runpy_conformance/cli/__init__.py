"""The command ``runpy-conformance``.

Exit status: 0 success; 1 a failure, or an unexplained difference between CPythons (for `lint` and `coverage`: a
problem; for `diff`: a regression; for `history`: a change that nothing shows; for `bench`: a subject
that could not be measured); 2 bad usage or bad input; 3 interrupted: what was taken so far is kept.
"""

import sys
from typing import Annotated

import typer

from runpy_conformance import __version__
from runpy_conformance.cli import findings, known, manifests, measures, reproduce, runs, specification, strength
from runpy_conformance.cli.common import INTERRUPTED

app = typer.Typer(
    name="runpy-conformance",
    help="Conformance and differential testing of runpy, python -m, scripts, directories and archives.",
    epilog="Exit status: 0 success, 1 failures, 2 bad usage or input, 3 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
app.add_typer(runs.app)
app.add_typer(specification.app)
app.add_typer(strength.app)
app.add_typer(measures.app)
app.add_typer(manifests.app)
app.add_typer(findings.app)
app.add_typer(known.app)
app.add_typer(reproduce.app)


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(__version__)


def main() -> None:
    """Runs the command."""
    try:
        app(prog_name="runpy-conformance", standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
