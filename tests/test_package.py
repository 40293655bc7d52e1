"""What is published: the wheel, the schemas, the layering of the harness."""

import ast
import json
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
import runpy_conformance
from runpy_conformance import schemas
from runpy_conformance.corpus import default_root

ROOT = default_root()
PACKAGE = Path(runpy_conformance.__file__).parent


def test_the_wheel_works_without_a_checkout(tmp_path: Path) -> None:
    wheels, environment, empty = tmp_path / "wheels", tmp_path / "env", tmp_path / "empty"
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, ROOT], check=True)
    [wheel] = wheels.iterdir()
    venv.create(environment, with_pip=True, symlinks=True)
    python = environment / "bin/python"
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *constraints, wheel], check=True)
    command = [environment / "bin/runpy-conformance"]
    listed = subprocess.run([*command, "list", "--json"], cwd=empty, capture_output=True, check=True)
    assert len(json.loads(listed.stdout)) >= 150
    words = ["run", "--case", "run-module-package-runs-main", "--subject", f"python:{sys.executable}"]
    words += ["--subject", f"reference@{sys.executable}"]
    done = subprocess.run([*command, *words], cwd=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK 2 passed" in done.stdout


@pytest.mark.parametrize("name", schemas.PUBLISHED)
def test_the_schemas_are_those_of_the_models(name: str) -> None:
    published = (ROOT / f"spec/schemas/{name}.schema.json").read_text(encoding="utf-8")
    assert published == schemas.schema(name), "`nox -s schemas` writes them anew"


def test_every_case_and_clause_file_meets_its_schema_by_its_keys() -> None:
    schema = json.loads(schemas.schema("case"))
    properties = schema["$defs"]["CaseFile"]["properties"]
    for path in (ROOT / "cases").glob("*/*.toml"):
        assert tomllib.loads(path.read_text(encoding="utf-8")).keys() <= properties.keys(), path


LAYERS = [
    {"cli", "__main__", "pytest_plugin", "schemas"},
    {"running"},
    {"report", "strength"},
    {"session"},
    {"results", "baseline", "findings"},
    {"execution", "subjects"},
    {"history"},
    {"judge", "difference", "lint", "coverage", "levels"},
    {"corpus"},
    {"markers", "demonstration", "matching", "imports", "commands"},
    {"model"},
    {"__init__"},
]
"""Top to bottom: a module imports from its own layer and from those below it."""


def layer(name: str) -> int:
    return next(index for index, names in enumerate(LAYERS) if name in names)


def test_arrows_point_down_only() -> None:
    for path in PACKAGE.rglob("*.py"):
        own = path.relative_to(PACKAGE).with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("runpy_conformance"):
                parts = node.module.split(".")[1:]
                names = [parts[0]] if parts else [one.name for one in node.names if (PACKAGE / one.name).exists()]
                for name in names:
                    assert layer(own) <= layer(name), f"{path} imports {name}"


def test_only_execution_and_subjects_start_processes() -> None:
    for path in PACKAGE.rglob("*.py"):
        own = path.relative_to(PACKAGE).parts[0]
        imports_subprocess = "import subprocess" in path.read_text(encoding="utf-8")
        assert not imports_subprocess or own in ("execution", "subjects"), path


def test_the_probe_imports_nothing_and_the_agent_only_the_standard_library() -> None:
    probe = ast.parse((PACKAGE / "execution/probe.py").read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(probe) if isinstance(node, ast.Import | ast.ImportFrom)]
    agent = ast.parse((PACKAGE / "execution/agent.py").read_text(encoding="utf-8"))
    imported = {one.name for node in ast.walk(agent) if isinstance(node, ast.Import) for one in node.names}
    assert {name.partition(".")[0] for name in imported} - {"imp"} <= set(sys.stdlib_module_names)
    for name in ("calling.py", "once.py"):
        module = ast.parse((PACKAGE / "execution" / name).read_text(encoding="utf-8"))
        assert [one.name for node in module.body if isinstance(node, ast.Import) for one in node.names] == ["sys"]
