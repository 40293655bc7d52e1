"""The measurement of the reference: the command on a real interpreter, and on a reference that is broken.

How long anything took is never looked at.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from runpy_conformance.execution.bench import GOAL, LEAST_ROUNDS, SCRIPT, START, Measurement, benchmark, run_bench
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.report.measurements import show_goal, show_measurement
from runpy_conformance.subjects.selection import Selector

CALLS = [
    "run_module of a module",
    "run_module of a module, alter_sys",
    "run_module of a package",
    "run_module of a package, alter_sys",
    "run_path of a script",
    "run_path of a directory",
    "run_path of a zip file",
]
COMMAND = [sys.executable, "-m", "runpy_conformance", "bench"]


def bench(*words: str, status: int = 0) -> "subprocess.CompletedProcess[str]":
    """Runs the command and checks its exit status."""
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def reference(tmp_path: Path, here: Interpreter) -> Subject:
    """The reference on the interpreter that runs the tests, as files that may be changed."""
    [subject] = Selector(tmp_path).select([f"reference@{here.path}"])
    return subject


def test_the_command_measures_calls_and_the_start(here: Interpreter) -> None:
    out = bench("--subject", f"reference@{here.path}", "--rounds", "3").stdout
    first, *lines = out.splitlines()
    assert first.split() == [f"reference@{here.name}", "standard", "reference", "ratio", "quartiles"]
    for name, line in zip([*CALLS, START], lines, strict=False):
        assert line.startswith(name)
    assert lines[len(CALLS)].rstrip().endswith("no goal")
    assert f"The goal for a call is a ratio of at most {GOAL}; " in out


def test_the_command_prints_json(here: Interpreter) -> None:
    data = json.loads(bench("--subject", f"reference@{here.path}", "--rounds", "3", "--json").stdout)
    assert data["goal"] == GOAL
    [measurement] = data["measurements"]
    assert (measurement["subject"], measurement["rounds"]) == (f"reference@{here.name}", 3)
    assert measurement["problem"] is None
    assert [(one["name"], one["goal"]) for one in measurement["benchmarks"]] == [
        *((name, GOAL) for name in CALLS),
        (START, None),
    ]
    for one in measurement["benchmarks"]:
        first, third = one["quartiles"]
        assert 0 < first <= one["ratio"] <= third
        assert one["standard"] > 0
        assert one["reference"] > 0


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("__init__.py", "    found = locate.locate_module(mod_name)", "    return {}", "<function run_module"),
        ("__init__.py", "    finder = paths.finder_for(path_name)", "    return {}", "<function run_path"),
        ("__main__.py", "    launch()", "    pass", "<function start"),
        ("execute.py", "import builtins", "raise SystemExit", "exit status 0"),
        ("execute.py", "import builtins", "import builtins, runpy; runpy.run_path = lambda path: {}", "<lambda>"),
    ],
    ids=["run_module", "run_path", "start", "import", "standard"],
)
def test_what_runs_no_program_is_not_measured(reference: Subject, name: str, old: str, new: str, said: str) -> None:
    file = Path(reference.pythonpath[0], "runpy_reference", name)
    source = file.read_text(encoding="utf-8")
    assert old in source
    file.write_text(source.replace(old, new), encoding="utf-8")
    measurement = run_bench(reference, LEAST_ROUNDS)
    assert measurement.benchmarks == ()
    assert said in str(measurement.problem)


def test_the_ratio_is_that_of_rounds() -> None:
    one = benchmark("run_path of a script", {"standard": [1.0, 2.0, 4.0], "reference": [1.5, 2.0, 5.0]})
    assert (one.standard, one.reference, one.ratio, one.quartiles) == (2.0, 2.0, 1.25, (1.125, 1.375))
    assert one.above_goal
    assert not benchmark(START, {"standard": [1.0, 1.0], "reference": [9.0, 9.0]}).above_goal


def test_what_is_above_the_goal_is_said() -> None:
    slow = benchmark("slow", {"standard": [1e-5] * 3, "reference": [2e-5] * 3})
    fast = benchmark("fast", {"standard": [1e-5] * 3, "reference": [1e-5] * 3})
    measured = [Measurement("a", 3, (slow, fast)), Measurement("b", 3, (), "it is [broken]")]
    console = Console(width=120, record=True)
    for one in measured:
        show_measurement(one, console)
    show_goal(measured, console)
    text = console.export_text()
    assert "2.00 – 2.00  above the goal" in text
    assert "b: not measured: it is [broken]" in text
    assert "1 of 2 are above it.\n  a: slow: 2.00\n" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--rounds", "1"], "--rounds"),
        (["--rounds", "many"], "--rounds"),
        (["--subject", f"python:{sys.executable}"], "is not the reference; nothing else is measured"),
        (["--subject", "reference@/nowhere/python"], "there is no such file"),
    ],
)
def test_bad_input_is_said(words: list[str], message: str) -> None:
    assert message in bench(*words, status=2).stderr


def test_the_worker_runs_on_3_6() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))
