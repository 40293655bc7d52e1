"""Subjects that manifests describe: found, prepared, and run to the end."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import CASE, SPEC, WriteCorpus, executable
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.subjects import described, environments, manifests
from runpy_conformance.subjects.described import Described
from runpy_conformance.subjects.environments import NotPrepared
from runpy_conformance.subjects.hosts import Hosts, NoHost
from runpy_conformance.subjects.selection import BadSubject, Selector

LAUNCHER = """name = "tool"
title = "The tool"
kind = "launcher"
host = {host}
{more}
[commands]
module = ["{{python}}", {tool}, "{{scratch}}", "-m", "{{module}}", "{{arguments}}"]
"""

RIGHT = """
import runpy, sys
scratch, _, name = sys.argv[1:4]
sys.argv = [name, *sys.argv[4:]]
sys.path[0] = ""
open(scratch + "/trace", "w").close()
runpy.run_module(name, run_name="__main__", alter_sys=True)
"""

WRONG = RIGHT.replace("alter_sys=True", "alter_sys=False")


def launcher(folder: Path, host: Interpreter, source: str = RIGHT, more: str = "") -> Path:
    """A manifest of a launcher with this source."""
    (folder / "tool.py").write_text(source, encoding="utf-8")
    path = folder / "tool.toml"
    text = LAUNCHER.format(host=json.dumps(host.path), tool=json.dumps(str(folder / "tool.py")), more=more)
    path.write_text(text, encoding="utf-8")
    return path


HOSTS = Hosts()
"""Looked for once."""


def select(folder: Path, text: str) -> Subject:
    [subject] = Selector(folder, hosts=HOSTS).select([text])
    return subject


# What --subject names


def test_a_file_a_file_on_a_host_and_a_name(tmp_path: Path, here: Interpreter) -> None:
    file = launcher(tmp_path, here)
    subject = select(tmp_path, str(file))
    assert (subject.id, subject.kind, subject.title) == (f"tool@{here.name}", "launcher", "The tool")
    assert (subject.manifest, subject.spelling) == (str(file), f"{file}@{here.path}")
    assert select(tmp_path, subject.spelling) == subject
    assert {"api", "interpreter", "scripts", "directories", "archives", "spelling"} <= set(subject.lacks)
    assert not {"options", "modules", "command-line", "without-site"} & set(subject.lacks)
    assert select(tmp_path, f"trace@{here.path}").id == f"trace@{here.name}"


def test_names_of_files_and_hosts_may_hold_at_signs(tmp_path: Path, here: Interpreter) -> None:
    folder = tmp_path / "a@b.toml"
    folder.mkdir()
    file = launcher(folder, here)
    python = folder / "python"
    python.symlink_to(here.path)
    for text, host in ((str(file), None), (f"{file}@{python}", str(python)), (f"trace@{python}", str(python))):
        found = described.named(text)
        assert found is not None
        assert (found.host, found.spelling) == (host, text)


@pytest.mark.parametrize("text", ["cpython", "cpython-3.13", "reference", "python:/x/y", "module:x@y", "", "@", "no@x"])
def test_what_names_no_manifest(text: str) -> None:
    assert described.named(text) is None


def test_a_host_by_name_is_the_newest_of_that_name(tmp_path: Path, pythons: tuple[Interpreter, ...]) -> None:
    file = launcher(tmp_path, pythons[-1])
    text = file.read_text(encoding="utf-8").replace(json.dumps(pythons[-1].path), '"cpython"')
    file.write_text(text, encoding="utf-8")
    [subject] = Selector(tmp_path, hosts=HOSTS).select([str(file)])
    assert subject.host == pythons[-1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gone.toml", "gone.toml: No such file or directory"),
        ("{file}@cpython-99", "tool: cpython-99: there is no such file, and no interpreter of that name was found. "),
        ("{file}@cpython-99", "Another host is named by {file}@PATH"),
        ("{file}@/etc/passwd", "tool: /etc/passwd does not start"),
        ("pypy@/nowhere/pypy", "pypy: /nowhere/pypy is no executable in PATH, and no interpreter of that name"),
        ("pypy@/bin/false", "/bin/false is not a Python that works: exit status 1"),
    ],
)
def test_what_cannot_be_had(tmp_path: Path, here: Interpreter, text: str, message: str) -> None:
    file = str(launcher(tmp_path, here))
    with pytest.raises(BadSubject) as caught:
        select(tmp_path, text.replace("{file}", file))
    assert message.replace("{file}", file) in str(caught.value)


def test_a_module_is_imported_from_folders_beside_its_manifest(tmp_path: Path, here: Interpreter) -> None:
    file = tmp_path / "mine.toml"
    text = f'name = "mine"\nkind = "module"\nmodule = "m"\npythonpath = ["src", "."]\nhost = {json.dumps(here.path)}\n'
    file.write_text(text + 'lacks = ["threads"]\ntime-factor = 3\n', encoding="utf-8")
    subject = select(tmp_path, str(file))
    assert (subject.id, subject.module, subject.time_factor) == (f"mine@{here.name}", "m", 3.0)
    assert subject.pythonpath == (str(tmp_path / "src"), str(tmp_path))
    assert {"command-line", "threads"} <= set(subject.lacks)
    assert "api" not in subject.lacks


def interpreter_manifest(folder: Path, *command: str, more: str = "") -> Path:
    file = folder / "odd.toml"
    text = f'name = "odd"\nkind = "interpreter"\ncommand = {json.dumps(command)}\n{more}'
    file.write_text(text, encoding="utf-8")
    return file


def test_an_interpreter_by_path_by_words_and_by_name(tmp_path: Path, here: Interpreter) -> None:
    subject = select(tmp_path, str(interpreter_manifest(tmp_path, here.path, more='judged-as = "3.9"\n')))
    assert (subject.id, subject.host.words, subject.judged_as) == ("odd", (here.path,), "3.9")
    subject = select(tmp_path, str(interpreter_manifest(tmp_path, here.path, "-B")))
    assert subject.host.words == (here.path, "-B")
    subject = select(tmp_path, str(interpreter_manifest(tmp_path, here.name)))
    assert subject.host.version == here.version
    named = interpreter_manifest(tmp_path, here.path).read_text(encoding="utf-8").replace('"odd"', '"cpython"')
    (tmp_path / "cpython.toml").write_text(named, encoding="utf-8")
    assert select(tmp_path, str(tmp_path / "cpython.toml")).id == here.name


def test_a_wrapper_is_started_by_its_own_words(
    tmp_path: Path, here: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper = executable(tmp_path / "wrapper", f'#!/bin/sh\nexec {here.path} -B "$@"\n')
    monkeypatch.chdir(tmp_path)
    for word in (str(wrapper), "./wrapper"):
        assert select(tmp_path, str(interpreter_manifest(tmp_path, word))).host.words == (str(wrapper),)
    monkeypatch.setenv("PATH", str(tmp_path))
    subject = select(tmp_path, str(interpreter_manifest(tmp_path, "wrapper", "-s")))
    assert subject.host.words == (str(wrapper), "-s")


# Preparation


def wheel(folder: Path) -> None:
    """A package that is a launcher, version 1.0."""
    version = "1.0"
    path = folder / f"toolpkg-{version}-py3-none-any.whl"
    about = f"toolpkg-{version}.dist-info"
    files = {
        "toolpkg.py": RIGHT,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: toolpkg\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "".join(
            f"{name},,\n" for name in ("toolpkg.py", *(f"{about}/{x}" for x in ("METADATA", "WHEEL", "RECORD")))
        ),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def installed_launcher(folder: Path, host: Interpreter, *install: str) -> Described:
    file = folder / "tool.toml"
    text = f'name = "tool"\nkind = "launcher"\nhost = {json.dumps(host.path)}\ninstall = {json.dumps(install)}\n'
    commands = '[commands]\nmodule = ["{python}", "-m", "toolpkg", "{scratch}", "-m", "{module}", "{arguments}"]\n'
    file.write_text(text + commands, encoding="utf-8")
    found = described.named(str(file))
    assert found is not None
    return found


def test_what_is_installed_and_when(
    tmp_path: Path, here: Interpreter, write_corpus: WriteCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(environments.VARIABLE, str(tmp_path / "environments"))
    wheel(tmp_path)
    newer = installed_launcher(tmp_path, here, "--no-index", "toolpkg==2.0")
    tool = installed_launcher(tmp_path, here, "--no-index", "./toolpkg-1.0-py3-none-any.whl")
    with pytest.raises(NotPrepared, match="tool is not installed yet; install it by: runpy-conformance prepare "):
        list(described.subjects(tool, HOSTS))

    folder = described.prepare(tool, HOSTS)
    assert folder == tmp_path / "environments" / f"tool-{here.name}"
    [subject] = described.subjects(tool, HOSTS)
    assert subject.id == f"tool@{here.name}"
    assert Path(subject.host.path).is_relative_to(folder)
    assert "options" not in subject.lacks
    assert "without-site" in subject.lacks

    (folder / "witness").touch()
    assert described.prepare(tool, HOSTS) == folder
    assert (folder / "witness").exists()
    assert select(tmp_path, subject.spelling).host == subject.host
    assert "OK 1 passed" in run(tmp_path, "--corpus", write_corpus(ARGV), "--subject", tool.file)

    with pytest.raises(NotPrepared, match=r"tool has changed; install it by: runpy-conformance prepare \S+tool\.toml"):
        list(described.subjects(newer, HOSTS))
    with pytest.raises(NotPrepared, match=r"(?s)tool cannot be installed: \S+ -m pip .*toolpkg==2\.0"):
        described.prepare(newer, HOSTS)
    with pytest.raises(NotPrepared, match="tool is not installed yet"):
        list(described.subjects(newer, HOSTS))


def test_what_has_nothing_to_install(tmp_path: Path, here: Interpreter) -> None:
    found = described.named(str(launcher(tmp_path, here)))
    assert found is not None
    assert described.prepare(found, HOSTS) is None


def test_npm_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environments.VARIABLE, str(tmp_path / "environments"))
    monkeypatch.setenv("PATH", "")
    file = tmp_path / "js.toml"
    file.write_text('name = "js"\nkind = "interpreter"\nserver = ["{npm}/x"]\nnpm = ["x@1"]\n', encoding="utf-8")
    found = described.named(str(file))
    assert found is not None
    with pytest.raises(NotPrepared, match="js is installed by npm, which is not in PATH"):
        described.prepare(found, HOSTS)
    with pytest.raises(NotPrepared, match="js is not installed yet"):
        list(described.subjects(found, HOSTS))


def test_environments_lie_below_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(environments.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert environments.root() == tmp_path / ".runpy-conformance/environments"


def test_a_host_that_cannot_be_used_is_no_host() -> None:
    with pytest.raises(NoHost):
        HOSTS.one("/etc/passwd")


# The whole way

ARGV = """
id = "a-case"
title = "The program is told by its file"
clauses = ["GEN-01"]

[files]
"m.py" = "import sys"

[run]
command = { module = "m", arguments = ["x"] }

[observe."m.py"]
name = "__name__"
argv = "sys.argv[1:]"
own = "sys.argv[0] == __file__"

[[expect]]
outcome = "exited"
status = 0
stdout = ""
stderr = ""
observed = { name = "__main__", argv = ["x"], own = true }
"""
OTHER = CASE.replace('"a-case"', '"b-case"')
UNSTATED = ARGV.replace('"a-case"', '"c-case"').replace("own = true", "own = false")


def run(folder: Path, *words: object, status: int = 0) -> str:
    command = [sys.executable, "-m", "runpy_conformance", "run", *map(str, words)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "120"}
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def known(file: Path) -> dict[str, str]:
    return {one.case: one.reason for one in manifests.read(file).known}


def test_a_launcher_from_nothing_to_a_run_that_succeeds(
    tmp_path: Path, here: Interpreter, write_corpus: WriteCorpus
) -> None:
    file = launcher(tmp_path, here)
    root = write_corpus(ARGV, cases__general__b_case=OTHER)
    words = ["--corpus", root, "--subject", file]
    assert "OK 1 passed, 0 failed" in run(tmp_path, *words)
    assert [path.name for path in tmp_path.iterdir() if path.name == "trace"] == []

    launcher(tmp_path, here, WRONG)
    out = run(tmp_path, *words, "--gate", "should", status=1)
    assert "FAILED 0 passed, 1 failed" in out
    assert "a-case GEN-01 The program is told by its file" in out
    assert "observed.own" in run(tmp_path, *words, "--gate", "detail", "--case", "a-case", status=1)
    # The clause is of level should, and without --gate only a must decides.
    assert re.search("OK 0 passed, 1 failed", run(tmp_path, *words))


def test_known_failures_are_written_kept_and_reported(
    tmp_path: Path, here: Interpreter, write_corpus: WriteCorpus
) -> None:
    file = launcher(tmp_path, here, WRONG)
    root = write_corpus(ARGV, SPEC.replace("should", "must"), cases__general__b_case=OTHER)
    words = ["--corpus", root, "--subject", file]
    above = file.read_text(encoding="utf-8")
    out = run(tmp_path, *words, "--update-known")
    assert "1 added" in out
    assert known(file) == {"a-case": "observed.own is false, not true"}
    assert file.read_text(encoding="utf-8").startswith(above)

    explained = file.read_text(encoding="utf-8").replace("observed.own is false, not true", "It does not set argv[0].")
    file.write_text(explained, encoding="utf-8")
    assert "1 kept" in run(tmp_path, *words, "--update-known")
    assert known(file) == {"a-case": "It does not set argv[0]."}

    (tmp_path / "tool.py").write_text(WRONG.replace("runpy.run", "print('noise')\nrunpy.run"), encoding="utf-8")
    assert "fails in another way" in run(tmp_path, *words, status=1)
    assert "1 changed" in run(tmp_path, *words, "--update-known")
    assert known(file) == {"a-case": "It does not set argv[0]."}

    (tmp_path / "tool.py").write_text(RIGHT, encoding="utf-8")
    assert f"known failure a-case of tool@{here.name} passes" in run(tmp_path, *words)
    assert "passes; its entry is gone" in run(tmp_path, *words, "--update-known")
    assert known(file) == {}

    entry = '\n[[known]]\ncase = "{}"\nreason = "Why not."\n'
    file.write_text(file.read_text(encoding="utf-8") + entry.format("z-case") + entry.format("b-case"), "utf-8")
    out = run(tmp_path, *words)
    assert "does not exist" in out and "was not run" in out
    out = run(tmp_path, *words, "--update-known")
    assert "does not exist; its entry is gone" in out and "was not run" in out
    assert known(file) == {"b-case": "Why not."}


def test_causes_are_the_reasons_of_new_entries(tmp_path: Path, here: Interpreter, write_corpus: WriteCorpus) -> None:
    file = launcher(tmp_path, here, WRONG)
    root = write_corpus(ARGV, cases__general__c_case=UNSTATED)
    (tmp_path / "causes").mkdir()
    text = 'intro = "x"\n[[cause]]\ntitle = "argv[0] stays"\nseverity = "bug"\ntext = ""\nclauses = ["GEN-01"]\n'
    text += 'command = ""\nexpected = ""\nactual = ""\nversion = "1"\nshows = [{ field = "observed.own" }]\n'
    (tmp_path / "causes/tool.toml").write_text(text, encoding="utf-8")
    words = ["--corpus", root, "--subject", file, "--update-known", "--causes"]
    assert "nothing.toml: No such file" in run(tmp_path, *words, "nothing.toml", status=2)
    assert known(file) == {}
    run(tmp_path, *words, "causes")
    assert known(file) == {"a-case": "argv[0] stays"}


def test_known_failures_need_a_manifest_before_anything_is_run(
    tmp_path: Path, here: Interpreter, write_corpus: WriteCorpus
) -> None:
    words = ["--corpus", write_corpus(), "--subject", f"python:{here.path}", "--update-known"]
    assert f"{here.name} has no manifest" in run(tmp_path, *words, status=2)
    assert not (tmp_path / "results.jsonl").exists()
