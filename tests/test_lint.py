"""What the linter finds."""

import pytest
from conftest import CASE, CHANGES, SPEC, WriteCorpus
from packaging.version import Version
from runpy_conformance.corpus import require
from runpy_conformance.lint import in_effect, lint
from runpy_conformance.model.clause import Change


def two_blocks(when: str) -> str:
    """A case with a second block, for *when*."""
    return CASE + f"\n[[expect]]\nwhen = \"{when}\"\nchange = 'later'\noutcome = 'raised'\n"


def test_a_sound_corpus(write_corpus: WriteCorpus) -> None:
    assert lint(require(write_corpus())) == []


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        (CASE.replace("GEN-01", "GEN-99"), "clauses", "there is no clause 'GEN-99'"),
        (CASE.replace('["GEN-01"]', "[]"), "clauses", "names no clause"),
        (CASE.replace("[files]", 'needs = ["wings"]\n[files]'), "needs", "there is no feature 'wings'"),
        (CASE.replace("[files]", 'when = "python > 3"\n[files]'), "when", "not a PEP 508 marker"),
        (CASE.replace("m.py", "../m.py"), "files.'../m.py'", "leads out of the case's folder"),
        (CASE.replace("m.py", "/m.py"), "files.'/m.py'", "leads out of the case's folder"),
        (
            CASE.replace("[files]", '[files]\n"l" = { symlink = "../x" }'),
            "files.'l'.symlink",
            "leads out of the case's folder",
        ),
        (
            CASE.replace("[files]", '[files]\n"z" = { zip = { "../x" = "" } }'),
            "files.'z'.zip.'../x'",
            "leads out of the case's folder",
        ),
        (CASE.replace("[[expect]]", '[observe."n.py"]\nx = "1"\n[[expect]]'), "observe.'n.py'", "is not a program"),
        (CASE.replace("[[expect]]", '[after]\nx = "1 +"\n[[expect]]'), "after.x", "is not an expression"),
        (CASE + "after = { x = 1 }\n", "expect[0].after.x", "is expected and not observed"),
        (CASE.replace("value = 1 }", "value = { matsches = 'x' } }"), "expect[0].globals.value", "no matcher"),
        (CASE.replace("value = 1 }", "value = { matches = '(' } }"), "expect[0].globals.value", "regular expression"),
        (CASE + '[documented]\noutcome = "raised"\n', "documented", "names a disagreement"),
        (
            CASE.replace("[[expect]]", "[[expect]]\nwhen = \"python_version < '3'\""),
            "expect",
            "no block is for CPython 3.8.0; one must be",
        ),
        (
            CASE.replace("[[expect]]", "[[expect]]\nwhen = \"python_version < '4'\"")
            + "\n[[expect]]\nwhen = \"python_version >= '3.10'\"\nchange = 'later'\noutcome = 'raised'\n",
            "expect",
            "blocks 0, 1 are for CPython 3.10.0; one must be",
        ),
        (CASE + "\n[[expect]]\nwhen = \"python_version > '3.9'\"\noutcome = 'raised'\n", "expect[1].change", "missing"),
        (
            two_blocks("python_version >= '3.9'"),
            "expect[1].change",
            "'later' is not in effect in 3.9.0",
        ),
        (
            two_blocks("python_version >= '3.10'"),
            "expect[1].change",
            "'later' is in effect in 3.9.5 already",
        ),
        (two_blocks("python_version >= '4'"), "expect[1].when", "is for no release"),
        (two_blocks("python_version >= '3.10'").replace("'later'", "'never'"), "expect[1].change", "no change 'never'"),
    ],
)
def test_what_is_wrong_with_a_case_is_said_with_file_and_key(
    write_corpus: WriteCorpus, text: str, key: str, message: str
) -> None:
    problems = lint(require(write_corpus(case=text)))
    found = [problem for problem in problems if problem.file == "cases/general/a-case.toml"]
    assert any(problem.key == key and message in problem.message for problem in found), problems


def test_a_block_that_begins_with_its_change(write_corpus: WriteCorpus) -> None:
    assert lint(require(write_corpus(case=two_blocks("python_full_version >= '3.9.5'")))) == []


def test_a_case_is_called_as_its_file(write_corpus: WriteCorpus) -> None:
    root = write_corpus()
    (root / "cases/general/a-case.toml").rename(root / "cases/general/b-case.toml")
    [problem] = lint(require(root))
    assert (problem.file, problem.key) == ("cases/general/b-case.toml", "id")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (SPEC.replace('source = [{ doc = "library/runpy" }]', "source = []"), "needs a source"),
        (SPEC.replace('since = "2.7"', 'since = "always"'), "'always' is not a version"),
        (SPEC.replace('id = "GEN-01"', 'id = "RMG-01"'), "does not begin with the area's prefix"),
        (SPEC + 'change = "none"\n', "there is no change 'none'"),
        (SPEC + 'disagreement = "D-99"\n', "there is no disagreement 'D-99'"),
    ],
)
def test_what_is_wrong_with_a_clause(write_corpus: WriteCorpus, spec: str, message: str) -> None:
    problems = lint(require(write_corpus(spec=spec)))
    assert any(problem.file == "spec/general.toml" and message in problem.message for problem in problems), problems


def test_a_baseline(write_corpus: WriteCorpus) -> None:
    entry = '[[known]]\ncase = "{}"\nreason = "r"\n'
    root = write_corpus(spec__baselines__x=entry.format("a-case") * 2 + entry.format("none") + 'when = "x"\n')
    assert [(problem.file, problem.key) for problem in lint(require(root))] == [
        ("spec/baselines/x.toml", "known[1].case"),
        ("spec/baselines/x.toml", "known[2].case"),
        ("spec/baselines/x.toml", "known[2].when"),
    ]


def test_a_change_that_names_no_clause(write_corpus: WriteCorpus) -> None:
    [problem] = lint(require(write_corpus(changes=CHANGES + 'clauses = ["GEN-99"]\n')))
    assert problem.message == "there is no clause 'GEN-99'"


@pytest.mark.parametrize(
    ("version", "expected"),
    [("3.8.9", False), ("3.9.4", False), ("3.9.5", True), ("3.10.0", True), ("3.11.0", True), ("2.7.18", False)],
)
def test_when_a_change_is_in_effect(version: str, expected: bool) -> None:
    change = Change("c", "t", "x", ("3.9.5", "3.10"))
    assert in_effect(change, Version(version)) is expected
