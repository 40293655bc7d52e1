"""The record of a run, and two of them compared."""

from pathlib import Path

import pytest
from conftest import result, subject
from hypothesis import given
from hypothesis import strategies as st
from runpy_conformance import results as records
from runpy_conformance.model.result import Footer, Header, Result
from runpy_conformance.report.compare import compare
from runpy_conformance.results import BadResults, Results

HEADER = Header("0.1", "digest", "2026-01-01T00:00:00+00:00", "Linux", "fork", (subject(),), 2)
FOOTER = Footer("2026-01-01T00:00:01+00:00", 2)


def written(path: Path, *lines: Result | Footer, header: Header = HEADER) -> Path:
    records.begin(path, header)
    for line in lines:
        records.append(path, line)
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    first, second = result("a"), result("b", verdict="fail", stdout="text", observed={"x": None, "y": [1, "z"]})
    record = records.read(written(tmp_path / "r.jsonl", first, second, FOOTER))
    assert record == Results(HEADER, (first, second), FOOTER)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.text(), JSON, max_size=3), st.text())
def test_any_observation_survives(tmp_path_factory: pytest.TempPathFactory, seen: dict[str, object], out: str) -> None:
    one = result(observed=seen, stdout=out)
    path = tmp_path_factory.mktemp("results") / "r.jsonl"
    assert records.read(written(path, one, FOOTER)).results == (one,)


def test_an_interrupted_run_keeps_what_it_has(tmp_path: Path) -> None:
    path = written(tmp_path / "r.jsonl", result("a"), result("b"))
    with path.open("ab") as file:
        file.write(b'{"kind":"result","case":"c","sub')
    record = records.read(path)
    assert [one.case for one in record.results] == ["a", "b"]
    assert record.footer is None


def test_the_later_of_two_results_counts(tmp_path: Path) -> None:
    record = records.read(written(tmp_path / "r.jsonl", result("a", verdict="fail"), result("a"), FOOTER))
    assert [one.judgement.verdict for one in record.results] == ["pass"]


def test_an_old_file_stays_until_the_new_one_is_there(tmp_path: Path) -> None:
    path = written(tmp_path / "r.jsonl", result("a"), FOOTER)
    records.begin(path, HEADER, records.read(path).results)
    assert [one.case for one in records.read(path).results] == ["a"]
    assert [one.name for one in tmp_path.iterdir()] == ["r.jsonl"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the header is missing"),
        (b"nonsense\n{}\n", r"r\.jsonl:1: not a line of results"),
        (b'{"kind":"footer","finished":"x","results":0}\n', "the header is missing"),
        (b"\xff\n\n", r"r\.jsonl:1"),
    ],
)
def test_a_file_of_something_else(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadResults, match=message):
        records.read(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadResults, match="No such file"):
        records.read(tmp_path / "none.jsonl")


def test_results_of_a_subject_that_the_header_does_not_name(tmp_path: Path) -> None:
    with pytest.raises(BadResults, match="'stranger', which the header does not name"):
        records.read(written(tmp_path / "r.jsonl", result("a", of="stranger")))


def record(*results: Result, subjects: tuple[str, ...] = ("3.13.0",), corpus: str = "digest") -> Results:
    header = Header("0.1", corpus, "t", "Linux", "fork", tuple(subject(version) for version in subjects), 2)
    return Results(header, results, FOOTER)


def test_shards_merge() -> None:
    one = record(result("a"))
    other = record(result("a", of="cpython-3.9.18"), subjects=("3.9.18",))
    merged = records.merge([one, other])
    assert list(merged.subjects) == ["cpython-3.13.0", "cpython-3.9.18"]
    assert len(merged.results) == 2
    assert merged.footer is not None


def test_shards_of_other_cases_do_not_merge() -> None:
    with pytest.raises(BadResults, match="different specifications or cases"):
        records.merge([record(result("a")), record(result("a"), corpus="other")])


def test_a_merge_with_an_interrupted_run_is_interrupted() -> None:
    half = Results(record().header, (result("b"),), None)
    assert records.merge([record(result("a")), half]).footer is None


def test_two_runs_compared() -> None:
    before = record(
        result("broke"), result("mended", verdict="fail"), result("same"), result("gone"), result("other", stdout="1")
    )
    after = record(
        result("broke", verdict="fail"),
        result("mended"),
        result("same"),
        result("fresh"),
        result("other", stdout="2"),
    )
    assert [(move.kind, move.case) for move in compare(before, after)] == [
        ("regressed", "broke"),
        ("fixed", "mended"),
        ("changed", "other"),
        ("new", "fresh"),
        ("removed", "gone"),
    ]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["pass", "fail", "unsupported"])), max_size=4))
def test_a_run_compared_with_itself(pairs: list[tuple[str, str]]) -> None:
    results = tuple({case: result(case, verdict=verdict) for case, verdict in pairs}.values())
    assert compare(record(*results), record(*results)) == ()


@given(st.data())
def test_comparing_the_other_way_round_turns_each_kind_around(data: st.DataObject) -> None:
    side = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["pass", "fail", "error"]))
    sides = [record(*(result(case, verdict=v) for case, v in data.draw(side).items())) for _ in range(2)]
    opposite = {"regressed": "fixed", "fixed": "regressed", "new": "removed", "removed": "new", "changed": "changed"}
    forward = {(opposite[move.kind], move.case) for move in compare(sides[0], sides[1])}
    assert forward == {(move.kind, move.case) for move in compare(sides[1], sides[0])}
