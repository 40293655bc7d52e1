"""Which modules a case needs, how weighty it is, and which failures decide."""

from pathlib import Path
from typing import Any

import pytest
from conftest import CASE, SPEC, MakeCase, WriteCorpus, interpreter, subject
from msgspec.structs import replace
from runpy_conformance.corpus import require
from runpy_conformance.imports import imported
from runpy_conformance.judge import excluded, holds_bytecode, needed
from runpy_conformance.levels import decides, level, own_gate
from runpy_conformance.model.clause import LEVELS, Level
from runpy_conformance.model.subject import Subject

# Modules


@pytest.mark.parametrize(
    ("given", "modules"),
    [
        ({"files": {"m.py": "import os.path, json as j\nfrom types import ModuleType\n"}}, {"os", "json", "types"}),
        ({"files": {"m.py": "def f():\n    if 1:\n        import zipfile\n"}}, {"zipfile"}),
        ({"files": {"m.py": "value = __import__('pickle.x')\n__import__(name)\n__import__()\n"}}, {"pickle"}),
        ({"files": {"m.py": "from . import os\nfrom .json import x\nfrom .. import re\n"}}, set()),
        ({"files": {"m.py": "import helper\nimport m\n"}}, set()),
        ({"files": {"m.py": "x = (\n"}}, set()),
        ({"files": {"m.py": "print 'import os'\n"}}, set()),
        ({"files": {"m.py": "x = '\0'"}}, set()),
        ({"files": {"m.pyc": {"pyc": "import stat"}}}, {"stat"}),
        ({"files": {"m.py": {"bytes": "import stat"}}}, {"stat"}),
        (
            {"files": {"a.zip": {"zip": {"m.py": "import ast", "b.zip": {"zip": {"n.py": "import dis"}}}}}},
            {"ast", "dis"},
        ),
        ({"files": {"m.py": {"symlink": "import"}, "d": {"directory": True}}}, set()),
        ({"run": {"call": "run_module", "setup": "  import gc"}}, {"gc"}),
        ({"run": {"command": {"code": "import gc"}}}, {"gc"}),
        ({"run": {"command": {"stdin": "import gc"}}}, {"gc"}),
        ({"observe": {"m.py": {"x": " __import__('sys').argv "}}}, {"sys"}),
        ({"after": {"x": "__import__('time').time()"}}, {"time"}),
        ({"run": {"call": "run_module", "arguments": {"x": {"python": "__import__('types').X"}}}}, {"types"}),
        ({"run": {"call": "run_path", "positional": [{"python": "__import__('types').X"}, 1, "import os"]}}, {"types"}),
        ({"run": {"call": "run_module", "arguments": {"mod_name": "json.tool"}}}, {"json"}),
        ({"run": {"call": "run_module", "positional": ["json.tool"]}}, {"json"}),
        ({"run": {"call": "run_path", "positional": ["json"]}}, set()),
        ({"run": {"command": {"module": "zipapp"}}}, {"zipapp"}),
        ({"run": {"command": {"module": "zipapp"}}, "files": {"zipapp.py": ""}}, set()),
        ({"run": {"command": {"module": "zipapp"}}, "files": {"zipapp/__main__.py": ""}}, set()),
    ],
)
def test_what_a_case_imports(make_case: MakeCase, given: dict[str, Any], modules: set[str]) -> None:
    assert imported(make_case(**{"files": {"m.py": ""}, **given})) == modules


def test_a_case_that_imports_what_is_not_there_says_nothing(make_case: MakeCase) -> None:
    case = make_case(files={"m.py": "import os, json, types"})
    lacking = excluded(case, subject(missing_modules=("types", "json", "zipfile")))
    assert lacking is not None
    assert (lacking.verdict, lacking.reason) == ("unsupported", "cpython-3.13.0 has no module json, types")
    assert excluded(case, subject(missing_modules=("zipfile",))) is None
    assert excluded(case, subject()) is None


def test_the_version_that_a_subject_is_judged_as_counts(make_case: MakeCase) -> None:
    case = make_case(when="python_version >= '3.6'")
    odd = replace(subject("3.4.0"), host=interpreter("3.4.0", "pypy"))
    assert excluded(case, odd) is not None
    judged = replace(odd, judged_as="3.6.15")
    assert excluded(case, judged) is None
    assert judged.environment["python_full_version"] == "3.6.15"
    assert judged.environment["implementation_version"] == "3.4.0"


# Bytecode

BYTECODE = {"m.pyc": {"pyc": ""}}


@pytest.mark.parametrize(
    ("files", "is_bytecode"),
    [
        ({"m.py": ""}, False),
        (BYTECODE, True),
        ({"a.zip": {"zip": BYTECODE}}, True),
        ({"a.zip": {"zip": {"b.zip": {"zip": BYTECODE}}}}, True),
        ({"a.zip": {"zip": {"m.py": ""}}}, False),
        ({"m.pyc": {"bytes": "x"}}, False),
        ({}, False),
    ],
)
def test_cases_with_bytecode_need_it(make_case: MakeCase, files: dict[str, Any], is_bytecode: bool) -> None:
    case = make_case(files=files)
    assert holds_bytecode(case.files) == is_bytecode
    assert ("bytecode" in needed(case)) == is_bytecode
    assert (excluded(case, subject(lacks=("bytecode",))) is not None) == is_bytecode


# Levels

LEVELLED = SPEC + "".join(
    f'[[clause]]\nid = "GEN-0{number}"\nlevel = "{name}"\ntext = "A rule."\n'
    'source = [{ doc = "library/runpy" }]\nsince = "2.7"\n'
    for number, name in ((2, "must"), (3, "detail"), (4, "implementation-defined"))
)


@pytest.mark.parametrize(
    ("clauses", "against", "expected"),
    [
        (["GEN-01"], [], "should"),
        (["GEN-02"], [], "must"),
        (["GEN-02", "GEN-03"], [], "detail"),
        (["GEN-02"], ["GEN-04"], "implementation-defined"),
        (["GEN-03"], ["GEN-02"], "detail"),
        (["GEN-02", "GEN-99"], [], "must"),
        (["GEN-99"], [], "detail"),
    ],
)
def test_a_case_is_of_the_level_of_its_weakest_clause(
    write_corpus: WriteCorpus, make_case: MakeCase, clauses: list[str], against: list[str], expected: Level
) -> None:
    loaded = require(write_corpus(spec=LEVELLED, case=CASE))
    assert level(loaded, make_case(clauses=clauses, against=against)) == expected


@pytest.mark.parametrize(
    ("gate", "deciding"),
    [("must", ["must"]), ("should", ["must", "should"]), ("detail", list(LEVELS))],
)
def test_a_gate_lets_weaker_levels_pass(gate: Any, deciding: list[Level]) -> None:
    assert [name for name in LEVELS if decides(name, gate)] == deciding


@pytest.mark.parametrize(
    ("tested", "gate"),
    [
        (subject(), "detail"),
        (replace(subject(), kind="module", module="runpy_reference", pythonpath=("/x",)), "detail"),
        (replace(subject(), kind="module", module="mine", own_folders=True), "must"),
        (replace(subject(), manifest="/x/cpython.toml"), "must"),
        (replace(subject(), host=interpreter("3.11.0", "pypy")), "must"),
    ],
)
def test_everything_counts_only_for_cpython_and_the_reference(tested: Subject, gate: str, tmp_path: Path) -> None:
    assert own_gate(tested) == gate
