"""The runner: cases as pytest items, one for each case and subject.

``runpy-conformance run`` starts pytest with this plugin and a session file. With pytest-xdist every worker reads the
same session, keeps agents of its own, and hands each result to the controller, the only one to write results.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from runpy_conformance import session as sessions
from runpy_conformance.corpus import load_case
from runpy_conformance.execution.batch import result as run_case
from runpy_conformance.execution.executor import Counts, Executor
from runpy_conformance.model.case import Case
from runpy_conformance.model.result import BAD, Result
from runpy_conformance.model.subject import Subject
from runpy_conformance.report.failure import failure_text
from runpy_conformance.results import append

OPTION = "--conformance-session"
PROPERTY = "runpy-conformance-result"
AGENTS = 3
"""How many subjects' agents a process keeps alive."""


class ConformanceFailure(Exception):
    """A case that failed on a subject."""

    def __init__(self, case: Case, subject: Subject, result: Result) -> None:
        super().__init__(f"{result.judgement.verdict}: {case.id} on {subject.id}")
        self.case, self.subject, self.result = case, subject, result


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, metavar="FILE", help="the session that runpy-conformance has written")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption(OPTION)
    if path is not None:
        config.pluginmanager.register(ConformancePlugin(config, sessions.read(Path(path))), "conformance")


class ConformancePlugin:
    """Collects and runs the items of one session."""

    def __init__(self, config: pytest.Config, session: sessions.Session) -> None:
        self.session = session
        self.root = Path(session.corpus)
        self.done = set(session.done)
        self.pool = Pool(session)
        self.worker = getattr(config, "workerinput", {}).get("workerid", "main")
        self.writes = self.worker == "main"

    # Collecting

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
        if file_path.suffix == ".toml" and file_path.parent.parent == self.root / "cases":
            wanted = self.session.cases
            if wanted is None or file_path.stem in wanted:
                return CaseFile.from_parent(parent, path=file_path, plugin=self)
        return None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = {subject.id: index for index, subject in enumerate(self.session.subjects)}
        items.sort(key=lambda item: order[item.subject.id] if isinstance(item, CaseItem) else -1)

    # Recording

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = carried(report)
        if self.writes and result is not None:
            append(Path(self.session.results), result)

    def pytest_sessionfinish(self) -> None:
        counts = self.pool.end()
        if counts:
            (Path(self.session.timings) / f"{self.worker}.json").write_bytes(msgspec.json.encode(counts))

    # Showing

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        result = carried(report) if report.skipped else None
        if result is None:
            return None
        verdict = result.judgement.verdict
        letter = {"unsupported": "u", "not-applicable": "-"}.get(verdict, "k")
        return ("known failure" if letter == "k" else verdict), letter, verdict.upper()


def carried(report: pytest.TestReport) -> Result | None:
    """The result that the report of a case's run carries; None for other reports."""
    values = [value for name, value in report.user_properties if name == PROPERTY and report.when == "call"]
    return msgspec.json.decode(str(values[0]), type=Result) if values else None


class Pool:
    """The executors of a process: at most `AGENTS` subjects at a time have an agent."""

    def __init__(self, session: sessions.Session) -> None:
        self.session = session
        self.executors: dict[str, Executor] = {}
        self.warm: list[str] = []

    def executor(self, subject: Subject) -> Executor:
        """The one for *subject*."""
        if subject.id not in self.executors:
            self.executors[subject.id] = Executor(subject, self.session.isolation, self.session.limits)
        if subject.id in self.warm:
            self.warm.remove(subject.id)
        self.warm.append(subject.id)
        while len(self.warm) > AGENTS:
            self.executors[self.warm.pop(0)].end()
        return self.executors[subject.id]

    def end(self) -> dict[str, Counts]:
        """Ends all agents; what each subject's executor counted."""
        for executor in self.executors.values():
            executor.end()
        return {name: executor.counts for name, executor in self.executors.items()}


class CaseFile(pytest.File):
    """A file of cases/: an item for each subject."""

    def __init__(self, *, plugin: ConformancePlugin, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.plugin = plugin

    def collect(self) -> Iterator["CaseItem"]:
        case = load_case(self.path)
        for subject in self.plugin.session.subjects:
            if (case.id, subject.id) not in self.plugin.done:
                yield CaseItem.from_parent(self, name=subject.id, case=case, subject=subject, plugin=self.plugin)


class CaseItem(pytest.Item):
    """A case on a subject."""

    def __init__(self, *, case: Case, subject: Subject, plugin: ConformancePlugin, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.case = case
        self.subject = subject
        self.plugin = plugin
        self.extra_keyword_matches.update((case.id, case.area, subject.kind, *case.cited))

    def runtest(self) -> None:
        result = run_case(self.case, self.plugin.pool.executor(self.subject))
        self.user_properties.append((PROPERTY, msgspec.json.encode(result).decode()))
        verdict = result.judgement.verdict
        if result.known is not None:
            pytest.skip(f"known failure: {result.known}")
        if verdict in BAD:
            raise ConformanceFailure(self.case, self.subject, result)
        if verdict in ("unsupported", "not-applicable"):
            pytest.skip(f"{verdict}: {result.judgement.reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ConformanceFailure):
            return failure_text(excinfo.value.case, excinfo.value.subject, excinfo.value.result)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.case.title} [{self.subject.id}]"
