"""Finding interpreters."""

import os
import sys
import time
import venv
from pathlib import Path

import pytest
from conftest import executable
from runpy_conformance.markers import holds
from runpy_conformance.model.subject import Interpreter
from runpy_conformance.subjects import discovery, interrogate
from runpy_conformance.subjects.discovery import VARIABLE, find, named
from runpy_conformance.subjects.interrogate import NotPython


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which nothing is found but what a test puts into the folder that is returned, the PATH."""
    folder = tmp_path / "path"
    folder.mkdir()
    for name in (VARIABLE, "PYENV_ROOT", "ASDF_DATA_DIR", "UV_PYTHON_INSTALL_DIR", "CONDA_PREFIX", "MISE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_this_machine(pythons: tuple[Interpreter, ...], here: Interpreter) -> None:
    assert here.version in [one.version for one in pythons]
    assert len({one.path for one in pythons}) == len(pythons)
    versions = [one.release_numbers for one in pythons]
    assert versions == sorted(versions)
    for one in pythons:
        assert one.markers["python_full_version"] == one.version
        assert holds("implementation_name == 'cpython' and python_version >= '2.7'", one.markers)
        assert Path(one.stdlib, "runpy.py").is_file()


def test_a_link_and_an_environment_are_folded_into_their_interpreter(alone: Path, tmp_path: Path) -> None:
    (alone / "python3").symlink_to(sys.executable)
    venv.create(tmp_path / "env", symlinks=True)
    environment = tmp_path / "env/bin/python"
    found = find([str(environment)])
    [one] = found.interpreters
    assert one.path == str(Path(sys.executable).resolve())
    assert one.prefix == sys.base_prefix
    assert {str(alone / "python3"), str(environment)} <= set(one.aliases)


def test_what_is_broken_is_named_and_left_out_in_bounded_time(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrogate.interrogate, "__defaults__", (1.0,))
    executable(alone / "python3.1", "#!/bin/sh\nsleep 60\n")
    executable(alone / "python3.2", "#!/bin/sh\necho broken >&2; exit 3\n")
    executable(alone / "python3.3", "#!/bin/sh\necho hello\n")
    executable(alone / "python3.4", "#!/no/such/interpreter\n")
    (alone / "python3").symlink_to(sys.executable)
    begin = time.monotonic()
    found = find()
    assert time.monotonic() - begin < 10
    assert len(found.interpreters) == 1
    reasons = {Path(one.path).name: one.reason for one in found.rejected}
    assert reasons["python3.1"] == "does not answer within 1 seconds"
    assert reasons["python3.2"] == "is not a Python that works: exit status 3, broken"
    assert "exit status 0" in reasons["python3.3"]
    assert "does not start" in reasons["python3.4"]


def test_a_path_that_is_not_there_is_named(alone: Path) -> None:
    [rejected] = find([str(alone / "none")]).rejected
    assert rejected.path == str(alone / "none")
    assert "No such file" in rejected.reason


def test_a_version_that_the_suite_does_not_speak_of_is_passed_over(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "SUPPORTED", ((2, 7), (9, 9)))
    (alone / "python3").symlink_to(sys.executable)
    found = find()
    assert (found.interpreters, found.rejected) == ((), ())


def test_the_environment_variable(alone: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "prefix/cpython-x/bin"
    folder.mkdir(parents=True)
    (folder / "python3").symlink_to(sys.executable)
    monkeypatch.setenv(VARIABLE, os.pathsep.join([str(tmp_path / "prefix"), ""]))
    assert len(find().interpreters) == 1


@pytest.mark.parametrize(
    "place",
    [
        "home/.pyenv/versions/3.x/bin",
        "home/.asdf/installs/python/3.x/bin",
        "home/.local/share/uv/python/3.x/bin",
        "home/.local/share/mise/installs/python/3.x/bin",
        "home/miniconda3/envs/x/bin",
    ],
)
def test_version_managers(alone: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "python3").symlink_to(sys.executable)
    [one] = find().interpreters
    assert str(tmp_path / place / "python3") in one.aliases


def test_scripts_of_version_managers_are_not_interpreters(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shims = alone / "shims"
    executable(shims / "python3", "#!/bin/sh\nexit 1\n")
    monkeypatch.setenv("PATH", str(shims))
    assert find().rejected == ()


def test_what_a_path_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    python = executable(tmp_path / "bin/python3", "")
    executable(tmp_path / "bin/other", "")
    assert list(named([str(tmp_path)])) == [python]
    assert list(named([str(python)])) == [python]
    assert list(named([""])) == []


def test_an_executable_that_is_no_python(tmp_path: Path) -> None:
    with pytest.raises(NotPython, match="does not start: Permission denied"):
        interrogate.interrogate(tmp_path)
