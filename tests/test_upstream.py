"""CPython's own tests of runpy, on the reference and on a reference that is broken."""

from pathlib import Path

import pytest
from runpy_conformance.execution.upstream import MODULES, run_upstream
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.subjects.selection import Selector


@pytest.fixture
def reference(tmp_path: Path, pythons: tuple[Interpreter, ...]) -> Subject:
    """The reference on the newest interpreter that has CPython's tests."""
    hosts = [host for host in pythons if Path(host.stdlib, "test/test_runpy.py").is_file()]
    if not hosts or hosts[-1].release_numbers < (3, 8):
        pytest.skip("no interpreter here has CPython's tests")
    (tmp_path / "made").mkdir()
    [subject] = Selector(tmp_path / "made").select([f"reference@{hosts[-1].path}"])
    return subject


@pytest.mark.parametrize("module", MODULES)
def test_the_reference_passes_cpythons_tests(reference: Subject, module: str) -> None:
    outcomes = run_upstream(reference, module)
    assert outcomes.problem is None
    assert [test for test, (outcome, _) in outcomes.tests.items() if outcome == "failed"] == []
    assert outcomes.counts()["passed"] > 25
    assert outcomes.counts()["not applicable"] < 12


@pytest.mark.parametrize(
    ("module", "name", "old", "new"),
    [
        ("test_runpy", "__init__.py", "if alter_sys:", "if not alter_sys:"),
        ("test_cmd_line_script", "startup.py", "sys.path.insert(0, entry)", "sys.path.append(entry)"),
    ],
)
def test_a_broken_reference_fails_them(reference: Subject, module: str, name: str, old: str, new: str) -> None:
    file = Path(reference.pythonpath[0], "runpy_reference", name)
    source = file.read_text(encoding="utf-8")
    assert old in source
    file.write_text(source.replace(old, new), encoding="utf-8")
    assert run_upstream(reference, module).counts()["failed"] > 0


def test_an_interpreter_without_the_tests_is_said(reference: Subject) -> None:
    outcomes = run_upstream(reference, "test_of_no_such_name")
    assert outcomes.tests == {}
    assert "test_of_no_such_name" in str(outcomes.problem)


def test_tests_that_hang_are_ended(reference: Subject) -> None:
    assert "within 0.01 seconds" in str(run_upstream(reference, MODULES[0], 0.01).problem)
