"""Reports that other tools read: JUnit XML, CTRF, and what GitHub shows."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import MakeCase, result, subject
from msgspec.structs import replace
from runpy_conformance.corpus import Corpus
from runpy_conformance.levels import Gate, level
from runpy_conformance.model.case import Case
from runpy_conformance.model.clause import Clause, Level, Source
from runpy_conformance.model.result import Footer, Header, Judgement, Mismatch, Result
from runpy_conformance.model.subject import Subject
from runpy_conformance.report import github
from runpy_conformance.report.ctrf import as_ctrf
from runpy_conformance.report.documents import render
from runpy_conformance.report.github import ANNOTATIONS, as_annotations
from runpy_conformance.report.junit import as_junit
from runpy_conformance.report.summary import summarise
from runpy_conformance.report.testcases import printable
from runpy_conformance.results import Results

MINE, OTHER = subject("3.13.0"), subject("3.9.0")


def clause(name: str, of: Level) -> Clause:
    return Clause(name, of, f"The rule `{name}`.", (Source(doc="library/runpy"),), "2.7")


CLAUSES = {one.id: one for one in (clause("GEN-01", "must"), clause("GEN-02", "should"), clause("GEN-03", "detail"))}


def corpus_of(*cases: Case) -> Corpus:
    return Corpus(Path("/corpus"), {}, CLAUSES, {}, {}, {}, {}, {}, {case.id: case for case in cases}, "digest")


def record(*results: Result, subjects: tuple[Subject, ...] = (OTHER, MINE), finished: bool = True) -> Results:
    header = Header("0.1", "digest", "2026-01-01T00:00:00+00:00", "Linux", "fork", subjects, 2)
    return Results(header, results, Footer("2026-01-01T00:00:02+00:00", len(results)) if finished else None)


def failed(case: str = "a-case", of: str = MINE.id, actual: str = "2", stderr: str = "") -> Result:
    mismatches = (Mismatch("globals.value", "1", actual),)
    return Result(case, of, Judgement("fail", 0, mismatches), 0.25, result(stderr=stderr).observation)


def judged(case: str, verdict: Any, reason: str | None = None) -> Result:
    return Result(case, MINE.id, Judgement(verdict, reason=reason), 0.0)


@pytest.fixture
def every_kind(make_case: MakeCase) -> tuple[Results, Corpus]:
    """A record with a result of every verdict, a known failure, and a case that the corpus does not have."""
    names = ["passes", "documented", "observed", "fails", "unsupported", "not-applicable", "error", "known"]
    cases = [make_case(id=name, clauses=["GEN-02"], file=f"/x/cases/general/{name}.toml") for name in names]
    results = (
        result("passes", OTHER.id),
        result("passes", MINE.id),
        judged("documented", "documented"),
        judged("observed", "observed"),
        failed("fails"),
        judged("unsupported", "unsupported", "it has no symlinks"),
        judged("not-applicable", "not-applicable", "the case is for 2.7"),
        judged("error", "error", "the agent vanished"),
        replace(failed("known"), known="they know"),
        result("gone", MINE.id),
    )
    return record(*results), corpus_of(*cases)


def test_the_level_of_a_case_is_the_weakest_of_its_clauses(make_case: MakeCase) -> None:
    corpus = corpus_of()
    assert level(corpus, make_case(clauses=["GEN-01"])) == "must"
    assert level(corpus, make_case(clauses=["GEN-01"], against=["GEN-02"])) == "should"
    assert level(corpus, make_case(clauses=["GEN-03", "GEN-01"])) == "detail"
    assert level(corpus, make_case(clauses=["XXX-01"])) == "detail"


ODD = "a\x00b\x1b[0m\ud800\ufffe<&>]]>\r\té\U0001f40d"


def test_what_is_not_printable_is_written_as_python_would() -> None:
    assert printable(ODD) == "a\\x00b\\x1b[0m\\ud800\\ufffe<&>]]>\\r\té\U0001f40d"


# JUnit XML


def test_junit(every_kind: tuple[Results, Corpus]) -> None:
    root = ElementTree.fromstring(as_junit(*every_kind).encode())
    other, mine = root.findall("testsuite")
    assert [suite.get("name") for suite in (other, mine)] == [OTHER.id, MINE.id]
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["9", "1", "1"]
    assert [mine.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["8", "1", "1", "3"]
    assert mine.get("timestamp") == "2026-01-01T00:00:00"
    tests = {str(one.get("name")).partition(" ")[0]: one for one in mine.findall("testcase")}
    assert {name: [child.tag for child in test][1:] for name, test in tests.items()} == {
        "passes": [],
        "documented": [],
        "observed": [],
        "fails": ["failure"],
        "unsupported": ["skipped"],
        "not-applicable": ["skipped"],
        "error": ["error"],
        "known": ["skipped"],
    }
    fails = tests["fails"]
    assert (fails.get("classname"), fails.get("name")) == ("general", f"fails [{MINE.id}]")
    assert (fails.get("file"), fails.get("time")) == ("cases/general/fails.toml", "0.250")
    properties = {one.get("name"): one.get("value") for one in fails.iterfind("properties/property")}
    assert properties == {"subject": MINE.id, "clauses": "GEN-02", "level": "should", "verdict": "fail"}
    failure = fails.find("failure")
    assert failure is not None and failure.get("message") == "globals.value: expected 1, observed 2"
    assert "globals.value  1         2" in str(failure.text)
    assert "again     runpy-conformance run --case fails" in str(failure.text)
    messages = {name: one.get("message") for name, test in tests.items() for one in test.findall("*[@message]")}
    assert messages["known"] == "known failure: they know"
    assert messages["unsupported"] == "unsupported: it has no symlinks"
    assert messages["error"] == "the agent vanished"


def test_junit_names_are_unique(every_kind: tuple[Results, Corpus]) -> None:
    tests = ElementTree.fromstring(as_junit(*every_kind)).findall("testsuite/testcase")
    assert len({(one.get("classname"), one.get("name")) for one in tests}) == len(tests)


def test_junit_says_that_a_run_was_interrupted(make_case: MakeCase) -> None:
    text = as_junit(record(result("a-case", MINE.id), finished=False), corpus_of(make_case()))
    found = ElementTree.fromstring(text).findall("testsuite/properties/property[@name='interrupted']")
    assert [one.get("value") for one in found] == ["true", "true"]


def test_junit_holds_whatever_a_program_prints(make_case: MakeCase) -> None:
    named = subject("3.13.0", id="odd\x01name")
    results = record(failed(of=named.id, actual=ODD, stderr=ODD), subjects=(named,))
    root = ElementTree.fromstring(as_junit(results, corpus_of(make_case())).encode())
    [failure] = root.findall("testsuite/testcase/failure")
    assert printable(ODD) in str(failure.get("message"))
    assert str(failure.text).count("\\x00b\\x1b[0m\\ud800") == 2


# CTRF

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
TEXTS = {"type": "array", "items": TEXT}
ANYTHING = {"type": "object"}


def table(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}, "closed": True}


STATUS = {"enum": ["passed", "failed", "skipped", "pending", "other"]}
CTRF = table(
    {
        "reportFormat": {"enum": ["CTRF"]},
        "specVersion": {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"},
        "results": table(
            {
                "tool": table({"name": TEXT}, version=TEXT, extra=ANYTHING),
                "summary": table(
                    dict.fromkeys(["tests", *STATUS["enum"], "start", "stop"], WHOLE),
                    suites=WHOLE,
                    flaky=WHOLE,
                    duration=WHOLE,
                    extra=ANYTHING,
                ),
                "tests": {
                    "type": "array",
                    "items": table(
                        {"name": TEXT, "status": STATUS, "duration": WHOLE},
                        **dict.fromkeys(["message", "trace", "rawStatus", "type", "filePath"], TEXT),
                        **dict.fromkeys(["start", "stop", "line"], WHOLE),
                        suite={"type": "array", "items": TEXT, "minItems": 1},
                        tags=TEXTS,
                        labels=ANYTHING,
                        extra=ANYTHING,
                    ),
                },
            },
            environment=table({}, osPlatform=TEXT, testEnvironment=TEXT, appName=TEXT, extra=ANYTHING),
            extra=ANYTHING,
        ),
    },
    reportId=TEXT,
    timestamp=TEXT,
    generatedBy=TEXT,
    extra=ANYTHING,
)
"""What the format's documentation asks for, as far as a report of this suite could use it."""
TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int}


def violations(value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """Where *value* is not as the JSON Schema *schema* has it; ``closed`` allows no other properties."""
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{place}: {value!r}"]
    if not isinstance(value, TYPES[schema["type"]]) or isinstance(value, bool):
        return [f"{place}: no {schema['type']}"]
    found = []
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{place}: {value!r}")
    if isinstance(value, list):
        found += [f"{place}: too short"] if len(value) < schema.get("minItems", 0) else []
        for index, item in enumerate(value):
            found += violations(item, schema["items"], f"{place}[{index}]")
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{place}: no {name}" for name in schema["required"] if name not in value]
        for name, item in value.items():
            if name in schema["properties"]:
                found += violations(item, schema["properties"][name], f"{place}.{name}")
            else:
                found.append(f"{place}: {name} is unknown")
    return found


def test_ctrf(every_kind: tuple[Results, Corpus]) -> None:
    document = json.loads(as_ctrf(*every_kind))
    assert violations(document, CTRF) == []
    summary = document["results"]["summary"]
    expected = {"tests": 9, "passed": 3, "failed": 2, "skipped": 3, "pending": 0, "other": 1, "suites": 2}
    assert {name: summary[name] for name in expected} == expected
    assert summary["stop"] - summary["start"] == 2000
    tests = {one["extra"]["case"]: one for one in document["results"]["tests"]}
    assert {name: one["status"] for name, one in tests.items()} == {
        "passes": "passed",
        "documented": "passed",
        "observed": "other",
        "fails": "failed",
        "unsupported": "skipped",
        "not-applicable": "skipped",
        "error": "failed",
        "known": "skipped",
    }
    fails = tests["fails"]
    assert (fails["name"], fails["duration"]) == (f"fails [{MINE.id}]", 250)
    assert (fails["suite"], fails["tags"]) == ([MINE.id, "general"], ["should", "GEN-02"])
    assert fails["message"] == "globals.value: expected 1, observed 2"
    assert "globals.value  1         2" in fails["trace"]
    assert fails["extra"]["again"].startswith("runpy-conformance run --case fails")
    assert tests["known"]["message"] == "known failure: they know"


def test_ctrf_of_an_interrupted_run_with_odd_characters(make_case: MakeCase) -> None:
    text = as_ctrf(record(failed(actual=ODD), finished=False), corpus_of(make_case()))
    document = json.loads(text.encode("ascii"))
    assert violations(document, CTRF) == []
    assert document["results"]["summary"]["extra"] == {"interrupted": True}
    assert printable(ODD) in document["results"]["tests"][0]["message"]


def test_the_check_of_ctrf_finds_what_is_wrong(every_kind: tuple[Results, Corpus]) -> None:
    document = json.loads(as_ctrf(*every_kind))
    del document["results"]["tool"]
    document["specVersion"] = "1"
    document["results"]["tests"][0] |= {"status": "ok", "colour": "red", "suite": [], "duration": 0.5}
    assert violations(document, CTRF) == [
        "$.specVersion: '1'",
        "$.results: no tool",
        "$.results.tests[0].status: 'ok'",
        "$.results.tests[0].duration: no integer",
        "$.results.tests[0].suite: too short",
        "$.results.tests[0]: colour is unknown",
    ]


# What GitHub shows

COMMAND = re.compile(r"::(error|warning|notice)(?: ([^:]*))?::(.*)")


def annotations(results: Results, corpus: Corpus, gate: Gate = "must") -> list[tuple[str, dict[str, str], str]]:
    """The annotations as the runner understands them."""
    found = []
    for line in as_annotations(summarise(results, corpus, gate), results, corpus).splitlines():
        command = COMMAND.fullmatch(line)
        assert command, line
        named = dict(pair.split("=", 1) for pair in (command[2] or "").split(",") if pair)
        found.append((command[1], {name: unescaped(text) for name, text in named.items()}, unescaped(command[3])))
    return found


def unescaped(text: str) -> str:
    for escape, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def test_an_annotation_for_each_case_that_fails(make_case: MakeCase) -> None:
    cases = make_case(title="50%: a, b"), make_case(id="b-case", clauses=["GEN-02"])
    known = replace(failed("c-case"), known="they know")
    results = record(failed(), failed(of=OTHER.id), failed("b-case", actual="::error::\nno"), known)
    first, second = annotations(results, corpus_of(*cases, make_case(id="c-case")))
    assert first[:2] == ("error", {"title": "a-case: 50%: a, b"})
    assert first[2].splitlines() == [
        f"GEN-01 (must), {OTHER.id}, {MINE.id}",
        "globals.value: expected 1, observed 2",
        f"Again: runpy-conformance run --case a-case --subject {OTHER.spelling}",
    ]
    assert second[0] == "warning"
    assert "observed ::error::\nno" in second[2]


@pytest.mark.parametrize(
    ("spelling", "file"),
    [
        ("ours/mine.toml", "ours/mine.toml"),
        ("mine.toml@cpython-3.13", "mine.toml"),
        ("runpy:Lib/runpy.py@/x", "Lib/runpy.py"),
        ("python:/x", None),
    ],
)
def test_an_annotation_is_of_the_users_own_file(make_case: MakeCase, spelling: str, file: str | None) -> None:
    mine = replace(MINE, spelling=spelling)
    [(_, properties, _)] = annotations(record(failed(), subjects=(mine,)), corpus_of(make_case()))
    assert properties.get("file") == file


def test_no_more_annotations_than_github_shows(make_case: MakeCase) -> None:
    names = [f"case-{number:02}" for number in range(ANNOTATIONS + 3)]
    cases = [make_case(id=name, clauses=["GEN-03"]) for name in names]
    found = annotations(record(*map(failed, names)), corpus_of(*cases))
    assert len(found) == ANNOTATIONS
    assert {kind for kind, _, _ in found} == {"notice"}
    assert found[-1] == ("notice", {}, "4 more cases fail; the report names them")
    assert annotations(record(*map(failed, names[:ANNOTATIONS])), corpus_of(*cases))[-1][1]["title"]


def test_what_the_gate_counts_is_an_error(make_case: MakeCase) -> None:
    names = {"a-case": "GEN-01", "b-case": "GEN-02", "c-case": "GEN-03"}
    corpus = corpus_of(*(make_case(id=name, clauses=[of]) for name, of in names.items()))
    results = record(*map(failed, names))
    kinds: dict[Gate, list[str]] = {
        "must": ["error", "warning", "notice"],
        "should": ["error", "error", "notice"],
        "detail": ["error", "error", "error"],
    }
    for gate, expected in kinds.items():
        assert [kind for kind, _, _ in annotations(results, corpus, gate)] == expected


def summary_of(results: Results, corpus: Corpus) -> str:
    return render(summarise(results, corpus), results, corpus, "summary")


def test_the_summary_of_a_job(every_kind: tuple[Results, Corpus]) -> None:
    text = summary_of(*every_kind)
    assert text.startswith("### Conformance: failed\n")
    assert "Gate: detail; it lets 0 of 2 failures pass." in text
    assert "| subject | must | should | implementation-defined | detail | not for it |" in text
    assert f"| `{MINE.id}` |  | 3, 1 known, 2 failed |  |  | 2 |" in text
    assert "**GEN-02** (should): The rule `GEN-02`." in text
    assert f"- `fails` A title ({MINE.id})" in text
    assert "$ runpy-conformance run --case error" in text
    assert "known`" not in text


def test_the_summary_of_a_run_that_succeeded(make_case: MakeCase) -> None:
    text = summary_of(record(result("a-case", MINE.id)), corpus_of(make_case()))
    assert text.startswith("### Conformance: succeeded\n")
    assert "Failures" not in text and "console" not in text


def test_the_summary_of_a_job_is_short_whatever_fails(make_case: MakeCase) -> None:
    subjects = tuple(subject(f"3.{minor}.0") for minor in range(40))
    names = [f"case-{number:04}" for number in range(github.CASES + 50)]
    cases = [make_case(id=name, title="x" * 200, clauses=["GEN-01"]) for name in names]
    results = record(*(failed(name, one.id) for name in names for one in subjects), subjects=subjects)
    text = summary_of(results, corpus_of(*cases))
    assert len(text.encode()) < 2**17
    assert "and 36 more)" in text
    assert "… and 50 more cases; the report has them all." in text
