"""The reference as a text: the clauses that it names, its public functions, its syntax."""

import ast
import inspect
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
import runpy_reference
from runpy_conformance.corpus import Corpus

FILES = sorted(Path(runpy_reference.__file__).parent.glob("*.py"))
CLAUSE = re.compile(r"\b[A-Z]{3}-\d{2}\b")
OF_THE_THREE = re.compile(r"(GEN|RM[LPGINSVEW]|RP[SCEGMX]|CM[MAE])-")
"""Begins the ids of the clauses of `run_module`, `run_path` and ``-m``."""


def docstrings() -> Iterator[str]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield ast.get_docstring(node) or ""


@pytest.fixture(scope="module")
def named() -> set[str]:
    """The clauses in docstrings of the reference."""
    return {clause for text in docstrings() for clause in CLAUSE.findall(text)}


def test_every_clause_is_carried_out_here_or_elsewhere(corpus: Corpus, named: set[str]) -> None:
    wanted = {
        clause.id
        for clause in corpus.clauses.values()
        if OF_THE_THREE.match(clause.id) and clause.level in ("must", "detail") and clause.left_to is None
    }
    assert len(wanted) > 200
    assert sorted(wanted - named) == []


def test_no_clause_is_carried_out_both_here_and_elsewhere(corpus: Corpus, named: set[str]) -> None:
    assert sorted(name for name in named if name in corpus.clauses and corpus.clauses[name].left_to) == []


def test_every_clause_that_is_named_exists(corpus: Corpus, named: set[str]) -> None:
    in_the_table = {clause for path in FILES for clause in CLAUSE.findall(path.read_text(encoding="utf-8"))}
    assert sorted((named | in_the_table) - corpus.clauses.keys()) == []


@pytest.mark.parametrize("name", runpy_reference.__all__)
def test_the_public_functions_are_called_like_those_of_runpy(name: str) -> None:
    ours, standard = (inspect.signature(getattr(module, name)).parameters for module in (runpy_reference, runpy))
    assert [(one.name, one.kind, one.default) for one in ours.values()] == [
        (one.name, one.kind, one.default) for one in standard.values()
    ]
    assert inspect.getdoc(getattr(runpy_reference, name))


def test_the_public_functions_are_those_of_runpy() -> None:
    assert sorted(runpy_reference.__all__) == sorted(runpy.__all__)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_syntax_is_that_of_3_6(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))
