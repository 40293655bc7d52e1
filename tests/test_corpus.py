"""Loading spec/ and cases/."""

import json
from pathlib import Path

import msgspec
import pytest
from conftest import CASE, SPEC, WriteCorpus
from hypothesis import given
from hypothesis import strategies as st
from runpy_conformance.corpus import BadCorpus, Corpus, load, load_case, require
from runpy_conformance.lint import lint, program_files
from runpy_conformance.model.case import Case


def test_a_corpus_is_loaded(write_corpus: WriteCorpus) -> None:
    corpus = require(write_corpus())
    assert list(corpus.clauses) == ["GEN-01"]
    assert list(corpus.changes) == ["later"]
    [case] = corpus.cases.values()
    assert (case.id, case.area, case.files) == ("a-case", "general", {"m.py": "value = 1"})


def test_the_digest_is_of_the_contents(write_corpus: WriteCorpus) -> None:
    before = require(write_corpus()).digest
    assert require(write_corpus()).digest == before
    assert require(write_corpus(case=CASE.replace("value = 1", "value = 2"))).digest != before


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("id = ", "", "not readable as TOML"),
        (CASE.replace('id = "a-case"', 'id = "A case"'), "id", "matching regex"),
        (CASE.replace('call = "run_module"', 'call = "run_modul"'), "run.call", "Invalid enum value"),
        (CASE + 'speling = "x"\n', "expect[0]", "unknown field"),
        (CASE.replace('title = "A title"\n', ""), "", "missing required field `title`"),
        (CASE.replace('call = "run_module"\narguments = { mod_name = "m" }', ""), "run", "either call or command"),
        (CASE + '[documented]\noutcome = "gone"\n', "documented.outcome", "Invalid enum value"),
        (CASE.replace('"m.py" = "value = 1"', '"m.py" = {}'), "files[...]", "exactly one of"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    write_corpus: WriteCorpus, text: str, key: str, message: str
) -> None:
    corpus, [problem] = load(write_corpus(case=text))
    assert problem.file == "cases/general/a-case.toml"
    assert problem.key == key
    assert message in problem.message
    assert corpus.clauses, "the rest is loaded all the same"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"))
VALUES = st.recursive(TEXT | st.integers(-(2**62), 2**62) | st.booleans(), st.lists, max_leaves=4)


@given(title=TEXT, source=TEXT, name=st.from_regex(r"[a-z]+(/[a-z]+)?\.py", fullmatch=True), value=VALUES)
def test_what_was_written_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, title: str, source: str, name: str, value: object
) -> None:
    def toml(written: object) -> str:
        return json.dumps(written, ensure_ascii=False)

    path = tmp_path_factory.mktemp("corpus") / "cases/general/a-case.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        CASE.replace('"A title"', toml(title))
        .replace('"m.py" = "value = 1"', f"{toml(name)} = {toml(source)}")
        .replace("{ value = 1 }", f"{{ value = {toml(value)} }}"),
        encoding="utf-8",
        newline="",
    )
    case = load_case(path)
    assert (case.title, case.files, case.expect[0].globals) == (title, {name: source}, {"value": value})
    assert msgspec.json.decode(msgspec.json.encode(case), type=Case) == case


def test_an_id_that_is_used_twice(write_corpus: WriteCorpus) -> None:
    _, [problem] = load(write_corpus(cases__general__other=CASE, spec=SPEC))
    assert (problem.key, problem.message) == ("id", "'a-case' is used twice")


def test_a_clause_that_is_used_twice(write_corpus: WriteCorpus) -> None:
    twice = SPEC + SPEC[SPEC.index("[[clause]]") :]
    _, [problem] = load(write_corpus(spec=twice))
    assert (problem.file, problem.key) == ("spec/general.toml", "clause[1].id")


def test_a_file_that_is_not_utf8(write_corpus: WriteCorpus) -> None:
    root = write_corpus()
    (root / "cases/general/bytes.toml").write_bytes(b"\xff")
    _, [problem] = load(root)
    assert problem.file == "cases/general/bytes.toml"


def test_a_folder_without_cases_is_not_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="there are no cases"):
        require(tmp_path)


def test_a_single_case_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match=r"none\.toml"):
        load_case(tmp_path / "none.toml")


def test_the_corpus_at_hand_has_no_problem(corpus: Corpus) -> None:
    assert lint(corpus) == []


def test_every_area_has_cases(corpus: Corpus) -> None:
    assert {case.area for case in corpus.cases.values()} == set(corpus.areas)
    assert len(corpus.cases) >= 150


def test_no_program_of_a_case_speaks_of_this_machine(corpus: Corpus) -> None:
    for case in corpus.cases.values():
        for name in program_files(case.files):
            assert str(Path.home()) not in str(case.files.get(name, "")), case.id
