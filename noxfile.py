"""The commands of the project. ``nox -l`` lists them; words behind ``--`` are passed on.

``nox -s conformance`` runs the cases on the reference and on every CPython found; ``nox -s tests`` tests the project.
"""

from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "tests", "conformance"]
nox.options.reuse_existing_virtualenvs = True

CONSTRAINTS = ("--constraint", "constraints.txt")
"""The versions that the project's own sessions use; the wheel asks for lower bounds only."""


def install(session: nox.Session, *groups: str) -> None:
    """Installs the project from its checkout, and what the dependency *groups* name, at the locked versions."""
    session.install(*CONSTRAINTS, "--editable", ".", *nox.project.dependency_groups(PROJECT, *groups))


PROJECT = nox.project.load_toml("pyproject.toml")


@nox.session
def conformance(session: nox.Session) -> None:
    """Run the cases on subjects, in parallel, and report each difference (arguments: those of `run`)."""
    install(session)
    words = session.posargs if "-n" in session.posargs else ["-n", "auto", *session.posargs]
    session.run("runpy-conformance", "run", *words)


@nox.session
def tests(session: nox.Session) -> None:
    """Test harness, reference and corpus, in random order and in parallel (arguments: those of pytest)."""
    install(session, "tests")
    words = session.posargs if "-n" in session.posargs else ["-n", "auto", *session.posargs]
    session.run("pytest", *words)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, specification and cases (arguments: those of ruff check, such as --fix)."""
    install(session, "tests", "lint")
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("runpy-conformance", "lint")


@nox.session
def reports(session: nox.Session) -> None:
    """Run on every CPython and the reference, and write reports/ anew."""
    install(session)
    record = str(Path(session.create_tmp()) / "results.jsonl")
    session.run("runpy-conformance", "run", "-n", "auto", "--results", record, *session.posargs)
    session.run("runpy-conformance", "report", record, "--format", "markdown", "--output", "reports/cpython.md")
    session.run("runpy-conformance", "report", record, "--format", "svg", "--output", "reports/overview.svg")


@nox.session
def history(session: nox.Session) -> None:
    """Print the behaviour changes that results show (arguments: files that `run` wrote)."""
    install(session)
    session.run("runpy-conformance", "history", *(session.posargs or ["results.jsonl"]))


@nox.session
def upstream(session: nox.Session) -> None:
    """Run CPython's own tests of runpy on the reference, from each interpreter's installation."""
    install(session)
    session.run("runpy-conformance", "upstream", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the reference beside the standard runpy, on each interpreter (arguments: those of `bench`)."""
    install(session)
    session.run("runpy-conformance", "bench", *session.posargs)


@nox.session
def strength(session: nox.Session) -> None:
    """Count which wrong copies of an implementation the cases reject (arguments: those of `strength`)."""
    install(session, "tests")
    session.run("runpy-conformance", "strength", *session.posargs)


@nox.session
def subjects(session: nox.Session) -> None:
    """Install launchers and other subjects, each into an environment of its own (arguments: names; default: all)."""
    install(session)
    session.run("runpy-conformance", "prepare", *(session.posargs or ["--all"]))


@nox.session
def findings(session: nox.Session) -> None:
    """Run installed subjects, write their pages of findings anew and type their commands (arguments: names)."""
    install(session)
    for name in session.posargs:
        record = str(Path(session.create_tmp()) / f"{name}.jsonl")
        words = ["--subject", name, "--results", record, "--gate", "detail", "-n", "auto", "-q", "-q", "--", "--tb=no"]
        session.run("runpy-conformance", "run", *words, success_codes=[0, 1])
        session.run("runpy-conformance", "findings", record)
    session.run("runpy-conformance", "demonstrate", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Render specification, cases and coverage as a static site in build/site."""
    install(session)
    session.run("runpy-conformance", "site", "build/site", *session.posargs)


@nox.session
def schemas(session: nox.Session) -> None:
    """Write the JSON Schemas of the corpus anew, from the models."""
    install(session)
    session.run("python", "-m", "runpy_conformance.schemas", "spec/schemas")
