"""The command, as people and machines use it; the whole way on two real interpreters."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CASE, WriteCorpus
from runpy_conformance.model.subject import Interpreter

COMMAND = [sys.executable, "-m", "runpy_conformance"]
CASES = ["run-module-package-runs-main", "run-path-returns-script-globals"]


def start(*words: object, cwd: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "120", **environment},
        start_new_session=True,
    )


def command(*words: object, cwd: Path, status: int = 0, **environment: str) -> str:
    """Runs the command, checks its exit status, and returns what it printed to both streams."""
    process = start(*words, cwd=cwd, **environment)
    out, err = process.communicate(timeout=120)
    assert process.returncode == status, out + err
    assert "Traceback" not in out + err
    return out + err


@pytest.fixture(scope="module")
def two(pythons: tuple[Interpreter, ...]) -> tuple[str, str]:
    """The oldest and the newest interpreter here."""
    return pythons[0].path, pythons[-1].path


def test_the_whole_way(tmp_path: Path, two: tuple[str, str]) -> None:
    area = "run-name"
    subjects = [word for path in two for word in ("--subject", f"python:{path}")]
    cases = [one["id"] for one in json.loads(command("list", "--area", area, "--json", cwd=tmp_path))]
    chosen = [word for case in cases for word in ("--case", case)]
    words = [*subjects, "--subject", f"reference@{two[1]}", *chosen, "--results", "r.jsonl"]
    out = command("run", *words, "-n", 2, cwd=tmp_path)
    assert re.search(r"^OK \d+ passed, 0 failed", out, re.MULTILINE)
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [lines[0]["kind"], lines[-1]["kind"]] == ["header", "footer"]
    assert len(lines) == 2 + 3 * len(cases) == 2 + lines[-1]["results"]
    assert lines[-1]["timing"]["runs"] > 0

    data = json.loads(command("report", "r.jsonl", "--format", "json", cwd=tmp_path))
    assert data["succeeded"] is True
    command("report", "r.jsonl", "-f", "html", "-o", "r.html", cwd=tmp_path)
    assert "<!doctype html>" in (tmp_path / "r.html").read_text()
    assert "# Conformance report" in command("report", "r.jsonl", "-f", "markdown", cwd=tmp_path)

    command("run", *words, "--isolation", "fresh", "--results", "fresh.jsonl", cwd=tmp_path)
    out = command("diff", "r.jsonl", "fresh.jsonl", cwd=tmp_path)
    assert out == "0 regressed, 0 fixed, 0 changed, 0 new, 0 removed\n"


def test_a_broken_runpy_fails(tmp_path: Path, two: tuple[str, str], pythons: tuple[Interpreter, ...]) -> None:
    source = Path(pythons[-1].stdlib, "runpy.py").read_text(encoding="utf-8")
    broken = source + "\n_run = run_module\ndef run_module(*a, **k):\n    _run(*a, **k)\n    return {}\n"
    (tmp_path / "broken.py").write_text(broken, encoding="utf-8")
    words = ["--subject", f"python:{two[1]}", "--subject", f"runpy:broken.py@{two[1]}", "--case", CASES[0]]
    out = command("run", *words, cwd=tmp_path, status=1)
    version = pythons[-1].version
    assert "Naming a package runs its __main__ submodule" in out
    assert "globals.value  42        (nothing)" in out
    assert re.search(rf"again +runpy-conformance run --case {CASES[0]} --subject runpy:\S*broken.py@\S+", out)
    again = re.search(r"again +runpy-conformance (.*)", out)
    assert again is not None
    assert "FAILED" in command(*again[1].split(), cwd=tmp_path, status=1)
    assert f"broken.py@cpython-{version}" in out
    command("run", "--subject", f"python:{two[1]}", "--case", CASES[0], "--results", "good.jsonl", cwd=tmp_path)


def test_a_drop_in_module(tmp_path: Path, two: tuple[str, str]) -> None:
    (tmp_path / "mine.py").write_text(
        "import importlib\ndef run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):\n"
        "    return vars(importlib.import_module(mod_name))\ndef run_path(*a): raise NotImplementedError\n",
        encoding="utf-8",
    )
    words = ["--subject", f"module:mine@{two[1]}", "--pythonpath", ".", "--case", CASES[0], "-q"]
    out = command("run", *words, cwd=tmp_path, status=1)
    assert "globals.value" in out


def test_a_run_that_is_interrupted_is_gone_on_with(tmp_path: Path, two: tuple[str, str]) -> None:
    words = ["run", "--subject", f"python:{two[1]}", "--results", "r.jsonl"]
    process = start(*words, cwd=tmp_path)
    results = tmp_path / "r.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not results.exists() or results.read_bytes().count(b"\n") < 5):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    taken = results.read_bytes().count(b"\n") - 1
    assert taken >= 4
    assert "INTERRUPTED" in out and "--resume" in err
    assert "INTERRUPTED" in command("report", "r.jsonl", cwd=tmp_path)
    cases = [word for case in CASES for word in ("--case", case)]
    command(*words, "--resume", *cases, cwd=tmp_path)
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert lines[-1]["kind"] == "footer"
    assert len(lines) - 2 >= taken


def test_pytest_options_are_handed_on(tmp_path: Path, two: tuple[str, str]) -> None:
    words = ["run", "--subject", f"python:{two[1]}"]
    out = command(*words, "-k", CASES[0], "-x", "-q", cwd=tmp_path)
    assert "1 passed" in out
    out = command(*words, "-k", CASES[0], "--", "--collect-only", cwd=tmp_path, status=0)
    assert f"{CASES[0]}.toml::cpython-" in out
    command(*words, "--", "--no-such-option", cwd=tmp_path, status=2)


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_run_that_stops_at_the_first_failure_has_failed(
    tmp_path: Path, write_corpus: WriteCorpus, two: tuple[str, str], processes: str
) -> None:
    root = write_corpus(case=CASE.replace("value = 1 }", "value = 2 }"))
    words = ["run", "--corpus", root, "--subject", f"python:{two[1]}", "-x", "-n", processes]
    assert "FAILED 0 passed, 1 failed" in command(*words, cwd=tmp_path, status=1)


def test_a_run_of_nothing_is_no_success(tmp_path: Path, two: tuple[str, str]) -> None:
    words = ["run", "--subject", f"python:{two[1]}", "-k", "nothing_of_this_name"]
    assert "no case was run" in command(*words, cwd=tmp_path, status=2)


def test_only_what_failed_last_time(tmp_path: Path, write_corpus: WriteCorpus, two: tuple[str, str]) -> None:
    failing = CASE.replace('"a-case"', '"b-case"').replace("value = 1 }", "value = 2 }")
    root = write_corpus(cases__general__b_case=failing)
    words = ["run", "--corpus", root, "--subject", f"python:{two[1]}"]
    assert "1 failed, 1 passed" in command(*words, cwd=tmp_path, status=1)
    assert re.search(r"\n1 failed(, 1 deselected)? in", command(*words, "--lf", cwd=tmp_path, status=1))


def test_subjects(tmp_path: Path, two: tuple[str, str]) -> None:
    listed = json.loads(command("subjects", "--json", cwd=tmp_path).partition("\nrunpy-conformance: warning")[0])
    assert set(two) <= {one["host"]["path"] for one in listed}
    for one in listed:
        assert {"python_version", "sys_platform", "implementation_name"} <= one["host"]["markers"].keys()
    assert two[1] in command("subjects", cwd=tmp_path)


def test_list_show_and_lint(tmp_path: Path) -> None:
    assert CASES[0] in command("list", "--clause", "RMP-01", cwd=tmp_path)
    shown = command("show", CASES[0], cwd=tmp_path)
    for part in ("RMP-01", "--- pkg/__main__.py", 'run_module(mod_name="pkg")', "globals.value = 42"):
        assert part in shown
    assert CASES[0] in command("show", "RMP-01", cwd=tmp_path)
    assert json.loads(command("show", CASES[0], "--json", cwd=tmp_path))["id"] == CASES[0]
    assert command("lint", cwd=tmp_path).endswith(" 0 problems\n")


def test_lint_names_file_and_key(tmp_path: Path, write_corpus: WriteCorpus) -> None:
    root = write_corpus(case=CASE.replace("GEN-01", "GEN-99"))
    out = command("lint", "--corpus", root, cwd=tmp_path, status=1)
    assert "cases/general/a-case.toml: clauses: there is no clause 'GEN-99'\n" in out


def test_observe(tmp_path: Path, write_corpus: WriteCorpus, two: tuple[str, str]) -> None:
    case = write_corpus() / "cases/general/a-case.toml"
    subjects = [word for path in two for word in ("--subject", f"python:{path}")]
    out = command("observe", case, *subjects, cwd=tmp_path)
    assert "== a-case: A title" in out
    assert "globals.value = 1" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--subject", "nonsense:x"], "'nonsense:x' is not a subject. Write one of"),
        (["run", "--subject", "python:/nowhere"], "/nowhere: there is no such file"),
        (["run", "--case", "none"], "there is no case 'none'"),
        (["run", "--corpus", "/nowhere"], "there are no cases"),
        (
            ["run", "--resume", "--results", "none.jsonl", "--subject", "python:" + sys.executable],
            "no run to go on with",
        ),
        (["report", "none.jsonl"], "none.jsonl: No such file or directory"),
        (["report", __file__], ":1: not a line of results"),
        (["diff", "a.jsonl", "b.jsonl"], "a.jsonl: No such file or directory"),
        (["show", "none"], "there is no case and no clause 'none'"),
        (["observe", "none.toml", "--subject", "python:" + sys.executable], "none.toml"),
        (["lint", "--corpus", "/nowhere"], "/nowhere: there are no cases"),
        (["nonsense"], "No such command"),
        (["run", "--timeout", "soon"], "should be a valid number"),
    ],
)
def test_bad_input_is_said_plainly(tmp_path: Path, words: list[str], message: str) -> None:
    assert message in command(*words, cwd=tmp_path, status=2)


COMMANDS = ["subjects", "run", "report", "diff", "history", "observe", "upstream"]
COMMANDS += ["list", "show", "lint", "coverage", "site", "features"]
COMMANDS += ["manifests", "prepare", "findings", "update-known"]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(tmp_path: Path, name: str) -> None:
    assert f"Example: runpy-conformance {name}" in command(name, "--help", cwd=tmp_path)


def test_help_names_the_exit_statuses(tmp_path: Path) -> None:
    assert "Exit status: 0 success, 1 failures, 2 bad usage or input, 3 interrupted." in command("-h", cwd=tmp_path)
