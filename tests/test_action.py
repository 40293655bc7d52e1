"""The action for GitHub: its steps are plain commands, which run here as a runner would run them."""

import json
import os
import re
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from runpy_conformance.corpus import default_root
from runpy_conformance.model.subject import Interpreter

ROOT = default_root()
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
CASES = "run-module-package-runs-main or run-path-returns-script-globals"


class Job(typing.NamedTuple):
    """What came of the action."""

    status: int
    """Exit status of the step that failed; 0 if none did."""
    ran: list[str]
    """Names of the steps that ran."""
    used: list[dict[str, Any]]
    """Steps that use another action, with the values that they get."""
    outputs: dict[str, str]
    summary: str
    printed: str


def evaluated(expression: str, context: dict[str, str]) -> str:
    """The value of *expression*, as far as the action needs them: names, strings, ``==``, ``!=`` and ``||``."""
    if "||" in expression:
        first, second = expression.split("||")
        return evaluated(first, context) or evaluated(second, context)
    if found := re.fullmatch(r"(.+)([!=]=)(.+)", expression):
        same = evaluated(found[1], context) == evaluated(found[3], context)
        return "true" if same == (found[2] == "==") else ""
    expression = expression.strip()
    if expression.startswith("'"):
        return expression.strip("'")
    assert expression.startswith("steps.") or expression in context, expression
    return context.get(expression, "")


def filled(value: Any, context: dict[str, str]) -> str:
    """*value* with its expressions replaced by their values."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: evaluated(found[1], context), str(value))


def perform(workspace: Path, **inputs: str) -> Job:
    """Runs the steps of the action in *workspace*, as a runner does; steps that use other actions are only noted."""
    given = {name: filled(value.get("default", ""), {}) for name, value in ACTION["inputs"].items()}
    assert inputs.keys() <= given.keys()
    context = {f"inputs.{name}": value for name, value in (given | inputs).items()}
    context["steps.python.outputs.python-path"] = sys.executable
    files = {name: workspace.parent / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {**os.environ, **{name: str(path) for name, path in files.items()}, "GITHUB_ACTION_PATH": str(ROOT)}
    environment["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), environment["PATH"]))
    ran, used, printed, status, summary = [], [], "", 0, ""
    for step in ACTION["runs"]["steps"]:
        if status or not evaluated(step.get("if", "'always'"), context):
            continue
        ran.append(step["name"])
        if "uses" in step:
            used.append({"uses": step["uses"], **{name: filled(one, context) for name, one in step["with"].items()}})
            continue
        for path in files.values():
            path.write_text("", encoding="utf-8")
        script = workspace.parent / "step.sh"
        script.write_text(filled(step["run"], context), encoding="utf-8")
        variables = {name: filled(value, context) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=workspace,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        status, printed = done.returncode, printed + done.stdout
        summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            context[f"steps.{step['id']}.outputs.{name}"] = value
    outputs = {name: filled(one["value"], context) for name, one in ACTION["outputs"].items()}
    return Job(status, ran, used, outputs, summary, printed)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "work space"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def newest(pythons: tuple[Interpreter, ...]) -> str:
    return pythons[-1].path


BROKEN = """
import runpy
run_path = runpy.run_path

def run_module(*arguments, **keywords):
    runpy.run_module(*arguments, **keywords)
    return {}
"""
COPIES = BROKEN.replace("    runpy.", "    found = runpy.").replace("{}", "dict(found)")


def test_an_interpreter_that_conforms(workspace: Path, newest: str) -> None:
    job = perform(workspace, subject=f"python:{newest}", arguments=f"-k '{CASES}'", install="false")
    assert job.status == 0, job.printed
    assert job.ran == ["Run the cases", "Report", "Upload the report", "Fail by the gate"]
    assert job.outputs == {"status": "0", "results": "runpy-conformance"}
    assert job.summary.startswith("### Conformance: succeeded")
    assert "\n::" not in job.printed
    reports = workspace / "runpy-conformance"
    assert {path.name for path in reports.iterdir()} == {"results.jsonl", "report.html", "junit.xml", "ctrf.json"}
    root = ElementTree.parse(reports / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", "0")
    assert json.loads((reports / "ctrf.json").read_text())["results"]["summary"]["passed"] == 2
    [upload] = job.used
    assert upload["uses"].startswith("actions/upload-artifact@")
    assert (upload["name"], upload["path"]) == ("runpy-conformance", "runpy-conformance")


def test_a_drop_in_module_that_does_not(workspace: Path, newest: str) -> None:
    (workspace / "src").mkdir()
    (workspace / "src/broken.py").write_text(BROKEN, encoding="utf-8")
    words = f'--pythonpath src -k "{CASES}"'
    subject = f"module:broken@{newest}"
    job = perform(workspace, subject=subject, arguments=words, install="false", results="out dir", artifact="")
    assert job.status == 1, job.printed
    assert job.ran == ["Run the cases", "Report", "Fail by the gate"], "reports are written before the action fails"
    assert job.outputs == {"status": "1", "results": "out dir"}
    assert job.summary.startswith("### Conformance: failed")
    assert "`run-module-package-runs-main` Naming a package runs its" in job.summary
    annotations = [line for line in job.printed.splitlines() if line.startswith("::")]
    assert len(annotations) == 1
    assert "title=run-module-package-runs-main%3A Naming a package" in annotations[0]
    failures = ElementTree.parse(workspace / "out dir/junit.xml").findall("testsuite/testcase/failure")
    assert len(failures) == 1


def test_failures_that_the_gate_lets_pass(workspace: Path, newest: str) -> None:
    (workspace / "src").mkdir()
    (workspace / "src/copies.py").write_text(COPIES, encoding="utf-8")
    words = "--pythonpath src -k run-module-result-is-namespace"
    job = perform(workspace, subject=f"module:copies@{newest}", arguments=words, install="false")
    assert job.status == 0, job.printed
    assert job.summary.startswith("### Conformance: succeeded")
    assert "Gate: must; it lets 1 of 1 failures pass." in job.summary
    assert "\n::notice title=run-module-result-is-namespace" in job.printed
    job = perform(workspace, subject=f"module:copies@{newest}", arguments=words, install="false", gate="detail")
    assert job.status == 1, job.printed
    assert "\n::error title=run-module-result-is-namespace" in job.printed


def test_a_subject_that_is_none(workspace: Path) -> None:
    job = perform(workspace, subject="nonsense:1", arguments="", install="false")
    assert job.status == 2
    assert job.ran == ["Run the cases"]
    assert "'nonsense:1' is not a subject" in job.printed


def test_what_the_runner_asks_of_an_action() -> None:
    assert {"name", "description", "inputs", "outputs", "runs"} == ACTION.keys()
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert ("run" in step) != ("uses" in step)
        assert "uses" in step or step["shell"] == "bash"
        assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])
        assert "${{" not in step.get("run", ""), "inputs reach a script by its environment, never as text"
    for value in [*ACTION["inputs"].values(), *ACTION["outputs"].values()]:
        assert value["description"]


def test_the_suite_is_installed_from_the_checkout_of_the_action() -> None:
    [step] = [step for step in ACTION["runs"]["steps"] if step.get("id") == "install"]
    assert step["run"].count("$GITHUB_ACTION_PATH") == 2
    assert (ROOT / "constraints.txt").exists()


def test_the_documentation_has_every_input_and_default() -> None:
    text = (ROOT / "harness/ci.md").read_text(encoding="utf-8").partition("\nOutputs are")[0]
    rows = dict(re.findall(r"^\| `([\w-]+)` \| .* \| (?:`(.*)`)? ?\|$", text, re.MULTILINE))
    assert rows == {name: str(value.get("default", "")) for name, value in ACTION["inputs"].items()}
