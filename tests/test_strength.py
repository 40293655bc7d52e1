"""Rounds of mutants: what is killed, survives, hangs or is broken, and what the figures say of it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import CASE, WriteCorpus
from msgspec.structs import replace
from runpy_conformance.cli import app
from runpy_conformance.corpus import Corpus, require
from runpy_conformance.execution.unittests import NoTests, first_failure
from runpy_conformance.model.strength import CORPUS, End, Equivalent, Mutant, Round, StrengthLine, Trial
from runpy_conformance.model.subject import Interpreter
from runpy_conformance.report.strength import as_markdown, measured, percent
from runpy_conformance.results import BadResults
from runpy_conformance.strength import record as records
from runpy_conformance.strength.campaign import Campaign, Unit, carried_out, prepared
from runpy_conformance.strength.reach import named_clauses
from runpy_conformance.strength.record import EMPTY, Record
from runpy_conformance.strength.scratch import scratch
from runpy_conformance.strength.switches import decided
from runpy_conformance.strength.target import Reference, StandardRunpy, Target
from runpy_conformance.subjects import kinds
from typer.testing import CliRunner

LASTING = (
    CASE.replace("a-case", "argv-case")
    .replace("value = 1", "import sys; value = sys.argv[0]", 1)
    .replace("value = 1 }", 'value = "caller.py" }')
)
FALSE = CASE.replace("a-case", "false-case").replace("value = 1 }", "value = 2 }")


def campaign(corpus: Corpus, judges: Sequence[str] = (CORPUS,), **given: object) -> Campaign:
    sound = Campaign(corpus, tuple(judges), exhaustive=False, try_equivalent=False, keys=None, sample=None, processes=2)
    return replace(sound, **given)


KEYS = ("a", "b", "c", "d", "e", "wrong")
ROUND = Round("0", "digest", "2026", "runpy", "cpython-3.13.0", (CORPUS,), 7, ("e", "wrong"), 0, KEYS)


def mutant(key: str, line: int = 1, file: str = "runpy.py") -> Mutant:
    return Mutant(key, file, "", line, True, "by hand", "")


def judged(campaign: Campaign, target: Target, **changes: tuple[str, str]) -> dict[str, Trial]:
    """What becomes of copies of *target*, each with one text in the place of another, by their names."""
    file = next(name for name in ("runpy.py", "__init__.py") if name in target.sources)
    source = target.sources[file]
    made = tuple((mutant(key, file=file), source.replace(*texts)) for key, texts in changes.items())
    assert all(text != source for _, text in made)
    said: list[StrengthLine] = []
    begun = replace(ROUND, host=target.host.name, judges=campaign.judges)
    carried_out(campaign, target, Unit(begun, made), said.append)
    assert isinstance(said[0], Round)
    assert isinstance(said[-1], End)
    return {line.mutant.key: line for line in said if isinstance(line, Trial)}


CHANGES = {
    "kills": ("def run_module(", "def run_module(*_, **__): return {}\ndef _other("),
    "another": ("def run_module(", "def run_module(mod_name): raise KeyError\ndef _other("),
    "hangs": ("def run_module(", "def run_module(mod_name):\n    while True: pass\ndef _other("),
    "same": ("def run_module(", "def _other(): return 1\ndef run_module("),
    "broken": ("def run_module(", "raise SystemError('at start')\ndef run_module("),
}


@pytest.mark.parametrize("host", ["oldest", "newest"])
def test_the_fates_of_mutants(host: str, write_corpus: WriteCorpus, pythons: tuple[Interpreter, ...]) -> None:
    own = [one for one in pythons if one.release_numbers >= (3, 9)]
    corpus = require(write_corpus(cases__general__false_case=FALSE))
    found = judged(campaign(corpus), StandardRunpy(own[0] if host == "oldest" else own[-1]), **CHANGES)
    fates = {key: trial.fate for key, trial in found.items()}
    assert fates == {
        "kills": "killed",
        "another": "killed",
        "hangs": "timed-out",
        "same": "survived",
        "broken": "broken",
    }
    assert found["kills"].by == ("a-case",), "a case that the original fails, too, kills nothing"
    assert found["kills"].areas == {"general": 2}
    assert "at start" in found["broken"].by[0]


def test_mutants_of_the_reference(write_corpus: WriteCorpus, pythons: tuple[Interpreter, ...]) -> None:
    changes = {
        "kills": ("def run_module(", "def run_module(*_, **__): return {}\ndef _other("),
        "same": ("def run_module(", "def _other(): return 1\ndef run_module("),
        "broken": ("def run_module(", "raise SystemError('at start')\ndef run_module("),
    }
    with scratch() as folder:
        target = Reference(pythons[-1], kinds.staged_reference(folder), ())
        found = judged(campaign(require(write_corpus())), target, **changes)
    assert {key: trial.fate for key, trial in found.items()} == {
        "kills": "killed",
        "same": "survived",
        "broken": "broken",
    }


def test_all_cases_are_run_if_asked(write_corpus: WriteCorpus, pythons: tuple[Interpreter, ...]) -> None:
    corpus = require(write_corpus(cases__general__argv_case=LASTING))
    target = StandardRunpy(pythons[-1])
    [one] = judged(campaign(corpus, exhaustive=True), target, kills=CHANGES["kills"]).values()
    assert one.exhaustive
    assert sorted(one.by) == ["a-case", "argv-case"]
    [one] = judged(campaign(corpus), target, kills=CHANGES["kills"]).values()
    assert len(one.by) == 1


class Small(StandardRunpy):
    """An interpreter whose runpy.py is short."""

    SOURCE = """
import importlib.util

def run_module(mod_name, **_):
    spec = importlib.util.find_spec(mod_name)
    found = {}
    exec(spec.loader.get_code(mod_name), found)
    return found

def run_path(path_name):
    return {}
"""

    def __init__(self, host: Interpreter) -> None:
        super().__init__(host)
        self.sources = {self.FILE: self.SOURCE}


def test_equivalent_and_judged_mutants_are_left_out(write_corpus: WriteCorpus, here: Interpreter) -> None:
    corpus = require(write_corpus())
    target = Small(here)
    whole = prepared(campaign(corpus), target, EMPTY)
    assert len(whole.mutants) == whole.round.made - whole.round.same
    first, second, *_ = [mutant.key for mutant, _ in whole.mutants]
    listed = replace(corpus, equivalents={"runpy": (Equivalent((first, "gone"), "It is the same."),)})
    assert prepared(campaign(listed), target, EMPTY).round.equivalent == (first,)
    assert first not in {mutant.key for mutant, _ in prepared(campaign(listed), target, EMPTY).mutants}
    both = prepared(campaign(listed, try_equivalent=True), target, EMPTY)
    assert both.round.equivalent == (first,)
    assert first in {mutant.key for mutant, _ in both.mutants}
    elsewhere = replace(corpus, equivalents={"runpy": (Equivalent((first,), "It was.", "python_version < '3'"),)})
    assert prepared(campaign(elsewhere), target, EMPTY).round.equivalent == ()
    trial = Trial("runpy", target.host.name, CORPUS, whole.mutants[1][0], "survived")
    rest = prepared(campaign(corpus), target, Record((), (trial,), ()))
    assert second not in {mutant.key for mutant, _ in rest.mutants}
    assert rest.round.left_out == 1
    drawn = prepared(campaign(corpus, sample=5), target, EMPTY)
    assert len(drawn.mutants) == 5
    assert drawn.mutants == prepared(campaign(corpus, sample=5), target, EMPTY).mutants
    asked = campaign(corpus, judges=("test_runpy", "test_cmd_line_script"))
    half = Record((), (replace(trial, judge="test_runpy"),), ())
    assert second in {mutant.key for mutant, _ in prepared(asked, target, half).mutants}


def test_cpythons_own_tests_judge_too(write_corpus: WriteCorpus, pythons: tuple[Interpreter, ...]) -> None:
    own = [one for one in pythons if Path(one.stdlib, "test/test_runpy.py").is_file() and one.release_numbers >= (3, 9)]
    if not own:
        pytest.skip("no interpreter with CPython's own tests")
    corpus = require(write_corpus())
    changes = {key: CHANGES[key] for key in ("kills", "same")}
    found = judged(campaign(corpus, judges=("test_runpy",)), StandardRunpy(own[-1]), **changes)
    assert {key: trial.fate for key, trial in found.items()} == {"kills": "killed", "same": "survived"}
    assert found["kills"].by[0].startswith("test.test_runpy.")


def test_a_host_without_tests_says_so(here: Interpreter) -> None:
    with pytest.raises(NoTests, match=r"has no test\.test_of_nothing"):
        first_failure(kinds.interpreter(here), "test_of_nothing", (), 60.0)


# The record and its figures


def trial(key: str, fate: str, *by: str, host: str = "cpython-3.13.0", target: str = "runpy", **areas: int) -> Trial:
    return Trial(target, host, CORPUS, mutant(key), fate, by, areas, 1.0, exhaustive=True)  # type: ignore[arg-type]


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    lines: list[StrengthLine] = [ROUND, trial("a", "survived"), trial("a", "killed", "a-case")]
    for line in lines:
        records.append(path, line)
    path.write_bytes(path.read_bytes() + b'{"kind": "tri')
    record = records.read([path])
    assert record.rounds == (ROUND,)
    assert record.trials == (trial("a", "killed", "a-case"),)
    assert not record.round_ended(ROUND)


def test_a_round_of_another_corpus_judges_anew_what_survived(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    later = replace(ROUND, corpus="another")
    tested = replace(trial("a", "survived"), judge="test_runpy")
    end = End("runpy", "cpython-3.13.0", (CORPUS,), 2.0)
    for line in (ROUND, trial("a", "survived"), trial("b", "killed", "a-case"), tested, end, ROUND):
        records.append(path, line)
    assert len(records.read([path]).trials) == 3, "the corpus is the same"
    assert records.read([path]).ends == ()
    for line in (later, end):
        records.append(path, line)
    record = records.read([path])
    assert record.trials == (trial("b", "killed", "a-case"), tested)
    assert record.rounds == (later,)
    assert [one.seconds for one in record.ends] == [4.0]


def test_mutants_of_what_the_implementation_was_before_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    for line in (ROUND, trial("a", "killed", "a-case"), trial("b", "survived"), replace(ROUND, mutants=("b", "c"))):
        records.append(path, line)
    assert records.read([path]).trials == (trial("b", "survived"),)
    other = replace(ROUND, host="cpython-3.12.1", mutants=("a",))
    records.append(path, other)
    assert records.read([path]).trials == (trial("a", "killed", "a-case"), trial("b", "survived"))


def test_a_rejection_holds_as_long_as_its_case_is_the_same(write_corpus: WriteCorpus) -> None:
    corpus = require(write_corpus())
    case = corpus.cases["a-case"]
    trials = (
        replace(trial("a", "killed", "a-case"), witness=records.witness(case)),
        replace(trial("b", "killed", "gone"), witness=records.witness(case)),
        replace(trial("c", "killed", "test.a"), judge="test_runpy"),
        trial("d", "survived"),
    )
    kept = records.holding(Record((ROUND,), trials, ()), corpus)
    assert [one.mutant.key for one in kept.trials] == ["a", "c", "d"]
    changed = replace(corpus, cases={"a-case": replace(case, title="Another one")})
    assert [one.mutant.key for one in records.holding(kept, changed).trials] == ["c", "d"]


def test_what_a_hosts_version_makes_the_same_is_not_judged_there(
    write_corpus: WriteCorpus, pythons: tuple[Interpreter, ...]
) -> None:
    with scratch() as folder:
        target = Reference(pythons[-1], kinds.staged_reference(folder), ())
    source = target.sources["execute.py"]
    assert source.count("    if HOST.sets_cached:\n") == 1
    alike = source.replace("if HOST.sets_cached:", "if HOST.sets_cached or False:")
    other = source.replace("if HOST.sets_cached:", "if not HOST.sets_cached:")
    assert target.alike("execute.py", [alike, other, "def"]) == [True, False, False]
    table = target.sources["versions.py"]
    now = ", ".join(map(str, pythons[-1].release_numbers[:2]))
    assert target.alike("versions.py", [table.replace("(3, 15)", "(3, 99)"), table + "HOST.x", table + "\n1"]) == [
        "(3, 15)" not in f"({now})",
        False,
        True,
    ]
    made = (mutant("same", file="execute.py"), alike), (mutant("other", file="execute.py"), other)
    said: list[StrengthLine] = []
    carried_out(campaign(require(write_corpus())), target, Unit(ROUND, made), said.append)
    assert next((line.mutant.key, line.areas) for line in said if isinstance(line, Trial)) == ("same", {})


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x = a if H.on else b", "x = a"),
        ("x = a if not H.on else b", "x = b"),
        ("if H.off:\n    a()\nelse:\n    b()", "b()"),
        ("if H.off:\n    a()", "pass"),
        ("if c or H.off:\n    a()", "if c:\n    a()"),
        ("if c and H.on and d:\n    a()", "if c and d:\n    a()"),
        ("x = c and H.off and d", "x = c and H.off"),
        ("x = H.off or c", "x = c"),
    ],
)
def test_what_switches_decide(text: str, same: str) -> None:
    switches = {"on": True, "off": False}
    assert decided(text, "H", switches) == decided(same, "H", switches)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("x = c or H.off", "x = c"),
        ("x = c and H.off", "x = False"),
        ("if c or H.on:\n    a()", "if c:\n    a()"),
        ("x = G.on", "x = H.on"),
        ("x = H.other", "x = H.on"),
    ],
)
def test_what_switches_do_not_decide(text: str, other: str) -> None:
    switches = {"on": True, "off": False}
    assert decided(text, "H", switches) != decided(other, "H", switches)


def test_the_clauses_that_functions_name() -> None:
    source = '''
class A:
    """Clauses: ABC-01, ABC-02."""
    def f(self):
        """Nothing."""
    def g(self):
        """ABC-03."""
'''
    named = named_clauses({"m.py": source})
    assert named == {
        ("m.py", "A"): {"ABC-01", "ABC-02"},
        ("m.py", "A.f"): {"ABC-01", "ABC-02"},
        ("m.py", "A.g"): {"ABC-03"},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no record of mutants"),
        ("{}\n{}\n", ":1: not a line of trials"),
        ('{"kind": "header"}\n\n', ":1: not a line of trials"),
    ],
)
def test_what_is_no_record(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadResults, match=message):
        records.read([path])


def test_the_figures(write_corpus: WriteCorpus) -> None:
    corpus = require(write_corpus(cases__general__b_case=CASE.replace("a-case", "b-case")))
    listed = (Equivalent(("e", "stale"), "It is the same."), Equivalent(("wrong",), "It seemed so."))
    corpus = replace(corpus, equivalents={"runpy": listed, "reference": (Equivalent(("r",), "Not tried."),)})
    trials = (
        trial("a", "killed", "a-case", general=2),
        trial("b", "killed", "b-case", "a-case", general=2),
        trial("c", "survived", general=1),
        trial("d", "broken", "ImportError"),
        trial("wrong", "timed-out", "a-case", general=2),
    )
    figures = measured(Record((ROUND,), trials, (End("runpy", "cpython-3.13.0", (CORPUS,), 7.0),)), corpus)
    [row] = figures.rows
    assert (row.judged, row.detected, row.rate, row.equivalent) == (4, 3, 75.0, 1)
    assert row.seconds == 7.0
    assert row.complete
    [area] = figures.areas
    assert (area.first, area.reached, area.killed, area.alone) == (3, 4, 3, 3)
    assert figures.alone == {"a-case": 2}
    assert figures.never_alone == ("b-case",)
    assert [one.mutant.key for one in figures.survivors] == ["c"]
    assert [one.mutant.key for one in figures.wrongly_listed] == ["wrong"]
    assert figures.stale == ("stale",)
    assert not figures.sound
    text = as_markdown(figures, corpus)
    assert "| runpy | cpython-3.13.0 | 7 | 1 | 1 | 0 | 1 | 2 | 1 | 1 | 75.0 % | 7 |" in text
    assert "It seemed so." in text
    assert "- `a-case`: 2" in text


def test_a_mutant_of_the_reference_is_rejected_if_it_is_on_some_host(write_corpus: WriteCorpus) -> None:
    corpus = require(write_corpus())
    rounds = [replace(ROUND, target="reference", host=host, equivalent=()) for host in ("x-3.10.1", "x-3.9.2")]
    trials = (
        trial("a", "survived", host="x-3.9.2", target="reference"),
        trial("a", "killed", "a-case", host="x-3.10.1", target="reference"),
        trial("b", "killed", "a-case", host="x-3.9.2", target="reference"),
    )
    figures = measured(Record(tuple(rounds), trials, ()), corpus)
    assert figures.sound
    assert [(row.host, row.rate) for row in figures.rows] == [
        ("x-3.9.2", 50.0),
        ("x-3.10.1", 100.0),
        ("all 2 hosts", 100.0),
    ]


def test_cpythons_tests_stand_beside(write_corpus: WriteCorpus) -> None:
    corpus = require(write_corpus())
    modules = ("test_runpy", "test_cmd_line_script")
    tests = replace(ROUND, judges=modules)
    trials = (
        replace(trial("a", "killed", "test.a"), judge="test_runpy"),
        replace(trial("b", "survived"), judge="test_runpy"),
        replace(trial("b", "killed", "test.b"), judge="test_cmd_line_script"),
        replace(trial("c", "survived"), judge="test_runpy"),
        replace(trial("c", "survived"), judge="test_cmd_line_script"),
        replace(trial("d", "broken", "ImportError"), judge="test_runpy"),
        trial("a", "killed", "a-case"),
    )
    [row] = measured(Record((ROUND, tests), trials, ()), corpus).rows
    assert row.tested == 3
    assert (row.tests_rate(1), row.tests_rate(2)) == (33.3, 66.6)
    assert (row.judged, row.rate) == (1, 100.0)


def test_percent_says_100_of_all_only() -> None:
    assert percent(9999, 10000) == 99.9
    assert percent(3, 3) == 100.0
    assert percent(0, 0) == 0.0


# The commands


def command(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def test_strength_from_the_command_line(
    write_corpus: WriteCorpus, pythons: tuple[Interpreter, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runpy_conformance.cli.strength.StandardRunpy", Small)
    root, path, page = write_corpus(), tmp_path / "s.jsonl", tmp_path / "s.md"
    words = ["strength", "--subject", f"python:{pythons[-1].path}", "--corpus", root, "--results", path]
    command(*words, "--sample", 4)
    assert len(records.read([path]).trials) == 4
    status, text = command(*words, "--resume")
    assert status == 1, "no case tries run_path"
    assert "survives; it needs a case" in text
    record = records.read([path])
    assert {trial.fate for trial in record.trials} >= {"killed", "survived"}
    assert len(record.trials) == record.rounds[0].made - record.rounds[0].same
    one = next(trial.mutant.key for trial in record.trials if trial.fate == "killed")
    command(*words, "--mutant", one)
    assert [trial.mutant.key for trial in records.read([path]).trials] == [one]
    status, text = command(*words, "--mutant", "f00")
    assert (status, "no mutant that is not listed as equivalent has the key f00" in text) == (2, True)
    command(*words, "--mutant", one)
    first = records.read([path]).rounds[0].corpus
    (root / "spec/changes.toml").write_text("change = []\n", encoding="utf-8")
    command(*words, "--resume", "--mutant", one)
    assert records.read([path]).rounds[0].corpus != first
    assert path.read_bytes().count(b'"kind":"trial"') == 1, "the case that rejected it is the same"
    status, text = command("strength-report", path, "--corpus", root, "--output", page)
    assert (status, text) == (0, "")
    assert "# How strong the suite is" in page.read_text(encoding="utf-8")
    status, text = command("strength-report", path, "--corpus", root, "--json")
    assert json.loads(text)["rows"][0]["target"] == "runpy"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["strength", "--subject", "nothing-1.0"], "no interpreter called"),
        (["strength", "--sample", "0"], "greater than or equal to 1"),
        (["strength-report", "no-such.jsonl"], "No such file"),
    ],
)
def test_bad_input(words: list[str], message: str) -> None:
    status, text = command(*words)
    assert status == 2
    assert message in text
