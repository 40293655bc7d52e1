"""What is made out of a run."""

import io
import json
import re
from pathlib import Path

import pytest
from conftest import MakeCase, result, subject
from rich.console import Console
from runpy_conformance.corpus import Corpus
from runpy_conformance.judge import fingerprint
from runpy_conformance.model.case import Case
from runpy_conformance.model.result import Footer, Header, Judgement, Mismatch, Result, Timing
from runpy_conformance.model.subject import Known, Subject
from runpy_conformance.report.compare import compare
from runpy_conformance.report.documents import render
from runpy_conformance.report.failure import described, failure_text, repeat_command
from runpy_conformance.report.site import code_spans, search_index, write_site
from runpy_conformance.report.summary import Summary, summarise
from runpy_conformance.report.terminal import show, show_moves
from runpy_conformance.results import Results

OLD, NEW = subject("3.9.0"), subject("3.13.0")
REFERENCE = Subject("reference@x", "module", NEW.host, "reference@/x", module="runpy_reference")
TIMING = Timing(10.0, 8.0, 100, 50, 50, 2.0, 1.0)


def corpus_of(*cases: Case) -> Corpus:
    return Corpus(Path("/corpus"), {}, {}, {}, {}, {}, {}, {}, {case.id: case for case in cases}, "digest")


def record(
    *results: Result, subjects: tuple[Subject, ...] = (OLD, NEW, REFERENCE), footer: Footer | None = None
) -> Results:
    header = Header("0.1", "digest", "t", "Linux", "fork", subjects, 2)
    return Results(header, results, footer or Footer("t", len(results), TIMING))


FAILED = Result(
    "a-case",
    NEW.id,
    Judgement("fail", 0, (Mismatch("globals.value", "1", "2"),)),
    0.1,
    result(globals={"value": 2}).observation,
)


def test_counts_by_area_and_subject(make_case: MakeCase) -> None:
    cases = make_case(), make_case(id="b-case", area="warnings")
    results = (
        result("a-case", OLD.id),
        FAILED,
        result("b-case", OLD.id),
        Result("b-case", NEW.id, Judgement("unsupported", reason="x"), 0.0),
    )
    summary = summarise(record(*results), corpus_of(*cases))
    assert summary.areas == ("general", "warnings")
    assert summary.cells["general", NEW.id].bad == 1
    assert (summary.totals[OLD.id].good, summary.totals[NEW.id].good, summary.totals[NEW.id].left_out) == (2, 0, 1)
    assert summary.failures == (FAILED,)
    assert not summary.succeeded


def test_success(make_case: MakeCase) -> None:
    summary = summarise(record(result("a-case", OLD.id), result("a-case", NEW.id)), corpus_of(make_case()))
    assert summary.succeeded


def test_an_unexplained_difference_between_cpythons_is_no_success(make_case: MakeCase) -> None:
    results = result("a-case", OLD.id, stdout="1"), result("a-case", NEW.id, stdout="2")
    summary = summarise(record(*results), corpus_of(make_case()))
    assert [one.case for one in summary.cpython_unexplained] == ["a-case"]
    assert not summary.failures
    assert not summary.succeeded


def test_a_difference_of_another_subject_is_shown_and_does_not_count(make_case: MakeCase) -> None:
    results = result("a-case", NEW.id, stdout="1"), result("a-case", REFERENCE.id, stdout="2")
    summary = summarise(record(*results), corpus_of(make_case()))
    assert len(summary.differences) == 1
    assert summary.succeeded


def test_an_interrupted_run_is_no_success(make_case: MakeCase) -> None:
    interrupted = Results(record().header, (result("a-case", NEW.id),), None)
    assert not summarise(interrupted, corpus_of(make_case())).succeeded


def test_known_failures(make_case: MakeCase) -> None:
    from msgspec.structs import replace

    as_listed = replace(FAILED, known="because")
    assert summarise(record(as_listed), corpus_of(make_case())).succeeded
    assert summarise(record(as_listed), corpus_of(make_case())).totals[NEW.id].known == 1


@pytest.mark.parametrize(
    ("case", "results", "what"),
    [
        ("a-case", (result("a-case", NEW.id),), "passes"),
        ("a-case", (FAILED,), f"fails in another way (fingerprint {fingerprint(FAILED.judgement)})"),
        ("a-case", (), "was not run"),
        ("z-case", (), "does not exist"),
    ],
)
def test_a_known_failure_that_is_not_as_listed(
    make_case: MakeCase, case: str, results: tuple[Result, ...], what: str
) -> None:
    listed = subject("3.13.0", known=(Known(case, "because", fingerprint="0"),))
    [stale] = summarise(record(*results, subjects=(listed,)), corpus_of(make_case())).stale
    assert (stale.subject, stale.what) == (NEW.id, what)


def test_results_of_cases_that_are_gone(make_case: MakeCase) -> None:
    summary = summarise(record(result("gone", NEW.id)), corpus_of(make_case()))
    assert summary.unknown_cases == ("gone",)
    assert "left out: results of 1 case that the corpus does not have" in shown(summary, corpus_of(make_case()))


# As text


def shown(summary: Summary, corpus: Corpus, width: int = 100) -> str:
    out = io.StringIO()
    show(summary, corpus, Console(file=out, width=width, soft_wrap=True))
    return out.getvalue()


@pytest.fixture
def failed(make_case: MakeCase) -> tuple[Results, Corpus]:
    case = make_case(expect=[{"globals": {"value": 1}}])
    return record(result("a-case", OLD.id, globals={"value": 1}), FAILED), corpus_of(case)


def test_the_terminal(failed: tuple[Results, Corpus]) -> None:
    results, corpus = failed
    text = shown(summarise(results, corpus), corpus)
    assert "cpython" in text and "3.13.0" in text and "!1" in text
    assert "a-case GEN-01 A title" in text
    assert "1 case in which subjects differ: 0 explained by 0 causes, 1 unexplained (1 between CPythons)" in text
    assert "cpython-3.13.0: globals.value = 2" in text
    assert "10 s for 100 runs" in text and "(38%)" in text
    assert text.splitlines()[-1].startswith("FAILED 1 passed, 1 failed")
    assert "\x1b" not in text


def test_a_narrow_terminal_gets_more_tables(failed: tuple[Results, Corpus]) -> None:
    results, corpus = failed
    text = shown(summarise(results, corpus), corpus, width=50)
    assert text.count("area") == 2


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_documents(failed: tuple[Results, Corpus], form: str) -> None:
    results, corpus = failed
    text = render(summarise(results, corpus), results, corpus, form)
    for part in ("a-case", "A title", "globals.value", "cpython-3.9.0", "runpy-conformance run --case a-case"):
        assert part in text
    assert ("Unexplained" if form == "markdown" else "unexplained") in text


def test_a_picture(failed: tuple[Results, Corpus]) -> None:
    results, corpus = failed
    text = render(summarise(results, corpus), results, corpus, "svg")
    assert text.startswith("<svg") and "3.13.0" in text
    assert "font-face" not in text and "url(http" not in text


def test_html_is_escaped(make_case: MakeCase) -> None:
    case = make_case(title="<script>", expect=[{"stdout": "<b>"}])
    wrong = Result("a-case", NEW.id, Judgement("fail", 0, (Mismatch("stdout", "<b>", "<i>"),)), 0.1)
    text = render(summarise(record(wrong), corpus_of(case)), record(wrong), corpus_of(case), "html")
    assert "<script>" not in text and "&lt;script&gt;" in text and "<i>" not in text


def test_json(failed: tuple[Results, Corpus]) -> None:
    results, corpus = failed
    data = json.loads(render(summarise(results, corpus), results, corpus, "json"))
    assert data["succeeded"] is False
    assert data["failures"][0]["mismatches"] == [{"field": "globals.value", "expected": "1", "actual": "2"}]
    [difference] = data["differences"]
    assert difference["fields"] == ["globals.value"]
    assert {tuple(one["subjects"]) for one in difference["behaviours"]} == {(OLD.id,), (NEW.id,)}


def test_a_markdown_table_survives_what_is_observed(make_case: MakeCase) -> None:
    results = result("a-case", OLD.id, stdout="a|b`c`"), result("a-case", NEW.id, stdout="x")
    text = render(
        summarise(record(*results), corpus_of(make_case())), record(*results), corpus_of(make_case()), "markdown"
    )
    assert "a\\|b'c'" in text


def test_two_runs() -> None:
    out = io.StringIO()
    moves = compare(record(result("a-case", NEW.id)), record(FAILED, result("b-case", NEW.id)))
    show_moves(moves, Console(file=out, width=200))
    assert out.getvalue().splitlines() == [
        "regressed a-case [cpython-3.13.0] pass -> fail",
        "new       b-case [cpython-3.13.0] (none) -> pass",
        "1 regressed, 0 fixed, 0 changed, 1 new, 0 removed",
    ]


# A failure


def test_the_text_of_a_failure(make_case: MakeCase) -> None:
    lines = failure_text(make_case(), NEW, FAILED).splitlines()
    assert lines[0] == "A title"
    assert "clauses   GEN-01" in lines
    assert 'run       run_module(mod_name="m")' in lines
    table = lines.index("field          expected  observed")
    assert lines[table + 1] == "globals.value  1         2"
    assert lines[-1] == "again     runpy-conformance run --case a-case --subject python:/nowhere/python3.13.0"


def test_long_values_stand_below_each_other(make_case: MakeCase) -> None:
    wrong = Result("a-case", NEW.id, Judgement("fail", 0, (Mismatch("stdout", "x" * 100, "y"),)), 0.1)
    text = failure_text(make_case(), NEW, wrong)
    assert f"  expected  {'x' * 100}\n  observed  y" in text


def test_standard_error_is_shown_as_it_was(make_case: MakeCase) -> None:
    from msgspec.structs import replace

    text = failure_text(make_case(), NEW, replace(FAILED, raw={"stderr": "Traceback\n  boom"}))
    assert "standard error:\n  Traceback\n    boom" in text


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ({"call": "run_path", "positional": ["p"], "arguments": {"run_name": {"python": "None"}}},
         'run_path("p", run_name=None)'),
        ({"command": {"module": "m", "options": ["-P"], "arguments": ["a"]}}, "python -P -m m a"),
        ({"command": {"path": ""}}, "python ''"),
        ({"command": {"code": "pass"}}, "python -c 'pass'"),
        ({"command": {"stdin": "pass", "options": ["-I"]}}, "python -I -"),
        ({"command": {"line": ["-mm", "x"]}}, "python -mm x"),
    ],
)  # fmt: skip
def test_a_run_in_words(make_case: MakeCase, run: object, expected: str) -> None:
    assert described(make_case(run=run).run) == expected


def test_the_command_that_repeats_a_run_of_a_module(make_case: MakeCase) -> None:
    mine = Subject("m@x", "module", NEW.host, "module:m@/x", module="m", pythonpath=("/a b",), own_folders=True)
    assert repeat_command(make_case(), mine).endswith("--subject module:m@/x --pythonpath '/a b'")


# The site


def test_the_site_has_every_clause_case_and_link(tmp_path: Path, corpus: Corpus) -> None:
    pages = write_site(corpus, tmp_path)
    assert pages == len(list(tmp_path.rglob("*.html"))) > len(corpus.cases) + len(corpus.areas)
    for path in tmp_path.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r'href="([^"#]*)(?:#[^"]*)?"', text):
            assert not target or "://" in target or (path.parent / target).exists() or target.endswith(".md"), (
                path,
                target,
            )
    area = (tmp_path / "area/run-module-packages.html").read_text(encoding="utf-8")
    assert 'id="RMP-01"' in area and "../case/run-module-package-runs-main.html" in area
    case = (tmp_path / "case/run-module-package-runs-main.html").read_text(encoding="utf-8")
    assert "value = 42" in case and "run_module(mod_name=&#34;pkg&#34;)" in case and "globals.value" in case


def test_the_site_can_be_searched(corpus: Corpus) -> None:
    index = search_index(corpus)
    assert len(index) == len(corpus.clauses) + len(corpus.cases) + len(corpus.changes)
    assert any(page == "area/run-module-packages.html#RMP-01" for page, _, _ in index)


def test_words_in_backquotes_are_code_and_nothing_is_markup() -> None:
    assert code_spans("a `b<*c*>` <d> *e* 2*3*4") == "a <code>b&lt;*c*&gt;</code> &lt;d&gt; <em>e</em> 2*3*4"
