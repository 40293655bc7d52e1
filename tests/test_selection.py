"""From --subject to subjects, and interpreters with another runpy.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.batch import result
from runpy_conformance.execution.executor import Executor
from runpy_conformance.judge import excluded
from runpy_conformance.model.subject import Interpreter, Known
from runpy_conformance.subjects.hosts import base
from runpy_conformance.subjects.overlay import BadReplacement, overlay
from runpy_conformance.subjects.selection import BadSubject, Selector


@pytest.fixture
def selector(tmp_path: Path) -> Selector:
    (tmp_path / "made").mkdir()
    return Selector(tmp_path / "made")


def test_all_cpythons(selector: Selector, pythons: tuple[Interpreter, ...]) -> None:
    subjects = selector.select(["cpython"])
    assert [one.host for one in subjects] == list(pythons)
    assert len({one.id for one in subjects}) == len(subjects)


def test_the_reference_on_each_host(selector: Selector, pythons: tuple[Interpreter, ...]) -> None:
    subjects = selector.select(["reference"])
    assert [one.host for one in subjects] == [one for one in pythons if one.release_numbers >= (3, 6)]
    [folder] = subjects[0].pythonpath
    assert [path.name for path in Path(folder).iterdir()] == ["runpy_reference"]


def test_one_interpreter_by_path_or_name(selector: Selector, here: Interpreter) -> None:
    by_path, again = selector.select([f"python:{here.path}"]), selector.select([f"python:{here.path}"] * 2)
    assert by_path == again
    assert by_path[0].id == here.name
    line = ".".join(here.version.split(".")[:2])
    assert {one.host.version.rpartition(".")[0] for one in selector.select([f"cpython-{line}"])} == {line}


def test_interpreters_of_one_version_have_names_of_their_own(selector: Selector, here: Interpreter) -> None:
    real = str(Path(here.path).resolve())
    ids = [one.id for one in selector.select([f"python:{here.path}", f"python:{real}"])]
    assert ids in ([here.name], [here.name, f"{here.name}~2"])


def test_a_module(tmp_path: Path, here: Interpreter) -> None:
    [subject] = Selector(tmp_path, pythonpath=[tmp_path]).select([f"module:my.runpy@{here.path}"])
    assert (subject.id, subject.module, subject.pythonpath) == (
        f"my.runpy@{here.name}",
        "my.runpy",
        (str(tmp_path.resolve()),),
    )
    assert "command-line" in subject.lacks


def test_known_failures_go_with_the_module(tmp_path: Path, here: Interpreter) -> None:
    known = (Known("x", "y"),)
    selected = Selector(tmp_path, baselines={"reference": known}).select(
        [f"reference@{here.path}", f"python:{here.path}", f"module:other@{here.path}"]
    )
    assert [one.known for one in selected] == [known, (), ()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "no interpreter called 'nonsense' was found"),
        ("nonsense:x", "is not a subject. Write one of"),
        ("python:", "is not a subject"),
        ("python:/nowhere/python", "/nowhere/python: there is no such file"),
        ("python:/etc/passwd", "/etc/passwd does not start"),
        ("module:x", "is not a subject"),
        ("runpy:x@cpython-99", "cpython-99: there is no such file"),
        ("reference@cpython-2.7", "the reference runs on Python 3.6 and later"),
    ],
)
def test_what_is_no_subject(selector: Selector, text: str, message: str, pythons: tuple[Interpreter, ...]) -> None:
    if "2.7" in text and pythons[0].release_numbers >= (3,):
        pytest.skip("there is no Python 2.7 here")
    with pytest.raises(BadSubject) as caught:
        selector.select([text])
    assert message in str(caught.value)


# Another runpy.py

MARK = "\nimport sys\nsys.stderr.write('replaced ')\n"


def test_another_runpy_is_in_place_whatever_the_options(tmp_path: Path, pythons: tuple[Interpreter, ...]) -> None:
    child = (
        "import subprocess, sys, runpy; sys.stderr.write('here '); sys.stderr.flush(); "
        "subprocess.check_call([sys.executable, '-E', '-s', '-m', 'mod'])"
    )
    (tmp_path / "mod.py").write_text("print(1)\n", encoding="utf-8")
    for index, host in enumerate(pythons):
        changed = tmp_path / f"runpy{index}.py"
        changed.write_text(Path(host.stdlib, "runpy.py").read_text(encoding="utf-8") + MARK, encoding="utf-8")
        folder = tmp_path / f"overlay{index}"
        folder.mkdir()
        made = overlay(host, changed, folder)
        assert made.version == host.version
        isolated = ["-I"] if host.version >= "3" else ["-E", "-s"]
        for options in ([], ["-E"], ["-s"], ["-S"], isolated, [*isolated, "-S"]):
            for program in (["-m", "this"], ["-c", "import runpy"]):
                assert _errors(made, tmp_path, *options, *program) == "replaced ", (host.name, options, program)
        assert _errors(made, tmp_path, "-c", child) == "replaced here replaced ", host.name
        assert _errors(host, tmp_path, "-m", "this") == "", host.name


def _errors(host: Interpreter, folder: Path, *words: str) -> str:
    environment = {"PATH": os.defpath, "HOME": str(folder)}
    done = subprocess.run([host.path, *words], capture_output=True, text=True, check=False, cwd=folder, env=environment)
    return done.stderr


def test_an_unchanged_runpy_is_observed_as_the_interpreter_itself(
    tmp_path: Path, corpus: Corpus, pythons: tuple[Interpreter, ...]
) -> None:
    for host in (pythons[0], pythons[-1]):
        selector = Selector(tmp_path / host.version)
        selector.folder.mkdir()
        own = Path(host.stdlib) / "runpy.py"
        original, copied = selector.select([f"python:{host.path}", f"runpy:{own}@{host.path}"])
        with Executor(original) as one, Executor(copied) as other:
            for case in list(corpus.cases.values())[::5]:
                if excluded(case, original) is None:
                    assert result(case, other).judgement == result(case, one).judgement, (case.id, host.name)


@pytest.mark.parametrize(
    ("content", "message"),
    [("def (", "does not compile on"), (None, "there is no such file")],
)
def test_a_file_that_cannot_be_runpy(tmp_path: Path, here: Interpreter, content: str | None, message: str) -> None:
    file = tmp_path / "broken.py"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    (tmp_path / "overlay").mkdir()
    selector = Selector(tmp_path)
    original = base(selector.hosts.one(sys.executable))
    with pytest.raises(BadReplacement, match=message):
        overlay(original, file, tmp_path / "overlay")


def test_the_installation_is_not_touched(tmp_path: Path, pythons: tuple[Interpreter, ...]) -> None:
    host = pythons[-1]
    before = _state(Path(host.stdlib))
    changed = tmp_path / "runpy.py"
    changed.write_text(Path(host.stdlib, "runpy.py").read_text(encoding="utf-8") + MARK, encoding="utf-8")
    (tmp_path / "overlay").mkdir()
    made = overlay(host, changed, tmp_path / "overlay")
    _errors(made, tmp_path, "-m", "this")
    assert _state(Path(host.stdlib)) == before


def _state(folder: Path) -> dict[str, float]:
    names = ("runpy*", "__pycache__/runpy*", "encodings/__init__*", "encodings/__pycache__/__init__*")
    return {str(path): path.stat().st_mtime for name in names for path in folder.glob(name)}
