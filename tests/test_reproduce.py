"""Folders for bug reports: what they hold, and that their scripts say what the suite says."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import MakeCase, executable
from conftest import subject as made_up
from runpy_conformance.cli import app
from runpy_conformance.corpus import Corpus, default_root
from runpy_conformance.judge import applicable, excluded
from runpy_conformance.matching import MISSING, matches
from runpy_conformance.model.case import Case
from runpy_conformance.model.observation import flatten
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.report.conditions import NOTHING, condition, literal, raw
from runpy_conformance.report.plain_program import NotPlain, check
from runpy_conformance.report.reproduction import reproduction, write
from runpy_conformance.report.same_rules import same_rules
from runpy_conformance.subjects import kinds
from runpy_conformance.subjects.selection import Selector
from typer.testing import CliRunner

WRONG = default_root() / "tests/wrong"
REFERENCE = default_root() / "reference"


def done(folder: Path, script: str = "reproduce.py", *words: str) -> "subprocess.CompletedProcess[str]":
    """Runs a script of *folder* from elsewhere, and returns what came of it."""
    command = [sys.executable] if script.endswith(".py") else ["sh"]
    return subprocess.run(
        [*command, str(folder / script), *words], cwd="/", capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def newest(pythons: tuple[Interpreter, ...]) -> Subject:
    """The newest CPython of this machine."""
    return kinds.interpreter(max(pythons, key=lambda one: one.release_numbers))


def shown(corpus: Corpus, name: str, subject: Subject, folder: Path) -> Path:
    write(reproduction(corpus.cases[name], subject, corpus, folder), folder)
    return folder


# What differs between cases

VARIED = (
    "dash-m-arguments-are-not-changed",
    "dash-m-attributes-agree-with-spec",
    "dash-m-bytecode-cache-is-no-module",
    "dash-m-bytecode-in-zip",
    "dash-m-main-by-name-fails",
    "dash-m-missing-submodule-error",
    "dash-m-name-within-cluster",
    "dash-m-orig-argv-keeps-spelling",
    "dash-m-traceback-shows-runpy",
    "dash-m-warning-names-file",
    "dash-m-writes-bytecode-cache",
    "dash-c-argv-clustered",
    "dash-c-safe-path-option",
    "entry-archive-compiled-main",
    "entry-directory-runs-main",
    "exit-interrupt-with-own-handler",
    "exit-status-huge-integer",
    "run-module-alter-sys-argv-rebound",
    "run-module-alter-sys-empty-argv",
    "run-module-alter-sys-restores-on-error",
    "run-module-archive-stale-bytecode",
    "run-module-cached-only-in-spec",
    "run-module-empty-path-entry",
    "run-module-file-in-archive",
    "run-module-file-relative-entry",
    "run-module-finder-type-error",
    "run-module-init-globals-not-modified",
    "run-module-not-from-current-directory",
    "run-module-package-runs-main",
    "run-module-result-special-globals-changed",
    "run-module-very-deep-package-in-archive",
    "run-module-warns-of-second-run",
    "run-path-empty-string-runs-current-directory",
    "run-path-null-importer",
    "run-path-script-cached-is-none",
    "run-path-sys-argv-emptied",
    "run-path-traceback-frames",
    "script-link-chain-resolved-on-path",
    "zipapp-command-compress",
)


def kinds_of(corpus: Corpus, feature: str) -> Iterator[Case]:
    """Cases of one more kind: their input or environment is given, or they are killed."""
    for case in corpus.cases.values():
        killed = any(block.signal for block in case.expect)
        if killed if feature == "killed" else case.run.command and getattr(case.run, feature):
            yield case


@pytest.mark.parametrize("name", VARIED)
def test_a_sound_interpreter_does_what_is_expected(name: str, corpus: Corpus, newest: Subject, tmp_path: Path) -> None:
    ran = done(shown(corpus, name, newest, tmp_path / name))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "WRONG" not in ran.stdout.partition("\nCPython")[0]
    assert corpus.cases[name].title in " ".join(ran.stdout.split())


@pytest.mark.parametrize("feature", ["input", "environment", "killed"])
def test_input_environment_and_signals_are_as_in_the_suite(
    feature: str, corpus: Corpus, newest: Subject, tmp_path: Path
) -> None:
    found = [one for one in kinds_of(corpus, feature) if excluded(one, newest) is None]
    for case in found[::5][:3]:
        ran = done(shown(corpus, case.id, newest, tmp_path / case.id))
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("how", ["module", "runpy"])
def test_a_wrong_implementation_is_told_from_a_sound_one(
    how: str, corpus: Corpus, newest: Subject, tmp_path: Path
) -> None:
    spelling = {
        "module": f"module:run_name_ignored@{newest.host.path}",
        "runpy": f"runpy:{tmp_path / 'runpy.py'}@{newest.host.path}",
    }[how]
    sound = Path(newest.host.stdlib, "runpy.py").read_text(encoding="utf-8")
    broken = sound.replace("    if run_name is None:\n        run_name = mod_name", "    run_name = mod_name")
    assert broken != sound
    (tmp_path / "runpy.py").write_text(broken, encoding="utf-8")
    folder = tmp_path / "report"
    (folder / "subject").mkdir(parents=True)
    [subject] = Selector(folder / "subject", pythonpath=[WRONG, REFERENCE]).select([spelling])
    ran = done(shown(corpus, "run-module-name-is-run-name", subject, folder))
    assert ran.returncode == 1, ran.stdout + ran.stderr
    of_subject, _, of_cpython = ran.stdout.partition("\nCPython")
    assert "WRONG" in of_subject
    assert "WRONG" not in of_cpython


def test_a_command_that_does_not_start_is_no_verdict(corpus: Corpus, newest: Subject, tmp_path: Path) -> None:
    folder = shown(corpus, "run-module-package-runs-main", newest, tmp_path / "report")
    assert done(folder, "reproduce.py", str(tmp_path / "nowhere")).returncode == 2


@pytest.mark.parametrize(
    "name", ["entry-archive-compiled-main", "run-module-file-in-archive", "dash-m-writes-bytecode-cache"]
)
def test_the_folder_can_be_moved(name: str, corpus: Corpus, newest: Subject, tmp_path: Path) -> None:
    moved = tmp_path / "else where/it's"
    moved.parent.mkdir()
    shutil.move(shown(corpus, name, newest, tmp_path / "report"), moved)
    ran = done(moved)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_program_stays_as_it_was_written(corpus: Corpus, newest: Subject, tmp_path: Path) -> None:
    folder = shown(corpus, "dash-m-writes-bytecode-cache", newest, tmp_path / "report")
    before = sorted(folder.rglob("*"))
    assert done(folder).returncode == 0
    assert sorted(folder.rglob("*")) == before


def test_what_is_not_looked_at_is_written_verbatim(corpus: Corpus, newest: Subject, tmp_path: Path) -> None:
    case = corpus.cases["dash-m-arguments-are-not-changed"]
    folder = shown(corpus, case.id, newest, tmp_path)
    unobserved = {name: text for name, text in case.files.items() if name not in case.observe}
    for name, text in unobserved.items():
        assert isinstance(text, str)
        assert (folder / "program" / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "name", ["run-module-package-runs-main", "entry-archive-compiled-main", "run-module-file-in-archive"]
)
def test_the_shell_script_shows_the_same_and_ends_alike(
    name: str, corpus: Corpus, newest: Subject, tmp_path: Path
) -> None:
    ran = done(shown(corpus, name, newest, tmp_path), "reproduce.sh", newest.host.path, newest.host.path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    seen = ran.stdout.partition("\nCPython")[0]
    for field, _ in flatten(corpus.cases[name].expect[0]):
        assert field == "outcome" or re.search(
            rf"^{re.escape(field)} = |^  ok +{re.escape(field)}$", seen, re.MULTILINE
        )


# All cases


def test_every_case_is_written_as_python_without_a_word_of_the_suite(
    corpus: Corpus, newest: Subject, tmp_path: Path
) -> None:
    harness = str(default_root() / "harness")
    refused: dict[str, str] = {}
    for case in corpus.cases.values():
        if excluded(case, newest) is None and applicable(case, newest.environment):
            try:
                texts = reproduction(case, newest, corpus, tmp_path).texts
            except NotPlain as problem:
                refused[case.id] = str(problem)
                continue
            for name, text in texts.items():
                assert harness not in text
                if name.endswith(".py"):
                    compile(text.encode("utf-8"), name, "exec")
            assert not re.search(r"\bprobe", texts["reproduce.py"].partition('"""')[2].partition('"""')[2])
    assert len(refused) <= len(corpus.cases) // 50, refused


def test_conditions_agree_with_the_matchers(corpus: Corpus) -> None:
    values = [None, True, False, 0, 1, 1.0, "", "text", "{root}/mod.py", [], ["a"], ["a", 1], {}, {"a": 1}]
    for case in corpus.cases.values():
        for block in case.expect:
            for name, expected in flatten(block):
                for value in (*values, MISSING, expected):
                    if isinstance(value, dict) and value is expected:
                        continue
                    seen = NOTHING if value is MISSING else value
                    assert holds(condition(expected), seen) == matches(expected, value), (case.id, name, value)


def holds(text: str, value: object) -> bool:
    try:
        return bool(eval(text, {"re": re, "value": value}))
    except (TypeError, LookupError):
        return False


def test_literals_are_read_as_the_values_that_they_are_of() -> None:
    texts = ["it's", 'a "b"', "'\"", "a\nb\\", "\xe9\udc80\U0001f600", r"\d", r"\d'", r'\d"', r"""\d"'x""", ""]
    for value in [*texts, b"\xff\0'", (), (1,), [None, {"a": ("b", 2)}]]:
        assert eval(literal(value)) == value
    for text in texts:
        assert eval(raw(text)) == text


def test_the_versions_that_do_the_same_are_named(make_case: MakeCase) -> None:
    lines = {"3.8": (0, 2), "3.9": (0, 6), "3.10": (0, 1)}
    case = make_case(
        expect=[
            {"outcome": "returned"},
            {"outcome": "raised", "when": "python_full_version >= '3.8.1' and python_version < '3.10'"},
        ]
    )
    assert same_rules(case, 0, lines) == "version < (3, 8, 1) or version >= (3, 10)"
    assert same_rules(case, 1, lines) == "(3, 8, 1) <= version < (3, 10)"
    assert same_rules(make_case(), 0, lines) is None
    assert same_rules(make_case(when="python_version < '3'"), 0, lines) == "False"


def test_other_rules_are_said_of_another_version(corpus: Corpus, newest: Subject, tmp_path: Path) -> None:
    executable(tmp_path / "old", "#!/bin/sh\necho '(2, 6, 0)'\n")
    folder = shown(corpus, "run-module-finder-type-error", newest, tmp_path / "report")
    ran = done(folder, "reproduce.py", newest.host.path, str(tmp_path / "old"))
    assert ran.returncode == 0
    assert "is not run: this is expected where version >= (3, 6), and its version is (2, 6, 0)" in ran.stdout


# What is refused


def test_a_program_that_leaves_its_folder_is_refused(make_case: MakeCase) -> None:
    with pytest.raises(NotPlain, match="current directory"):
        check(make_case(files={"m.py": "import os; os.chdir('/')"}))


def test_a_case_that_is_not_for_the_subject_is_refused(corpus: Corpus, make_case: MakeCase, tmp_path: Path) -> None:
    with pytest.raises(NotPlain, match="the case is for"):
        reproduction(make_case(when="python_version < '3'"), made_up(), corpus, tmp_path)
    with pytest.raises(NotPlain, match="expects nothing"):
        reproduction(make_case(expect=[]), made_up(), corpus, tmp_path)


# The command


def test_the_command_writes_into_an_empty_folder_only(newest: Subject, tmp_path: Path) -> None:
    words = ["reproduce", "run-module-package-runs-main", "--subject", f"python:{newest.host.path}", "--into"]
    assert CliRunner().invoke(app, [*words, str(tmp_path / "a/report")]).exit_code == 0
    assert {one.name for one in (tmp_path / "a/report").iterdir()} == {
        "program",
        "observe.py",
        "reproduce.py",
        "reproduce.sh",
    }
    assert os.access(tmp_path / "a/report/reproduce.sh", os.X_OK)
    again = CliRunner().invoke(app, [*words, str(tmp_path / "a/report")])
    assert again.exit_code == 2
    assert "there is something there already" in again.output


def test_the_command_says_why_it_cannot(newest: Subject, tmp_path: Path) -> None:
    words = ["--subject", f"python:{newest.host.path}", "--into", str(tmp_path / "report")]
    unknown = CliRunner().invoke(app, ["reproduce", "no-such-case", *words])
    moving = CliRunner().invoke(app, ["reproduce", "script-file-after-chdir", *words])
    assert (unknown.exit_code, moving.exit_code) == (2, 2)
    assert "there is no case 'no-such-case'" in unknown.output
    assert "changes its current directory" in moving.output
    assert not (tmp_path / "report").exists()
