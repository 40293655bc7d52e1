"""The examples for other projects: they parse, and what they name is there."""

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest
import typer
import yaml
from runpy_conformance.cli import app
from runpy_conformance.corpus import default_root
from runpy_conformance.subjects import manifests

EXAMPLES = default_root() / "harness/examples"
ACTION = yaml.safe_load((default_root() / "action.yml").read_text(encoding="utf-8"))


def example(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def commands() -> Iterator[str]:
    job = example("gitlab-ci.yml")["conformance"]
    yield from (*job["script"], *job["after_script"])
    tox = configparser.ConfigParser()
    tox.read(EXAMPLES / "tox.ini")
    section = tox["testenv:conformance"]
    yield from (section["commands"].replace("{posargs:-n auto}", "-n auto"), section["commands_post"])


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("runpy-conformance ")])
def test_the_commands_are_those_of_the_suite(line: str) -> None:
    _, name, *words = shlex.split(line)
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group | typer.core.TyperGroup)
    group.commands[name].make_context(name, words)


def test_gitlab_keeps_the_reports_that_are_written() -> None:
    job = example("gitlab-ci.yml")["conformance"]
    written = [line.split("--output ")[1] for line in job["after_script"]]
    assert job["artifacts"]["when"] == "always"
    assert {job["artifacts"]["reports"]["junit"], *job["artifacts"]["paths"]} == {*written, "results.jsonl"}


def test_the_workflow_uses_the_action_as_it_is() -> None:
    steps = example("github-workflow.yml")["jobs"]["conformance"]["steps"]
    [step] = [step for step in steps if "runpy-conformance" in step["uses"]]
    assert step["with"].keys() <= ACTION["inputs"].keys()
    assert {name for name, value in ACTION["inputs"].items() if value.get("required")} <= step["with"].keys()


def test_the_manifest() -> None:
    manifest = manifests.read(EXAMPLES / "conformance.toml")
    assert (manifest.kind, manifest.module, manifest.pythonpath) == ("module", "fastrunpy", ("src",))


GOOD = "from runpy import run_module, run_path\n"
BROKEN = "from runpy import run_path\ndef run_module(*a, **k):\n    return {}\n"


@pytest.mark.parametrize(("source", "status", "failures"), [(GOOD, 0, "0"), (BROKEN, 1, "1")])
def test_the_session_of_nox(tmp_path: Path, source: str, status: int, failures: str) -> None:
    shutil.copy(EXAMPLES / "noxfile.py", tmp_path)
    manifest = (EXAMPLES / "conformance.toml").read_text(encoding="utf-8")
    hosted = manifest.replace('host = "cpython"', f"host = '{sys.executable}'")
    (tmp_path / "conformance.toml").write_text(hosted, encoding="utf-8")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/fastrunpy.py").write_text(source, encoding="utf-8")
    words = ["-s", "conformance", "--no-venv", "--no-install", "--", "-k", "run-module-package-runs-main"]
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        [sys.executable, "-m", "nox", *words],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("1", failures)
