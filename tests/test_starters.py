"""Servers that hold an interpreter, and calls that a script makes."""

import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeCase
from msgspec.structs import replace
from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.batch import result
from runpy_conformance.execution.executor import Executor
from runpy_conformance.execution.observed import NoObservation
from runpy_conformance.execution.sandbox import Limits, sandbox
from runpy_conformance.execution.starters import Ending, NotStarted, Processes, Server, Start
from runpy_conformance.judge import excluded
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.subjects.interrogate import NotPython, interrogated

SHORT = Limits(seconds=2.0, output=1 << 16, memory=0)

SERVER = """
import json, os, subprocess, sys, time
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    words = asked["words"]
    if words[0] == "python":
        with open(asked["stdin"]) as source, open(asked["stdout"], "a") as out, open(asked["stderr"], "a") as err:
            done = subprocess.run([sys.executable, *words[1:]], stdin=source, stdout=out, stderr=err,
                                  cwd=asked["directory"], env=asked["environment"])
        answer = {"status": done.returncode}
    elif words[0] == "pid":
        answer = {"status": os.getpid()}
    elif words[0] == "hang":
        time.sleep(600)
    elif words[0] == "flood":
        with open(asked["stdout"], "a") as out:
            while True:
                out.write("x" * 1000)
                out.flush()
                time.sleep(0.001)
    elif words[0] == "exit":
        os._exit(int(words[1]))
    elif words[0] == "kill":
        os.kill(os.getpid(), 9)
    elif words[0] == "say":
        print(words[1], flush=True)
        continue
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """What starts a server."""
    path = tmp_path / "server.py"
    path.write_text(SERVER, encoding="utf-8")
    return [sys.executable, str(path)]


def ask(server: Server | Processes, *asked: str, limits: Limits = SHORT, **variables: str) -> tuple[Ending, str]:
    """How a run ends, and what it writes to standard output."""
    with sandbox() as place:
        place.stdin.write_text("given", encoding="utf-8")
        ending = server.run(Start(["left out", *asked], place.root, place.environment(variables)), place, limits)
        return ending, place.stdout.read_text(encoding="utf-8") if place.stdout.exists() else ""


@pytest.fixture
def server(words: list[str]) -> Any:
    made = Server(words, 1)
    yield made
    made.end()


def test_a_server_is_handed_words_streams_environment_and_directory(server: Server) -> None:
    program = "import os, sys; print(sys.argv, sys.stdin.read(), os.environ['A'], os.path.basename(os.getcwd()))"
    ending, out = ask(server, "python", "-c", program, "x y", A="\xe9")
    assert ending == (0, None)
    assert out == "['-c', 'x y'] given \xe9 root\n"
    assert ask(server, "python", "-c", "import sys; sys.exit(7)")[0] == (7, None)


def test_a_server_stays_until_it_is_ended(server: Server) -> None:
    pids = [ask(server, "pid")[0][0] for _ in range(2)]
    assert pids[0] == pids[1]
    server.end()
    server.end()
    assert ask(server, "pid")[0][0] != pids[0]


@pytest.mark.parametrize(("word", "limit"), [("hang", "timed-out"), ("flood", "flooded")])
def test_a_run_that_meets_a_limit_ends_with_its_server(server: Server, word: str, limit: str) -> None:
    before = ask(server, "pid")[0][0]
    assert ask(server, word)[0] == (None, limit)
    after, status = ask(server, "pid")[0][0], Path(f"/proc/{before}/stat")
    assert after != before
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize(("asked", "status"), [(["exit", "3"], 3), (["exit", "0"], 0), (["kill"], -9)])
def test_a_program_may_end_the_server(server: Server, asked: list[str], status: int) -> None:
    assert ask(server, *asked)[0] == (status, None)
    assert ask(server, "python", "-c", "print(1)") == ((0, None), "1\n")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('{"failed": "no memory"}', "the server could not run it: no memory"),
        ("nonsense", "said 'nonsense"),
        ("[1]", r"said \[1\]"),
        ("{}", r"said \{\}"),
        ('{"status": null}', r"said \{'status': None\}"),
    ],
)
def test_an_answer_that_is_no_status_is_no_observation(server: Server, said: str, message: str) -> None:
    with pytest.raises(NoObservation, match=message):
        ask(server, "say", said)
    assert ask(server, "python", "-c", "print(1)") == ((0, None), "1\n")


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("raise SystemExit(3)", "ended with exit status 3"),
        ("print('hello', flush=True)", "said 'hello"),
        ("print(1, flush=True)", "said 1"),
    ],
)
def test_a_server_that_does_not_get_ready(program: str, message: str) -> None:
    server = Server([sys.executable, "-c", program], 1)
    with pytest.raises(NoObservation, match=message):
        ask(server, "pid")
    server.end()


def test_what_cannot_be_started() -> None:
    with pytest.raises(NotStarted, match="/nowhere/server cannot be started: No such file or directory"):
        ask(Server(["/nowhere/server"], 1), "pid")
    with pytest.raises(NotStarted, match="left out cannot be started"):
        ask(Processes(), "x")


# Interpreters in servers


def python_server(folder: Path) -> list[str]:
    """What starts a server that takes the words behind an interpreter's own."""
    path = folder / "python_server.py"
    path.write_text(SERVER.replace('words[0] == "python"', "True").replace("*words[1:]", "*words"), encoding="utf-8")
    return [sys.executable, str(path)]


def test_an_interpreter_in_a_server_is_asked_which_python_it_is(tmp_path: Path, here: Interpreter) -> None:
    asked = interrogated(("not", "started"), 20.0, python_server(tmp_path))
    assert (asked.interpreter.version, asked.interpreter.command) == (here.version, ("not", "started"))
    silent = [sys.executable, "-c", "print('{}', flush=True); input(); input()"]
    with pytest.raises(NotPython, match="does not answer within 1 seconds"):
        interrogated(("not started",), 1.0, silent)


def test_cases_are_run_by_a_server(here: Interpreter, corpus: Corpus, tmp_path: Path) -> None:
    server_words = tuple(python_server(tmp_path))
    held = Subject("held", "interpreter", replace(here, command=("held",)), "x", server=server_words)
    own = Subject("own", "interpreter", here, "x")
    cases = [case for case in corpus.cases.values() if excluded(case, own) is None][::60]
    assert {bool(case.run.call) for case in cases} == {True, False}
    with Executor(held) as server, Executor(own) as process:
        assert server.isolation == "plain"
        for case in cases:
            assert result(case, server).judgement == result(case, process).judgement, case.id
        assert server.bare()[0] > 0


# Plain calls


def test_plain_and_forked_calls_are_observed_alike(corpus: Corpus, pythons: tuple[Interpreter, ...]) -> None:
    for host in (pythons[0], pythons[-1]):
        subject = Subject(host.name, "interpreter", host, "python:x")
        cases = [case for case in corpus.cases.values() if case.run.call and excluded(case, subject) is None]
        with Executor(subject, "plain") as plain, Executor(subject, "fork") as forking:
            for case in cases[::20]:
                assert plain.run(case).observation == forking.run(case).observation, (case.id, host.name)


def test_a_plain_call_of_a_module(here: Interpreter, make_case: MakeCase, tmp_path: Path) -> None:
    body = "def run_module(mod_name): return {'value': mod_name * 2}\ndef run_path(path): raise OSError(path)\n"
    (tmp_path / "mine.py").write_text(body, encoding="utf-8")
    subject = Subject("mine", "module", here, "x", module="mine", pythonpath=(str(tmp_path),))
    by_path = make_case(run={"call": "run_path", "positional": ["x"]}, expect=[{"error": {"type": "OSError"}}])
    with Executor(subject, "plain") as plain:
        assert plain.run(make_case(expect=[{"globals": {"value": "mm"}}])).observation.globals == {"value": "mm"}
        assert plain.run(by_path).observation.error == {"type": "OSError", "message": "x"}


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("import os; os._exit(4)", "exited"),
        ("import os; os.kill(os.getpid(), 9)", "killed"),
        ("while 1: 0", "timed-out"),
    ],
)
def test_a_plain_call_that_crashes_or_hangs(here: Interpreter, make_case: MakeCase, source: str, outcome: str) -> None:
    with Executor(Subject("x", "interpreter", here, "x"), "plain", SHORT) as plain:
        assert plain.run(make_case(files={"m.py": source})).observation.outcome == outcome


def test_a_plain_call_that_cannot_be_made(here: Interpreter, make_case: MakeCase) -> None:
    subject = Subject("x", "module", here, "x", module="nothing_of_this_name")
    with Executor(subject, "plain") as plain:
        seen = result(make_case(), plain).judgement
    assert seen.verdict == "error"
    assert "the call could not be made: ModuleNotFoundError" in str(seen.reason)


def test_bytecode_is_compiled_by_a_script(here: Interpreter, make_case: MakeCase) -> None:
    with Executor(Subject("x", "interpreter", here, "x"), "plain") as plain:
        good = make_case(files={"m.pyc": {"pyc": "value = 3"}}, expect=[{"globals": {"value": 3}}])
        assert result(good, plain).judgement.verdict == "pass"
        broken = result(make_case(files={"m.pyc": {"pyc": "value ="}}), plain).judgement
    assert broken.verdict == "error"
    assert "m.py cannot be compiled: SyntaxError" in str(broken.reason)
