"""One run from start to end: session, pytest, record."""

import datetime
import platform
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance import __version__, results, session
from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.executor import Counts, Executor, Isolation
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.model.result import Footer, Header, Result, Timing
from runpy_conformance.model.subject import Subject
from runpy_conformance.session import Session

INTERRUPTED = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
_INI = "[pytest]\naddopts =\n"


class BadRun(Exception):
    """A run that cannot be started or gone on with; the text says why."""


class Plan(Struct, frozen=True):
    """What to run, and how."""

    corpus: Corpus
    subjects: tuple[Subject, ...]
    path: Path
    """Of the file of results."""
    cases: tuple[str, ...] | None = None
    isolation: Isolation = "fork"
    limits: Limits = Limits()
    resume: bool = False
    pytest_arguments: tuple[str, ...] = ()


def run(plan: Plan) -> results.Results:
    """Carries out *plan* and returns the record, which is also at ``plan.path``.

    The record has no footer if the run was interrupted. Raises `BadRun` if there is nothing to run or to go on with,
    or pytest does not accept its arguments.
    """
    begin = time.perf_counter()
    earlier = _earlier(plan) if plan.resume else ()
    results.begin(plan.path, _header(plan), earlier)
    with tempfile.TemporaryDirectory(prefix="runpy-") as name:
        folder = Path(name)
        (folder / "timings").mkdir()
        (folder / "pytest.ini").write_text(_INI, encoding="utf-8")
        session.write(
            Session(
                str(plan.corpus.root),
                plan.subjects,
                plan.isolation,
                plan.limits,
                str(plan.path.resolve()),
                str(folder / "timings"),
                plan.cases,
                tuple((one.case, one.subject) for one in earlier),
            ),
            folder / "session.json",
        )
        status = pytest.main(_words(plan, folder))
        if status == pytest.ExitCode.USAGE_ERROR:
            raise BadRun("pytest does not accept these arguments: " + " ".join(plan.pytest_arguments))
        record = results.read(plan.path)
        if not record.results and status == pytest.ExitCode.NO_TESTS_COLLECTED:
            raise BadRun("no case was run: none is chosen")
        if status not in INTERRUPTED or _stopped_at_failure(plan, record.results):
            timing = _timing(plan, _counts(folder / "timings"), time.perf_counter() - begin)
            footer = Footer(_now(), len(record.results), timing)
            results.append(plan.path, footer)
            record = replace(record, footer=footer)
    return record


def _stopped_at_failure(plan: Plan, taken: Iterable[Result]) -> bool:
    """Whether the run ended early because that was asked for; pytest-xdist calls this, too, an interruption."""
    return "-x" in plan.pytest_arguments and any(not result.acceptable for result in taken)


def _words(plan: Plan, folder: Path) -> list[str]:
    cases = plan.corpus.root / "cases"
    chosen = [plan.corpus.cases[name] for name in plan.cases] if plan.cases is not None else []
    return [
        *(sorted(case.file for case in chosen) if 0 < len(chosen) <= 100 else [str(cases)]),
        *("-c", str(folder / "pytest.ini"), "--rootdir", str(plan.corpus.root)),
        *("-o", f"cache_dir={(Path.cwd() / '.runpy-conformance').resolve()}"),
        *("-p", "runpy_conformance.pytest_plugin", "-p", "no:randomly", "-p", "no:cov", "-p", "no:hypothesispytest"),
        *("-p", "no:doctest", "-p", "no:warnings"),
        *("--conformance-session", str(folder / "session.json")),
        *("-q", "--show-capture=no", "--color=auto", *_shown(plan)),
        *plan.pytest_arguments,
    ]


def _shown(plan: Plan) -> tuple[str, ...]:
    """How failures are shown as they come: in full, or, of a whole run of another implementation, by the summary."""
    expects_many = plan.cases is None and any(subject.manifest is not None for subject in plan.subjects)
    return ("-rN", "--tb=no") if expects_many else ("-rfE",)


def _earlier(plan: Plan) -> tuple[Result, ...]:
    if not plan.path.exists():
        raise BadRun(f"{plan.path}: there is no run to go on with")
    record = results.read(plan.path)
    if record.header.corpus != plan.corpus.digest:
        raise BadRun(f"{plan.path}: the specification or the cases have changed since; start a new run")
    names = {subject.id for subject in plan.subjects}
    return tuple(one for one in record.results if one.subject in names)


def _header(plan: Plan) -> Header:
    return Header(
        __version__,
        plan.corpus.digest,
        _now(),
        f"{platform.system()} {platform.machine()}",
        plan.isolation,
        plan.subjects,
        len(plan.corpus.cases) if plan.cases is None else len(plan.cases),
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _counts(folder: Path) -> dict[str, Counts]:
    """What the processes of a run counted, for each subject, added up."""
    total: dict[str, Counts] = {}
    for path in folder.glob("*.json"):
        for name, part in msgspec.json.decode(path.read_bytes(), type=dict[str, Counts]).items():
            total[name] = total[name] + part if name in total else part
    return total


def _timing(plan: Plan, counts: dict[str, Counts], wall: float) -> Timing:
    """Where the time went. Bare starts and forks of each subject are measured now, and multiplied."""
    start_seconds = fork_seconds = 0.0
    for subject in plan.subjects:
        if subject.id in counts:
            with Executor(subject) as executor:
                start, fork = executor.bare()
            start_seconds += start * counts[subject.id].starts
            fork_seconds += fork * counts[subject.id].forks
    return Timing(
        round(wall, 3),
        round(sum(one.executing for one in counts.values()), 3),
        sum(one.runs for one in counts.values()),
        sum(one.starts for one in counts.values()),
        sum(one.forks for one in counts.values()),
        round(start_seconds, 3),
        round(fork_seconds, 3),
    )


def parse_pytest(
    keyword: str | None, first: bool, last_failed: bool, processes: str | None, quiet: int, more: Sequence[str]
) -> tuple[str, ...]:
    """The arguments for pytest that the options of ``run`` stand for."""
    words: list[str] = []
    if keyword is not None:
        words += ["-k", keyword]
    if first:
        words.append("-x")
    if last_failed:
        words.append("--lf")
    if processes is not None:
        words += ["-n", processes]
    return (*words, *["-q"] * quiet, *more)
