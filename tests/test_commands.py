"""What a command line names, and the words that run it."""

import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeCase, subject
from msgspec.structs import replace
from runpy_conformance.commands import command_words, program_kind, takes_options
from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.materialise import Writer
from runpy_conformance.model.case import Case
from runpy_conformance.model.subject import INTERPRETER_COMMANDS, Subject
from runpy_conformance.subjects.kinds import behind_python

FILES = {
    "m.py": "",
    "pkg/__main__.py": "",
    "pkg/inner/deep.py": "",
    "app.zip": {"zip": {"__main__.py": ""}},
    "m.pyc": {"pyc": ""},
    "raw.zip": {"bytes": "PK\5\6" + 18 * "\0"},
    "broken.zip": {"bytes": "PK"},
    "empty": {"directory": True},
    "to-script": {"symlink": "m.py"},
    "to-zip": {"symlink": "{root}/app.zip"},
    "to-folder": {"symlink": "pkg"},
    "pkg/up": {"symlink": "../app.zip"},
    "twice": {"symlink": "to-folder"},
    "round": {"symlink": "round"},
    "nowhere": {"symlink": "gone"},
}


def of_path(make_case: MakeCase, path: str, directory: str = ".", files: Any = FILES) -> Case:
    return make_case(files=files, run={"command": {"path": path}, "directory": directory})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("m.py", "script"),
        ("./m.py", "script"),
        ("{root}/m.py", "script"),
        ("gone.py", "script"),
        ("m.pyc", "script"),
        ("raw.zip", "zip"),
        ("broken.zip", "script"),
        ("pkg", "directory"),
        ("pkg/", "directory"),
        ("pkg/inner", "directory"),
        ("pkg/../pkg", "directory"),
        ("empty", "directory"),
        (".", "directory"),
        ("{root}", "directory"),
        ("{root}/.", "directory"),
        ("app.zip", "zip"),
        ("{root}/app.zip", "zip"),
        ("app.zip/__main__.py", "zip"),
        ("to-zip/inside", "zip"),
        ("pkg/../app.zip", "zip"),
        ("to-script", "script"),
        ("to-zip", "zip"),
        ("to-folder", "directory"),
        ("to-folder/inner", "directory"),
        ("to-folder/up", "zip"),
        ("to-folder/inner/deep.py", "script"),
        ("pkg/up", "zip"),
        ("twice", "directory"),
        ("round", "script"),
        ("nowhere", "script"),
    ],
)
def test_what_a_path_leads_to(make_case: MakeCase, path: str, kind: str) -> None:
    assert program_kind(of_path(make_case, path)) == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("deep.py", "script"),
        ("..", "directory"),
        ("../up", "zip"),
        ("../../app.zip", "zip"),
        ("{root}/app.zip", "zip"),
        ("{root}", "directory"),
    ],
)
def test_a_path_is_relative_to_the_directory_of_the_run(make_case: MakeCase, path: str, kind: str) -> None:
    assert program_kind(of_path(make_case, path, "pkg/inner")) == kind


def test_a_folder_without_files_is_a_directory(make_case: MakeCase) -> None:
    assert program_kind(of_path(make_case, ".", files={})) == "directory"


def test_what_is_not_named_by_a_path(make_case: MakeCase) -> None:
    assert program_kind(make_case(run={"command": {"module": "pkg"}})) == "module"
    assert program_kind(make_case(run={"command": {"words": ["-mpkg"]}})) == "words"


def test_the_kinds_are_those_of_the_files_on_disk(corpus: Corpus, tmp_path: Path) -> None:
    seen = set()
    for case in corpus.cases.values():
        command = case.run.command
        if command is None or command.path is None or "\0" in command.path:
            continue
        root = tmp_path / case.id
        root.mkdir()
        Writer(case, root, tmp_path / "observed", lambda source, name, magic: b"", "tag").write()
        path = os.path.join(root, case.run.directory, command.path.replace("{root}", str(root)))  # noqa: PTH118
        is_archive = Path(path).is_file() and zipfile.is_zipfile(path)
        kind = "directory" if Path(path).is_dir() else "zip" if is_archive else "script"
        if program_kind(case) != kind:
            # An archive that is broken on purpose is still given as one.
            assert (program_kind(case), kind) == ("zip", "script"), case.id
        seen.add(program_kind(case))
    assert seen == {"script", "directory", "zip"}


# Words


def launcher(**commands: tuple[str, ...]) -> Subject:
    return subject(commands=commands)


PYTHON = subject().host.path
NAMED = {"module": "pkg", "options": ["-B", "-W", "error"], "arguments": ["a b", "-x"]}


def words(tested: Subject, case: Case) -> list[str]:
    return command_words(tested, case, "/scratch")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (NAMED, ["-B", "-W", "error", "-m", "pkg", "a b", "-x"]),
        ({"path": "m.py", "options": ["-P"], "arguments": ["1"]}, ["-P", "m.py", "1"]),
        ({"path": "{root}/pkg"}, ["{root}/pkg"]),
        ({"path": "app.zip"}, ["app.zip"]),
        ({"words": ["-mpkg", "x"], "options": ["-s"]}, ["-s", "-mpkg", "x"]),
        ({"code": "pass", "arguments": ["x"]}, ["-c", "pass", "x"]),
        ({"stdin": "pass", "arguments": ["x"]}, ["-", "x"]),
        ({"line": ["-Ic", "pass"]}, ["-Ic", "pass"]),
    ],
)
def test_the_words_of_an_interpreter(make_case: MakeCase, command: dict[str, Any], expected: list[str]) -> None:
    assert words(subject(), make_case(files=FILES, run={"command": command})) == [PYTHON, *expected]


def test_the_words_of_an_interpreter_that_several_words_start(make_case: MakeCase) -> None:
    started = replace(subject(), host=replace(subject().host, command=("java", "-jar", "j.jar")))
    assert words(started, make_case(run={"command": NAMED}))[:5] == ["java", "-jar", "j.jar", "-B", "-W"]
    assert words(started, make_case(run={"command": {"line": ["-i"]}})) == ["java", "-jar", "j.jar", "-i"]


def test_options_go_in_front_of_what_stands_in_the_place_of_the_interpreter(make_case: MakeCase) -> None:
    tested = subject(commands=behind_python("/reference"))
    for command, rest in ((NAMED, ["-m", "pkg", "a b", "-x"]), ({"words": ["-mpkg"], "options": ["-B"]}, ["-mpkg"])):
        found = words(tested, make_case(run={"command": command}))
        options = list(command["options"])
        assert found == [PYTHON, *options, "/reference", *rest]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            ("{python}", "-m", "cov", "-m", "{module}", "{arguments}"),
            [PYTHON, "-m", "cov", "-m", "pkg", "a b", "-x"],
        ),
        (("cov", "--to={scratch}/x", "--mod={module}", "{arguments}"), ["cov", "--to=/scratch/x", "--mod=pkg"]),
        (("sh", "-c", "run {module} {arguments}"), ["sh", "-c", "run pkg 'a b' -x"]),
        (("ipy", "-c", "%run -m {module} {arguments}", "{scratch}"), ["ipy", "-c", "%run -m pkg 'a b' -x", "/scratch"]),
    ],
)
def test_the_words_of_a_launcher(make_case: MakeCase, template: tuple[str, ...], expected: list[str]) -> None:
    command = {**NAMED, "options": []}
    found = words(launcher(module=template), make_case(run={"command": command}))
    assert found == (expected if "{arguments}" not in template or "a b" in expected else [*expected, "a b", "-x"])


def test_a_shell_line_quotes_what_is_put_in(make_case: MakeCase) -> None:
    case = make_case(files={"my file.py": ""}, run={"command": {"path": "my file.py", "arguments": ["$x", "", "it's"]}})
    [line] = words(launcher(script=("run {path} {arguments}",)), case)
    assert line == """run 'my file.py' '$x' '' 'it'"'"'s'"""


def test_a_word_without_arguments_is_no_shell_line(make_case: MakeCase) -> None:
    case = make_case(files={"my file.py": ""}, run={"command": {"path": "my file.py"}})
    assert words(launcher(script=("--file={path}",)), case) == ["--file=my file.py"]


def test_what_a_case_says_is_never_taken_for_a_place(make_case: MakeCase) -> None:
    arguments = ["{module}", "{scratch}", "{python}", "{arguments}"]
    case = make_case(run={"command": {"module": "pkg", "arguments": arguments}})
    assert words(launcher(module=("{module}", "{arguments}")), case) == ["pkg", *arguments]
    [line] = words(launcher(module=("{module} {arguments}",)), case)
    assert line == "pkg '{module}' '{scratch}' '{python}' '{arguments}'"


def test_each_kind_has_a_template_of_its_own(make_case: MakeCase) -> None:
    tested = launcher(module=("m", "{module}"), script=("s", "{path}"), directory=("d", "{path}"), zip=("z", "{path}"))
    cases = [of_path(make_case, path) for path in ("m.py", "pkg", "to-zip")]
    assert [words(tested, case)[0] for case in cases] == ["s", "d", "z"]


def test_options_are_taken_only_where_every_command_starts_the_interpreter() -> None:
    assert takes_options(subject(commands=dict(INTERPRETER_COMMANDS)))
    assert takes_options(launcher(module=("{python}", "{module}"), script=("{python}", "{path}")))
    assert not takes_options(launcher(module=("{python}", "{module}"), script=("own", "{path}")))
