"""Failures by cause; and that the causes that are published hold."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import CASE, CAUSES_AT_HAND, PUBLISHED_CAUSES, SPEC, MakeCase, WriteCorpus, interpreter, result, subject
from msgspec.structs import replace
from runpy_conformance import findings
from runpy_conformance import results as records
from runpy_conformance.corpus import Corpus, require
from runpy_conformance.execution.batch import result as taken
from runpy_conformance.execution.executor import Executor
from runpy_conformance.findings import BadCauses, by_cause, cause_of, explains, uncited, unknown_clauses
from runpy_conformance.judge import excluded
from runpy_conformance.markers import holds
from runpy_conformance.model.finding import Cause, CausesFile
from runpy_conformance.model.result import Footer, Header, Judgement, Mismatch, Result
from runpy_conformance.report.findings import as_page, page_of
from runpy_conformance.report.summary import summarise
from runpy_conformance.results import Results
from runpy_conformance.subjects import manifests
from runpy_conformance.subjects.hosts import Hosts
from runpy_conformance.subjects.selection import BadSubject, Selector

WORDS = {"severity": "bug", "text": "It hurts.", "command": "tool m", "expected": "1\n", "actual": "2\n"}


def cause(title: str, **given: Any) -> Cause:
    document = {"title": title, "clauses": ["GEN-01"], "version": "1.0", **WORDS, **given}
    return msgspec.convert(document, Cause)


def failing(case: str = "a-case", field: str = "globals.value", actual: str | None = "2", of: str = "x") -> Result:
    return replace(result(case, of), judgement=Judgement("fail", 0, (Mismatch(field, "1", actual),)))


@pytest.mark.parametrize(
    ("given", "is_explained"),
    [
        ({}, True),
        ({"cases": ["a-case"]}, True),
        ({"cases": ["b-*", "a-*"]}, True),
        ({"cases": ["b-*"]}, False),
        ({"cases": ["a"]}, False),
        ({"shows": [{"field": "globals.value"}]}, True),
        ({"shows": [{"field": "globals.*"}]}, True),
        ({"shows": [{"field": "globals"}]}, False),
        ({"shows": [{"actual": "^2$"}]}, True),
        ({"shows": [{"actual": "3"}]}, False),
        ({"shows": [{"expected": "1", "actual": "2"}]}, True),
        ({"shows": [{"expected": "0", "actual": "2"}]}, False),
        ({"shows": [{"actual": "3"}, {"expected": "1"}]}, True),
        ({"cases": ["b-*"], "shows": [{"actual": "2"}]}, False),
    ],
)
def test_what_a_cause_explains(given: dict[str, Any], is_explained: bool) -> None:
    assert explains(cause("it", **given), failing()) == is_explained


def test_a_value_that_is_not_there_is_empty_text() -> None:
    assert explains(cause("it", shows=[{"actual": "^$"}]), failing(actual=None))


def test_the_first_cause_counts_and_failures_only() -> None:
    causes = [cause("none", cases=["b"]), cause("first", cases=["a*"]), cause("second")]
    assert cause_of(failing(), causes) is causes[1]
    assert cause_of(result(), causes) is None
    assert cause_of(replace(result(), judgement=Judgement("error", reason="no")), causes) is None


def test_failures_are_claimed_in_the_order_of_causes() -> None:
    causes = [cause("stale", cases=["z"]), cause("two", cases=["a-case"]), cause("three", cases=["a-*"])]
    seen = [failing("c-case"), failing("a-other"), failing(of="y"), failing(), result("a-good")]
    found, rest = by_cause(causes, seen)
    assert [(one.cause.title, [(each.case, each.subject) for each in one.results]) for one in found] == [
        ("stale", []),
        ("two", [("a-case", "x"), ("a-case", "y")]),
        ("three", [("a-other", "x")]),
    ]
    assert [one.case for one in rest] == ["c-case"]


def test_clauses_that_are_not_there(corpus: Corpus) -> None:
    named = CausesFile("x", (cause("it", clauses=["RMG-03", "XYZ-99", "ABC-01"]),))
    assert unknown_clauses(named, corpus) == ["ABC-01", "XYZ-99"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("intro = ", "Invalid value"),
        ("", "missing required field `intro`"),
        ('intro = "x"\n[[cause]]\ntitle = "x"\n', "missing required field `severity`"),
        ('intro = "x"\nspeed = 1\ncause = []\n', "unknown field `speed`"),
        ('intro = "x"\n[[cause]]\n{words}severity = "worst"\n', "Invalid enum value 'worst'"),
        ('intro = "x"\n[[cause]]\n{words}severity = "bug"\nshows = [{{ actual = "(" }}]\n', "unterminated subpattern"),
        ('intro = "x"\n[[cause]]\n{words}severity = "bug"\nshows = [{{ value = "x" }}]\n', "unknown field `value`"),
    ],
)
def test_bad_causes_are_refused_by_file(tmp_path: Path, text: str, message: str) -> None:
    keys = ("title", "text", "command", "expected", "actual", "version")
    words = "".join(f'{key} = "x"\n' for key in keys) + "clauses = []\n"
    path = tmp_path / "tool.toml"
    path.write_text(text.format(words=words), encoding="utf-8")
    with pytest.raises(BadCauses, match=rf"tool\.toml: .*{re.escape(message)}"):
        findings.read(path)


def test_causes_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadCauses, match=r"gone\.toml: No such file"):
        findings.read(tmp_path / "gone.toml")


# The page

MANIFEST = 'name = "tool"\ntitle = "The tool"\nkind = "launcher"\ntracker = "https://example.org/issues"\n'
MANIFEST += 'commands = { module = ["tool", "{module}"] }\n'
CAUSES = """intro = "Run on a Tuesday."
[[cause]]
title = "Small <thing>"
severity = "deviation"
text = "Little."
clauses = ["GEN-01"]
command = "tool small"
expected = "1"
actual = "2"
version = "1.0"
cases = ["a-*"]

[[cause]]
title = "Great harm"
severity = "bug"
text = "Much."
clauses = ["GEN-01"]
command = "tool great"
expected = "3"
actual = "4"
version = "2.0"
cases = ["b-*"]
link = "https://example.org/7"
"""


@pytest.fixture
def published(tmp_path: Path, write_corpus: WriteCorpus) -> Path:
    """A folder with a corpus, a manifest, causes and results."""
    root = write_corpus(cases__general__b_case=CASE.replace('"a-case"', '"b-case"'))
    (tmp_path / "tool.toml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/tool.toml").write_text(CAUSES, encoding="utf-8")
    write_results(tmp_path, failing(of="tool"), failing("b-case", of="tool"))
    assert root == tmp_path / "corpus"
    return tmp_path


def write_results(folder: Path, *results: Result, manifest: str | None = "tool.toml") -> None:
    tested = subject(id="tool", manifest=str(folder / manifest) if manifest else None)
    header = Header("0.1", "digest", "t", "Linux", "fork", (tested,), 2)
    records.rewrite(folder / "r.jsonl", Results(header, results, Footer("t", len(results))))


def pages(folder: Path, *words: str, status: int = 0) -> str:
    command = [sys.executable, "-m", "runpy_conformance", "findings", "r.jsonl", "--folder", "pages"]
    done = subprocess.run(
        [*command, "--corpus", "corpus", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_a_page_is_written(published: Path) -> None:
    assert "pages/tool.md: 2 causes, 0 failures that none of them explains" in pages(published)
    text = (published / "pages/tool.md").read_text(encoding="utf-8")
    assert text.startswith("# The tool\n\nRun on a Tuesday.\n")
    assert "Tracker: https://example.org/issues" in text
    assert "| tool | should | 0 | 2 | 0 | 0 |" in text
    assert "2 causes: 1 bug, 1 deviation." in text
    assert text.index("## 1. Great harm") < text.index("## 2. Small <thing>")
    assert "*bug*, seen in 2.0, [reported](https://example.org/7)" in text
    assert "- **GEN-01** (should): A rule. *Source: " in text
    assert "```sh\ntool great\n```\n\nExpected, from CPython:\n\n```text\n3\n```\n\nSeen:\n\n```text\n4\n```\n" in text
    assert "1 case: `b-case`. Run one by `runpy-conformance reproduce b-case --subject tool`." in text
    assert "Not grouped yet" not in text


def test_failures_that_no_cause_explains_stand_at_the_end(published: Path) -> None:
    (published / "pages/tool.toml").write_text(CAUSES.replace('"b-*"', '"a-case"'), encoding="utf-8")
    out = pages(published, status=1)
    assert "tool: no result shows any more: Great harm" in out
    assert "1 causes, 1 failures that none of them explains" in out
    text = (published / "pages/tool.md").read_text(encoding="utf-8")
    assert text.rstrip().endswith("nobody has written down.\n\n- `b-case`: A title")
    assert "Great harm" not in text


def test_a_cause_that_nothing_shows_any_more_is_an_error(published: Path) -> None:
    write_results(published, failing(of="tool"), result("b-case", "tool"))
    assert "tool: no result shows any more: Great harm" in pages(published, status=1)


def test_a_cause_names_clauses_that_its_cases_rest_on(published: Path) -> None:
    other = SPEC[SPEC.index("[[clause]]") :].replace("GEN-01", "GEN-02")
    with (published / "corpus/spec/general.toml").open("a", encoding="utf-8") as file:
        file.write(other)
    (published / "pages/tool.toml").write_text(CAUSES.replace('["GEN-01"]', '["GEN-01", "GEN-02"]', 1), "utf-8")
    assert "tool: none of its cases rests on GEN-02: Small <thing>" in pages(published, status=1)


@pytest.mark.parametrize(
    ("causes", "message"),
    [
        (CAUSES.replace("GEN-01", "GEN-77"), "pages/tool.toml: there is no clause 'GEN-77'"),
        (CAUSES.replace('"bug"', '"x"'), "pages/tool.toml: Invalid enum value 'x'"),
        (None, "pages/tool.toml: No such file or directory"),
    ],
)
def test_causes_that_cannot_be_used(published: Path, causes: str | None, message: str) -> None:
    path = published / "pages/tool.toml"
    path.unlink() if causes is None else path.write_text(causes, encoding="utf-8")
    assert message in pages(published, status=2)
    assert not (published / "pages/tool.md").exists()


def test_results_of_no_manifest_have_no_findings(published: Path) -> None:
    write_results(published, failing(of="tool"), manifest=None)
    assert "r.jsonl: the results are not of the subjects of one manifest" in pages(published, status=2)
    write_results(published, failing(of="tool"), manifest="gone.toml")
    assert "gone.toml: No such file" in pages(published, status=2)


def test_an_overview_of_all_results(published: Path) -> None:
    pages(published, "--overview", "all.md")
    assert "| tool |  | 0 / 2 / 0 |  |  | 1 | 1 | 0 | 0 | [tool](tool.md) |" in (published / "all.md").read_text(
        "utf-8"
    )
    assert "no/all.md: No such file" in pages(published, "--overview", "no/all.md", status=2)


def test_the_overview_has_what_matters_most(published: Path) -> None:
    path = published / "pages/tool.toml"
    pages(published, "--overview", "all.md")
    assert "What matters most" not in (published / "all.md").read_text("utf-8")
    path.write_text(path.read_text("utf-8") + "foremost = true\n", "utf-8")
    pages(published, "--overview", "all.md")
    text = (published / "all.md").read_text("utf-8").partition("\n\n## What matters most\n\n")[2]
    assert text.startswith("### The tool: Great harm\n\nMuch.\n\n```sh\ntool great\n```\n\nExpected, from CPython:\n")
    assert text.endswith("```text\n4\n```\n\nMore: [tool](tool.md), [reported](https://example.org/7)\n\n")
    assert "Small" not in text


def test_many_cases_are_not_all_named(write_corpus: WriteCorpus, tmp_path: Path, make_case: MakeCase) -> None:
    more = {f"cases__general__n{index}": CASE.replace('"a-case"', f'"n{index}"') for index in range(9)}
    loaded = require(write_corpus(CASE, SPEC, **more))
    (tmp_path / "tool.toml").write_text(MANIFEST, encoding="utf-8")
    results = tuple(failing(f"n{index}", of="tool") for index in range(9))
    tested = replace(subject(id="tool"), host=interpreter())
    record = Results(Header("0.1", "d", "t", "Linux", "fork", (tested,), 9), results, Footer("t", 9))
    file = CausesFile("x", (cause("all"),))
    page = page_of(manifests.read(tmp_path / "tool.toml"), file, record, summarise(record, loaded))
    text = as_page(page, loaded)
    assert "9 cases: `n0`, " in text and "`n7` and 1 more." in text


# Those that are published

NOT_EXPLAINED = re.compile(r".+ is .+, not ", re.DOTALL)
"""The reason of a known failure that no cause explains: what was seen."""


@pytest.mark.parametrize("name", PUBLISHED_CAUSES)
def test_published_causes_are_those_of_known_failures(name: str, corpus: Corpus) -> None:
    causes = findings.read(PUBLISHED_CAUSES[name])
    assert not unknown_clauses(causes, corpus)
    known = manifests.read(manifests.shipped()[name]).known
    titles = [one.title for one in causes.cause]
    assert len(set(titles)) == len(titles)
    reasons = {one.reason for one in known}
    assert set(titles) <= reasons, "a cause that no known failure has; or --update-known is to be run"
    assert all(NOT_EXPLAINED.match(reason) for reason in reasons - set(titles))
    assert {one.case for one in known} <= corpus.cases.keys()
    for cause in causes.cause:
        assert not uncited(cause, (one.case for one in known if one.reason == cause.title), corpus), cause.title


@pytest.mark.parametrize("name", CAUSES_AT_HAND)
def test_published_causes_still_show(name: str, corpus: Corpus, tmp_path: Path) -> None:
    try:
        subjects = Selector(tmp_path, hosts=Hosts()).select([name])
    except BadSubject as problem:
        pytest.skip(str(problem))
    left = {one.title for one in findings.read(PUBLISHED_CAUSES[name]).cause}
    spoken_of = set()
    for tested in subjects:
        with Executor(tested) as executor:
            for known in tested.known:
                case = corpus.cases[known.case]
                applies = holds(known.when, tested.environment) and excluded(case, tested) is None
                if applies and known.reason in left:
                    spoken_of.add(known.reason)
                    if taken(case, executor).known == known.reason:
                        left.remove(known.reason)
    assert not left & spoken_of, "no known failure of it fails as listed"
    assert spoken_of, os.fspath(PUBLISHED_CAUSES[name])
