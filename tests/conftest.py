"""What tests share: the corpus at hand, the interpreters of this machine, and builders of small data."""

import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from runpy_conformance.corpus import Corpus, default_root, require
from runpy_conformance.markers import environment
from runpy_conformance.model.case import Case
from runpy_conformance.model.observation import Observation
from runpy_conformance.model.result import Judgement, Result
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.subjects.discovery import find
from runpy_conformance.subjects.interrogate import interrogate

MakeCase = Callable[..., Case]
WriteCorpus = Callable[..., Path]

PUBLISHED_CAUSES = {path.stem: path for path in sorted((default_root() / "reports/findings").glob("*.toml"))}
"""Files of the causes that are published, by manifest."""
CAUSES_AT_HAND = [
    name for name in ("pdb", "cprofile", "trace", "profile", "runpy", "pypy", "micropython") if name in PUBLISHED_CAUSES
]
"""Those of subjects that need no installing, where their interpreters are there."""


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The specification and the cases of the project."""
    return require(default_root())


@pytest.fixture(scope="session")
def here() -> Interpreter:
    """The interpreter that runs the tests."""
    return interrogate(Path(sys.executable)).interpreter


@pytest.fixture(scope="session")
def pythons() -> tuple[Interpreter, ...]:
    """Every CPython of this machine."""
    return tuple(one for one in find().interpreters if one.implementation == "cpython")


def executable(path: Path, text: str) -> Path:
    """A file that can be executed, for *text* that begins with ``#!``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def interpreter(version: str = "3.13.0", implementation: str = "cpython") -> Interpreter:
    """An interpreter that is not there."""
    markers = environment(version, "CPython" if implementation == "cpython" else "PyPy")
    return Interpreter(implementation, version, f"/nowhere/python{version}", markers, "cpython-313", "/nowhere/lib", "")


def subject(version: str = "3.13.0", **keywords: Any) -> Subject:
    """A subject that is not there."""
    host = interpreter(version)
    return Subject(keywords.pop("id", host.name), "interpreter", host, f"python:{host.path}", **keywords)


def result(
    case: str = "a-case", of: str = "cpython-3.13.0", verdict: Any = "pass", block: int | None = 0, **seen: Any
) -> Result:
    """A result that nobody took."""
    observation = Observation(**{"outcome": "returned", **seen})
    return Result(case, of, Judgement(verdict, block), 0.1, observation)


@pytest.fixture
def make_case() -> MakeCase:
    """Makes a case out of TOML values; what is not given is the smallest that is allowed."""

    def make(**given: Any) -> Case:
        document = {
            "id": "a-case",
            "title": "A title",
            "clauses": ["GEN-01"],
            "run": {"call": "run_module", "arguments": {"mod_name": "m"}},
            "files": {"m.py": ""},
            "expect": [{"outcome": "returned"}],
            "area": "general",
            "file": "cases/general/a-case.toml",
        }
        return msgspec.convert({**document, **given}, Case)

    return make


SPEC = """
area = "general"
prefix = "GEN"
title = "General"

[[clause]]
id = "GEN-01"
level = "should"
text = "A rule."
source = [{ doc = "library/runpy" }]
since = "2.7"
"""

CHANGES = """
[[change]]
id = "later"
title = "Later"
text = "It was so and is otherwise."
versions = ["3.9.5", "3.10"]
"""

CASE = """
id = "a-case"
title = "A title"
clauses = ["GEN-01"]

[files]
"m.py" = "value = 1"

[run]
call = "run_module"
arguments = { mod_name = "m" }

[[expect]]
outcome = "returned"
globals = { value = 1 }
"""


@pytest.fixture
def write_corpus(tmp_path: Path) -> WriteCorpus:
    """Writes a small corpus; keywords replace or add files, by path with ``__`` for ``/`` and no suffix."""

    def write(case: str = CASE, spec: str = SPEC, changes: str = CHANGES, **more: str) -> Path:
        root = tmp_path / "corpus"
        texts = {
            "spec/general": spec,
            "spec/changes": changes,
            "spec/releases": '[lines]\n"2.7" = [18, 18]\n"3.8" = [0, 2]\n"3.9" = [0, 6]\n"3.10" = [0, 1]\n',
            "cases/general/a-case": case,
            **{name.replace("__", "/").replace("_", "-"): text for name, text in more.items()},
        }
        for name, text in texts.items():
            path = root / f"{name}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return write
