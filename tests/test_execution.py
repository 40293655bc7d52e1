"""Running cases: what is seen, and that nothing gets out of hand.

The modules here are drop-in runpys that go wrong in every way that matters.
"""

import time
from pathlib import Path

import pytest
from conftest import MakeCase
from runpy_conformance.execution.batch import result
from runpy_conformance.execution.executor import Executor, Isolation
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.model.case import Case
from runpy_conformance.model.result import Result
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.subjects.selection import Selector

BOTH_WAYS = pytest.mark.parametrize("isolation", ["fork", "fresh"])
SHORT = Limits(seconds=2.0, output=1 << 16, memory=1 << 28)


def module_subject(host: Interpreter, folder: Path, source: str) -> Subject:
    """A module subject whose run_module and run_path have *source* as body."""
    functions = "".join(
        f"def {name}(*arguments, **keywords):\n" + "".join(f"    {line}\n" for line in source.splitlines())
        for name in ("run_module", "run_path")
    )
    (folder / "fake.py").write_text("import os, sys, time\n" + functions, encoding="utf-8")
    return Subject("fake", "module", host, "module:fake@x", module="fake", pythonpath=(str(folder),))


def run_fake(
    case: Case, host: Interpreter, folder: Path, source: str, isolation: Isolation, limits: Limits = SHORT
) -> Result:
    with Executor(module_subject(host, folder, source), isolation, limits) as executor:
        return result(case, executor)


@BOTH_WAYS
def test_a_subject_that_is_always_wrong_fails(
    make_case: MakeCase, here: Interpreter, tmp_path: Path, isolation: Isolation
) -> None:
    seen = run_fake(make_case(), here, tmp_path, "raise LookupError('no')", isolation)
    assert seen.judgement.verdict == "fail"
    assert seen.observation is not None
    assert seen.observation.error == {"type": "LookupError", "message": "no"}


@BOTH_WAYS
@pytest.mark.parametrize(
    ("source", "outcome", "detail"),
    [
        ("os._exit(7)", "exited", 7),
        ("os.kill(os.getpid(), 9)", "killed", "SIGKILL"),
        ("os.abort()", "killed", "SIGABRT"),
        ("time.sleep(60)", "timed-out", None),
        ("while True: print('x' * 1000)", "flooded", None),
        ("while True: sys.stderr.write('x' * 1000)", "flooded", None),
        ("held = bytearray(1 << 29)", "raised", None),
    ],
)
def test_a_subject_that_crashes_hangs_or_floods(
    make_case: MakeCase,
    here: Interpreter,
    tmp_path: Path,
    isolation: Isolation,
    source: str,
    outcome: str,
    detail: object,
) -> None:
    begin = time.monotonic()
    seen = run_fake(make_case(), here, tmp_path, source, isolation).observation
    assert time.monotonic() - begin < 20
    assert seen is not None
    assert seen.outcome == outcome
    assert detail is None or detail in (seen.status, seen.signal)
    assert len(seen.stdout) < 10_000


@BOTH_WAYS
def test_a_subject_that_writes_outside(
    make_case: MakeCase, here: Interpreter, tmp_path: Path, isolation: Isolation
) -> None:
    seen = run_fake(make_case(), here, tmp_path, "open('../stray.txt', 'w').close()\nreturn {}", isolation)
    assert seen.judgement.verdict == "fail"
    assert [wrong.field for wrong in seen.judgement.mismatches] == ["strays"]


@BOTH_WAYS
def test_a_subject_that_leaves_processes_behind(
    make_case: MakeCase, here: Interpreter, tmp_path: Path, isolation: Isolation
) -> None:
    source = f"""
pid = os.fork()
if pid == 0:
    time.sleep(60)
open({str(tmp_path / "pid")!r}, 'w').write(str(pid))
return {{}}
"""
    assert run_fake(make_case(), here, tmp_path, source, isolation).judgement.verdict == "pass"
    child = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_run_never_takes_its_neighbour_along(make_case: MakeCase, here: Interpreter, tmp_path: Path) -> None:
    source = "if keywords['mod_name'] == 'killer': os.kill(os.getppid(), 9)\nreturn {}"
    killer = make_case(run={"call": "run_module", "arguments": {"mod_name": "killer"}})
    with Executor(module_subject(here, tmp_path, source), "fork", SHORT) as executor:
        first, killed, after = (result(case, executor) for case in (make_case(), killer, make_case()))
    assert first.judgement.verdict == "pass"
    assert killed.judgement.verdict == "error" and "gone" in str(killed.judgement.reason)
    assert after.judgement.verdict == "pass"


@BOTH_WAYS
@pytest.mark.parametrize("source", ["import nothing_of_that_name", "raise SystemExit(3)", "x = ("])
def test_a_module_that_cannot_be_imported_is_an_error(
    make_case: MakeCase, here: Interpreter, tmp_path: Path, isolation: Isolation, source: str
) -> None:
    (tmp_path / "fake.py").write_text(source, encoding="utf-8")
    subject = Subject("fake", "module", here, "module:fake@x", module="fake", pythonpath=(str(tmp_path),))
    with Executor(subject, isolation) as executor:
        seen = result(make_case(), executor)
    assert seen.judgement.verdict == "error"
    assert "does not start" in str(seen.judgement.reason)


def test_a_module_without_the_two_functions_is_an_error(make_case: MakeCase, here: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "fake.py").write_text("def run_module(): pass", encoding="utf-8")
    subject = Subject("fake", "module", here, "module:fake@x", module="fake", pythonpath=(str(tmp_path),))
    with Executor(subject) as executor:
        assert "run_path" in str(result(make_case(), executor).judgement.reason)


def test_an_interpreter_that_is_not_there_is_an_error(make_case: MakeCase, here: Interpreter) -> None:
    from msgspec.structs import replace

    subject = Subject("gone", "interpreter", replace(here, path="/nowhere/python"), "python:/nowhere/python")
    command = make_case(run={"command": {"module": "m"}})
    with Executor(subject) as executor:
        for case in (make_case(), command):
            assert result(case, executor).judgement.verdict == "error"


@BOTH_WAYS
def test_what_is_seen_of_a_call(make_case: MakeCase, pythons: tuple[Interpreter, ...], isolation: Isolation) -> None:
    case = make_case(
        files={"m.py": "import sys\nprint('out')\nsys.stderr.write('err')\nvalue = [1, None, u'\\xe9', (2.5, True)]\n"},
        run={
            "call": "run_module",
            "arguments": {"mod_name": "m", "init_globals": {"python": "{'given': given}"}},
            "setup": "given = 3",
            "argv": ["caller", "x"],
            "environment": {"NAME": "{root}"},
        },
        observe={"m.py": {"name": "__name__", "file": "__file__", "wrong": "1 / 0", "kind": "sys"}},
        after={"same": "given is result['given']", "env": "__import__('os').environ['NAME']", "argv": "list(sys.argv)"}
        | {"argv": "__import__('sys').argv"},
        expect=[{"globals": {"value": 1, "given": 3, "gone": {"absent": True}}}],
    )
    for host in (pythons[0], pythons[-1]):
        with Executor(Subject("x", "interpreter", host, "python:x"), isolation) as executor:
            seen = executor.run(case).observation
        assert seen.outcome == "returned"
        assert seen.globals == {"value": [1, None, "é", [2.5, True]], "given": 3}
        assert {name: value for name, value in seen.observed.items() if name != "file"} == {
            "name": "m",
            "wrong": {"!raises": "ZeroDivisionError"},
            "kind": {"!object": "module"},
        }
        assert str(seen.observed["file"]).startswith("{root}/m.py")
        assert seen.after == {"same": True, "env": "{root}", "argv": ["caller", "x"]}
        assert (seen.stdout, seen.stderr) == ("out\n", "err")


def test_what_is_seen_of_a_command(make_case: MakeCase, pythons: tuple[Interpreter, ...]) -> None:
    case = make_case(
        files={"m.py": "import sys\nprint(sys.argv[1:])\nprint(sys.stdin.read())\nsys.exit(5)\n# observe\n"},
        run={"command": {"module": "m", "arguments": ["{root}", "-x"]}, "input": "hello"},
        expect=[{"status": 5}],
    )
    for host in (pythons[0], pythons[-1]):
        with Executor(Subject("x", "interpreter", host, "python:x")) as executor:
            seen = executor.run(case).observation
        assert (seen.outcome, seen.status, seen.stdout) == ("exited", 5, "['{root}', '-x']\nhello\n")


def test_the_environment_is_clean(make_case: MakeCase, here: Interpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    monkeypatch.setenv("SECRET", "1")
    program = "import os\nprint(sorted(k for k in os.environ if k.startswith(('PYTHON', 'SECRET'))))\n"
    for run in ({"call": "run_module", "arguments": {"mod_name": "m"}}, {"command": {"module": "m"}}):
        with Executor(Subject("x", "interpreter", here, "python:x")) as executor:
            assert executor.run(make_case(files={"m.py": program}, run=run)).observation.stdout == "[]\n"


@BOTH_WAYS
def test_one_case_does_not_show_in_another(make_case: MakeCase, here: Interpreter, isolation: Isolation) -> None:
    messy = make_case(
        files={
            "m.py": "import sys, os, warnings, m_helper\nsys.path.append('x')\nos.environ['MESS'] = '1'\n"
            "warnings.simplefilter('error')\nsys.modules['json'] = None\n",
            "m_helper.py": "",
        },
    )
    tidy = make_case(
        files={
            "m.py": "import sys, os\nfrom json import loads\n"
            "seen = ['x' in sys.path, 'MESS' in os.environ, 'm_helper' in sys.modules]\n"
        },
        expect=[{"globals": {"seen": [False, False, False]}}],
    )
    with Executor(Subject("x", "interpreter", here, "python:x"), isolation) as executor:
        assert [result(case, executor).judgement.verdict for case in (messy, tidy)] == ["pass", "pass"]


def test_no_case_is_met_by_what_its_caller_raises_before_the_call(make_case: MakeCase, here: Interpreter) -> None:
    expected = [{"outcome": "raised", "error": {"type": "ZeroDivisionError"}}]
    case = make_case(run={"call": "run_module", "setup": "1 / 0"}, expect=expected)
    with Executor(Subject("x", "interpreter", here, "python:x")) as executor:
        seen = result(case, executor)
    assert seen.judgement.verdict == "fail"
    assert seen.observation is not None
    assert (seen.observation.outcome, seen.observation.error["type"]) == ("raised-before", "ZeroDivisionError")


def test_time_is_accounted_for(make_case: MakeCase, here: Interpreter) -> None:
    with Executor(Subject("x", "interpreter", here, "python:x")) as executor:
        executor.run(make_case())
        executor.run(make_case(run={"command": {"module": "m"}}))
        start, fork = executor.bare()
        counts = executor.counts
    assert (counts.runs, counts.starts, counts.forks) == (2, 2, 1)
    assert counts.executing > 0
    assert start > 0
    assert fork > 0


def test_nothing_is_left_behind(
    make_case: MakeCase, here: Interpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    program = "import os\nos.mkdir('locked')\nopen('locked/x', 'w').close()\nos.chmod('locked', 0)\n"
    with Executor(Subject("x", "interpreter", here, "python:x")) as executor:
        executor.run(make_case(files={"m.py": program}))
        executor.run(make_case(files={"m.py": program}, run={"command": {"module": "m"}}))
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_is_no_dictionary_has_no_entries(tmp_path: Path, make_case: MakeCase, here: Interpreter) -> None:
    (tmp_path / "nothing.py").write_text("def run_module(*given, **named): pass\nrun_path = run_module\n")
    [subject] = Selector(tmp_path, pythonpath=[tmp_path]).select([f"module:nothing@{here.path}"])
    case = make_case(expect=[{"outcome": "returned", "globals": {"value": 1}}])
    with Executor(subject) as executor:
        seen = executor.run(case).observation
    assert (seen.outcome, seen.globals) == ("returned", {})
