"""Part of the noxfile.py of a project that has a conformance.toml at its top: ``nox -s conformance``."""

import nox

SUITE = "runpy-conformance"
"""What pip installs: a name, a wheel, or git+ and the address of the suite's repository."""


@nox.session
def conformance(session: nox.Session) -> None:
    """Hold the project against the specification (arguments: those of `run`, such as -k or -n auto)."""
    session.install(SUITE)
    results = "results.jsonl"
    try:
        session.run("runpy-conformance", "run", "--subject", "conformance.toml", "--results", results, *session.posargs)
    finally:
        session.run("runpy-conformance", "report", results, "--format", "junit", "--output", "junit.xml")
