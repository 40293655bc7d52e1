"""Manifests that are found out by running what they are of, and the commands about manifests."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import WriteCorpus, executable
from runpy_conformance.model.features import FEATURES
from runpy_conformance.model.subject import Interpreter
from runpy_conformance.subjects import guess, manifests
from runpy_conformance.subjects.guess import Guess, NoGuess

RUNNER = """
import runpy, sys
{before}
kind, name = sys.argv[1:3]
sys.argv = sys.argv[2:]
sys.path[0] = ""
runpy.run_module(name, run_name="__main__") if kind == "-m" else sys.exit("it runs modules only")
"""


def read(made: Guess, folder: Path) -> dict[str, Any]:
    path = folder / "made.toml"
    path.write_text(made.text, encoding="utf-8")
    manifests.read(path)
    return tomllib.loads(made.text)


def runner(folder: Path, before: str = "") -> Path:
    path = folder / "my_runner.py"
    path.write_text(RUNNER.format(before=before), encoding="utf-8")
    return path


def test_a_launcher_of_the_standard_library(tmp_path: Path, here: Interpreter) -> None:
    made = guess.launcher(["python", "-m", "trace", "--count", "--coverdir", "{scratch}"], here, "cpython-3.11")
    found = read(made, tmp_path)
    own = ["{python}", "-m", "trace", "--count", "--coverdir", "{scratch}"]
    assert (found["name"], found["host"]) == ("trace", "cpython-3.11")
    assert found["commands"] == {
        "module": [*own, "--module", "{module}", "{arguments}"],
        "script": [*own, "{path}", "{arguments}"],
    }
    assert "zip: not run by any of the words tried" in made.remarks
    assert "says" not in made.text


@pytest.mark.parametrize("absolute", [True, False])
def test_a_script_that_is_a_launcher(
    tmp_path: Path, here: Interpreter, monkeypatch: pytest.MonkeyPatch, absolute: bool
) -> None:
    path = runner(tmp_path, "print('starting\\x1b[0m'); sys.stderr.write('own words\\n')")
    monkeypatch.chdir(tmp_path)
    made = guess.launcher(["python3", str(path) if absolute else path.name], here, here.path)
    found = read(made, tmp_path)
    assert (found["name"], found["host"]) == ("my_runner", here.path)
    assert found["commands"] == {"module": ["{python}", str(path), "-m", "{module}", "{arguments}"]}
    assert "it writes 2 lines more than the program does" in made.remarks
    assert "#     starting\\x1b[0m\n#     own words\n# says = []" in made.text


def test_an_executable_that_is_a_launcher(tmp_path: Path, here: Interpreter) -> None:
    path = executable(tmp_path / "run-it", f'#!/bin/sh\nexec {here.path} "$@"\n')
    found = read(guess.launcher([str(path)], here, "cpython"), tmp_path)
    assert (found["name"], found["commands"].keys()) == ("run-it", {"module", "script", "directory", "zip"})
    assert found["commands"]["zip"] == [str(path), "{path}", "{arguments}"]


@pytest.mark.parametrize("words", [["/nowhere/launcher"], ["python", "-m", "json.tool"], ["false"]])
def test_what_runs_nothing_is_no_launcher(here: Interpreter, words: list[str]) -> None:
    with pytest.raises(NoGuess, match=r"runs neither a module nor a path; last words: "):
        guess.launcher(words, here, "cpython")


def test_an_interpreter(tmp_path: Path, here: Interpreter) -> None:
    made = guess.interpreter([here.path], ["os", "json", "nothing_of_this_name"])
    found = read(made, tmp_path)
    assert found == {
        "name": here.implementation,
        "kind": "interpreter",
        "command": [here.path],
        "missing-modules": ["nothing_of_this_name"],
        "lacks": [],
    }
    assert made.remarks[0] == f"Python {here.version}, {here.implementation}"


def test_an_interpreter_without_runpy_that_ends_at_a_module(tmp_path: Path, here: Interpreter) -> None:
    path = tmp_path / "crippled"
    code = "import sys, os\nsys.modules['runpy'] = None\nclass F:\n    def find_spec(self, name, *a):\n"
    code += "        os._exit(5) if name == 'zipapp' else None\nsys.meta_path.insert(0, F())\n"
    (tmp_path / "sitecustomize.py").write_text(code, encoding="utf-8")
    executable(path, f'#!/bin/sh\nPYTHONPATH={tmp_path} exec {here.path} "$@"\n')
    found = read(guess.interpreter([str(path)], ["json", "zipapp", "zipfile"]), tmp_path)
    assert (found["lacks"], found["missing-modules"]) == (["api"], ["zipapp"])


def test_an_interpreter_by_its_name_or_a_relative_path(
    tmp_path: Path, here: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = executable(tmp_path / "odd-python", f'#!/bin/sh\nexec {here.path} "$@"\n')
    monkeypatch.chdir(tmp_path)
    assert read(guess.interpreter(["./odd-python", "-B"], []), tmp_path)["command"] == [str(path), "-B"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read(guess.interpreter(["odd-python"], []), tmp_path)["command"] == ["odd-python"]


def test_micropython(tmp_path: Path) -> None:
    if shutil.which("micropython") is None:
        pytest.skip("there is no MicroPython here")
    found = read(guess.interpreter(["micropython"], ["sys", "zipfile"]), tmp_path)
    assert (found["name"], found["command"], found["judged-as"]) == ("micropython", ["micropython"], "3.6.15")
    assert (found["missing-modules"], found["lacks"]) == (["zipfile"], ["api"])


@pytest.mark.parametrize("word", ["/nowhere/python", "/bin/false", "/etc/passwd"])
def test_what_does_not_answer_is_no_interpreter(word: str) -> None:
    with pytest.raises(NoGuess, match=rf"{word} (does not start|is not a Python)"):
        guess.interpreter([word], [])


def test_a_module(tmp_path: Path, here: Interpreter) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/mine.py").write_text("from runpy import run_module, run_path\n", encoding="utf-8")
    found = read(guess.module("mine", ["src"], tmp_path, here, "cpython"), tmp_path)
    assert found == {"name": "mine", "kind": "module", "module": "mine", "pythonpath": ["src"], "host": "cpython"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("run_module = 1", "has no attribute 'run_path'"),
        ("import nothing_of_this_name", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("raise SystemExit(3)", "exit status 3"),
    ],
)
def test_what_is_no_module_for_it(tmp_path: Path, here: Interpreter, source: str, message: str) -> None:
    (tmp_path / "mine.py").write_text(source, encoding="utf-8")
    with pytest.raises(NoGuess, match=f"mine cannot take the place of runpy on {here.name}: .*{message}"):
        guess.module("mine", ["."], tmp_path, here, "cpython")


# The commands


def command(*words: object, cwd: Path, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "runpy_conformance", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "120"},
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_from_a_module_on_the_spot_to_a_run(tmp_path: Path, here: Interpreter, write_corpus: WriteCorpus) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/mine.py").write_text("from runpy import run_module, run_path\n", encoding="utf-8")
    (tmp_path / "conf").mkdir()
    words = ["init", "mine", "--pythonpath", "src", "--host", here.path, "--output", "conf/mine.toml"]
    out = command(*words, cwd=tmp_path)
    assert f"mine is imported on {here.name}, and has both functions" in out
    assert "runpy-conformance run --subject conf/mine.toml -n auto" in out
    assert tomllib.loads((tmp_path / "conf/mine.toml").read_text(encoding="utf-8"))["pythonpath"] == ["../src"]
    out = command("run", "--corpus", write_corpus(), "--subject", "conf/mine.toml", cwd=tmp_path)
    assert "OK 1 passed" in out
    before = (tmp_path / "conf/mine.toml").read_bytes()
    assert "conf/mine.toml is there already; move it away" in command(*words, cwd=tmp_path, status=2)
    assert (tmp_path / "conf/mine.toml").read_bytes() == before


def test_a_python_in_front_of_a_launcher_is_its_host(tmp_path: Path, here: Interpreter) -> None:
    runner(tmp_path)
    command("init", f"{here.path} my_runner.py", cwd=tmp_path)
    assert manifests.read(tmp_path / "my_runner.toml").host == here.path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["init", ""], "name an interpreter, a launcher or a module"),
        (
            ["init", "/bin/false"],
            "is not a Python that works: exit status 1, without a message; a launcher of one word",
        ),
        (["init", "no_such_module_or_program", "--host", sys.executable], "cannot take the place of runpy"),
        (["init", "runpy", "--host", "/nowhere/python"], "/nowhere/python: there is no such file"),
        (["init", "runpy", "--host", sys.executable, "--output", "no/x.toml"], "no/x.toml: No such file or directory"),
        (["init", "'unbalanced"], "No closing quotation"),
        (["prepare"], "name the manifests of subjects, or give --all"),
        (["prepare", "nothing"], "'nothing' is no manifest; `runpy-conformance manifests` lists those that came along"),
        (["prepare", "gone.toml"], "gone.toml: No such file or directory"),
        (["prepare", "coverage@/nowhere/python"], "coverage: /nowhere/python: there is no such file"),
    ],
)
def test_bad_words_are_said_plainly(tmp_path: Path, words: list[str], message: str) -> None:
    assert message in " ".join(command(*words, cwd=tmp_path, status=2).split())


def test_what_cannot_be_installed_does_not_stop_the_rest(tmp_path: Path, here: Interpreter) -> None:
    text = 'name = "{}"\nkind = "launcher"\nhost = {}\n{}[commands]\nmodule = ["x", "{{module}}"]\n'
    npm = 'name = "js"\nkind = "interpreter"\nserver = ["{npm}"]\nnpm = ["./gone-folder-of-a-package"]\n'
    (tmp_path / "js.toml").write_text(npm, encoding="utf-8")
    (tmp_path / "good.toml").write_text(text.format("good", json.dumps(here.path), ""), encoding="utf-8")
    out = command("prepare", "js.toml", "good.toml", cwd=tmp_path, status=1)
    assert ("js " in out and "is installed" in out) or "js cannot be installed" in out
    assert "good.toml: nothing to install" in out


def test_manifests_and_features_are_listed(tmp_path: Path) -> None:
    listed = json.loads(command("manifests", "--json", cwd=tmp_path))
    assert {Path(path).stem for path in listed} == manifests.shipped().keys()
    assert {one["name"]: one["kind"] for one in listed.values()}["coverage"] == "launcher"
    out = command("manifests", cwd=tmp_path)
    assert all(name in out for name in manifests.shipped())
    assert "not run here" in out
    out = command("features", cwd=tmp_path)
    assert all(name in out for name in FEATURES)
    assert json.loads(command("features", "--json", cwd=tmp_path)) == FEATURES
