"""The plain commands of findings: typing them, and that what is published is what they print."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CAUSES_AT_HAND, PUBLISHED_CAUSES, subject
from runpy_conformance import findings
from runpy_conformance.demonstration import shows, visible
from runpy_conformance.execution.demonstration import demonstrate, run
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.model.finding import CausesFile
from runpy_conformance.model.subject import Interpreter
from runpy_conformance.subjects.hosts import Hosts
from runpy_conformance.subjects.selection import BadSubject, Selector

SOON = Limits(30, memory=0)


@pytest.mark.parametrize(
    ("printed", "written", "is_shown"),
    [
        ("1\n2\n", ("1\n", "2\n"), True),
        ("1\n2", ("1", "2"), True),
        ("1\n2\n", ("1\n2\n",), True),
        ("2\n1\n", ("1\n", "2\n"), False),
        ("1\n2\n", ("1\n",), False),
        ("1\n", ("1\n", "2\n"), False),
        ("1\n", ("\n1\n", ""), True),
        ("", ("", ""), False),
        ("at /home/x/lib/site.py\n", ("at …/site.py\n",), True),
        ("at /home/x/lib/site.py, line 3\n", ("at …/site.py\n",), False),
        ("at 0x7f\nfor\n", ("at 0x…\n", "for\n"), True),
        ("one\ntwo\nthree\nfour\n", ("one\n…\nfour\n",), True),
        ("one\nfour\n", ("one\n…\nfour\n",), True),
        ("one\ntwo\nthree\n", ("one\n…\nfour\n",), False),
        ("one\ntwo\n", ("o…\n",), False),
        ("a.b\n", ("a.b\n",), True),
        ("axb\n", ("a.b\n",), False),
        ("nul \x00 and \x1b[1m\n", ("nul \\x00 and \\x1b[1m\n",), True),
    ],
)
def test_what_shows_what_is_written(printed: str, written: tuple[str, ...], is_shown: bool) -> None:
    assert shows(printed, *written) == is_shown


def test_control_characters_are_made_visible() -> None:
    assert visible("a\tb\n\x00\x7f\x9f é\U0001f600") == "a\tb\n\\x00\\x7f\\x9f é\U0001f600"


def test_commands_are_typed_in_an_empty_folder_and_paths_are_as_pages_have_them() -> None:
    here = {"python": (sys.executable,)}
    script = "import os, sys; print(os.getcwd(), os.listdir(), sys.executable, 'python3.99', file=sys.stderr)"
    assert run(f'python -c "{script}"\nls\npwd', here, SOON) == "/tmp/x [] python python3.99\n/tmp/x\n"


def test_what_commands_write_elsewhere_is_out_of_the_way(tmp_path: Path) -> None:
    assert (
        run("echo kept > /tmp/out/file\ncat /tmp/out/file\necho /tmp/out/file\nls", {}, SOON) == "kept\n/tmp/out/file\n"
    )


def test_a_name_may_stand_for_several_words() -> None:
    printed = run(
        "tool two; echo $?", {"tool": (sys.executable, "-c", "import sys; sys.exit(sys.argv[1])", "one")}, SOON
    )
    assert printed == "one\n1\n"


def test_commands_that_do_not_end_are_ended() -> None:
    assert run("echo begun; exec sleep 60", {}, Limits(1, memory=0)) == "begun\n(timed-out)\n"


def test_an_interpreter_is_compared_with_the_cpython_of_its_version_or_else_the_newest(here: Interpreter) -> None:
    hosts = Hosts([here.path])
    assert hosts.alike(subject(here.version)).release_numbers[:2] == here.release_numbers[:2]
    assert hosts.alike(subject("3.4.0")) == hosts.one("cpython")


MANIFEST = """name = "tool"
kind = "launcher"
host = "{host}"
commands = {{ script = ["{{python}}", "-m", "pdb", "-c", "continue", "-c", "quit", "{{path}}", "{{arguments}}"] }}
"""
KNOWN = """
[[known]]
case = "exit-status-text"
reason = "{title}"
when = "{when}"
"""
CAUSE = """
[[cause]]
title = "{title}"
severity = "bug"
text = "x"
clauses = []
command = '''
echo 'print(2)' > prog.py
python prog.py
python -c 'print({second})'
'''
expected = "2"
actual = "3"
version = "1"
"""


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """The folder of a manifest with four known failures, and of causes for three of them."""
    known = {"good": "", "bad": "", "elsewhere": "python_version < '2'", "by itself": ""}
    tables = (KNOWN.format(title=title, when=when or "python_version > '2'") for title, when in known.items())
    manifest = MANIFEST.format(host=Path(sys.executable).resolve().as_posix()) + "".join(tables)
    (tmp_path / "tool.toml").write_text(manifest, encoding="utf-8")
    causes = {"good": 3, "bad": 4, "elsewhere": 5, "unknown": 6}
    tables = (CAUSE.format(title=title, second=second) for title, second in causes.items())
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/tool.toml").write_text('intro = "x"\n' + "".join(tables), encoding="utf-8")
    return tmp_path


def demonstrated(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "runpy_conformance", "demonstrate", "--folder", "pages", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_commands_that_print_something_else_are_told(tool: Path) -> None:
    done = demonstrated(tool, "tool.toml")
    assert done.returncode == 1, done.stderr
    first, *printed, last = done.stdout.splitlines()
    assert first.startswith("tool: not as it is written, on tool@cpython-") and first.endswith(": bad")
    assert printed == ["    2", "    4", ""]
    assert last == "tool: 2 causes tried, 2 not: no known failure here has them"


def test_all_is_as_it_is_written(tool: Path) -> None:
    path = tool / "pages/tool.toml"
    path.write_text(path.read_text("utf-8").replace("print(4)", "print(3)"), "utf-8")
    done = demonstrated(tool, "tool.toml")
    assert (done.returncode, done.stdout) == (0, "tool: 2 causes tried, 2 not: no known failure here has them\n"), (
        done.stderr
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "'nothing' is no manifest"),
        (["gone.toml"], "gone.toml: No such file"),
        (["tool.toml", "--folder", "."], "tool.toml: Object contains unknown field `name`"),
        (["tool.toml@/no/python"], "/no/python: there is no such file"),
    ],
)
def test_what_cannot_be_demonstrated(tool: Path, words: list[str], message: str) -> None:
    done = demonstrated(tool, *words)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr and "Traceback" not in done.stderr


def versions(causes: CausesFile) -> set[str]:
    return {cause.version for cause in causes.cause}


@pytest.mark.parametrize("name", CAUSES_AT_HAND)
def test_published_commands_print_what_pages_say(name: str, tmp_path: Path) -> None:
    hosts = Hosts()
    causes = findings.read(PUBLISHED_CAUSES[name])
    try:
        found = Selector(tmp_path, hosts=hosts).select([name])
    except BadSubject as problem:
        pytest.skip(str(problem))
    subjects = [one for one in found if one.kind == "interpreter" or f"CPython {one.host.version}" in versions(causes)]
    if not subjects:
        pytest.skip("the standard library of another version says it in other words")
    typed = list(demonstrate(causes, subjects, hosts.alike, SOON))
    assert typed, os.fspath(PUBLISHED_CAUSES[name])
    assert {one.cause.title: one.printed for one in typed if not one.holds} == {}
