"""Case × subject → observation."""

import os
import statistics
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal, Self

from msgspec import Struct

from runpy_conformance.execution import observed
from runpy_conformance.execution.agent_process import Agent, AgentGone
from runpy_conformance.execution.materialise import BadCase, Writer
from runpy_conformance.execution.normalise import normaliser
from runpy_conformance.execution.observed import NoObservation, Seen
from runpy_conformance.execution.process import LOOK, flooded, limit_memory, wait
from runpy_conformance.execution.sandbox import DEFAULT_LIMITS, Limits, Sandbox, end_group, sandbox
from runpy_conformance.model.case import Case, Command
from runpy_conformance.model.subject import Subject

Isolation = Literal["fork", "fresh"]
"""``fork``: call cases in children of a warm process, where the platform can. ``fresh``: each in a new process."""

_SAMPLES = 3


class Counts(Struct):
    """What was started so far."""

    runs: int = 0
    starts: int = 0
    forks: int = 0
    executing: float = 0.0
    """Seconds."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.runs + other.runs,
            self.starts + other.starts,
            self.forks + other.forks,
            self.executing + other.executing,
        )


class Executor:
    """Runs cases on one subject. Use as a context manager: it ends the agent that it keeps."""

    def __init__(self, subject: Subject, isolation: Isolation = "fork", limits: Limits = DEFAULT_LIMITS) -> None:
        self.subject = subject
        self.isolation = isolation
        self.limits = limits
        self.counts = Counts()
        self._agent: Agent | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Ends the agent, if there is one; the next call starts another."""
        if self._agent is not None:
            self._agent.end()
            self._agent = None

    def run(self, case: Case) -> Seen:
        """Runs *case* once. Raises `NoObservation` if that cannot be done."""
        begin = time.perf_counter()
        with sandbox() as place:
            try:
                Writer(case, place.root, place.observed, self._compile, self.subject.host.cache_tag).write()
            except (BadCase, OSError) as problem:
                raise NoObservation(f"the case's files cannot be written: {problem}") from None
            end = self._call(case, place) if case.run.call else self._command(case, place)
            seen = observed.observation(place, end, normaliser(self.subject, place), self.limits)
        self.counts.runs += 1
        self.counts.executing += time.perf_counter() - begin
        return seen

    def bare(self) -> tuple[float, float]:
        """Seconds of a bare start and of a bare fork: the medians of a few; 0 for a fork where there is none."""
        with sandbox() as place:
            environment = place.environment({})
            starts = []
            for _ in range(_SAMPLES):
                begin = time.perf_counter()
                subprocess.run([self.subject.host.path, "-c", "pass"], env=environment, cwd=place.root, check=False)
                starts.append(time.perf_counter() - begin)
        forks = [0.0]
        with suppress(NoObservation, TimeoutError):
            agent = self._warm_agent()
            if agent.can_fork:
                forks = [agent.bare_fork() for _ in range(_SAMPLES)]
        return statistics.median(starts), statistics.median(forks)

    # The agent

    def _new_agent(self) -> Agent:
        self.counts.starts += 1
        with sandbox() as place:
            try:
                return Agent(self.subject, place.environment({}))
            except TimeoutError:
                raise NoObservation("the subject's agent does not start in time") from None
            except NoObservation as problem:
                raise NoObservation(f"the subject's agent does not start: {problem}") from None

    def _warm_agent(self) -> Agent:
        if self._agent is None:
            self._agent = self._new_agent()
        return self._agent

    def _compile(self, source: bytes, name: str, magic: str) -> bytes:
        try:
            return self._warm_agent().compile(source, name, magic)
        except (AgentGone, TimeoutError):
            self.end()
            raise

    # Call cases

    def _call(self, case: Case, place: Sandbox) -> dict[str, Any]:
        request = call_request(case, place, self.limits)
        forking = self.isolation == "fork" and self._warm_agent().can_fork
        status, limit = (self._forked if forking else self._fresh)(request, place)
        if place.failure.exists():
            raise NoObservation(f"the call could not be made: {place.failure.read_text('utf-8', 'replace')}")
        if status == 0 and limit is None and place.observation.exists():
            return observed.read_json(place.observation.read_text(encoding="ascii"))
        return observed.ending(status, limit)

    def _forked(self, request: dict[str, Any], place: Sandbox) -> tuple[int | None, str | None]:
        agent = self._warm_agent()
        self.counts.forks += 1
        deadline = time.monotonic() + self.limits.seconds
        limit: str | None = None
        try:
            agent.send({"op": "call", **request})
            pid = int(agent.receive(self.limits.seconds)["pid"])
            while True:
                try:
                    status = int(agent.receive(LOOK)["status"])
                    break
                except TimeoutError:
                    if flooded((place.stdout, place.stderr), self.limits):
                        limit = "flooded"
                    elif time.monotonic() > deadline + LOOK:
                        limit = limit or "timed-out"
                    if limit is not None:
                        end_group(pid)
            end_group(pid)
        except (AgentGone, TimeoutError) as problem:
            self.end()
            raise NoObservation(f"the agent that the call was forked from is gone: {problem}") from None
        if limit is None and flooded((place.stdout, place.stderr), self.limits):
            limit = "flooded"
        return os.waitstatus_to_exitcode(status), limit

    def _fresh(self, request: dict[str, Any], place: Sandbox) -> tuple[int | None, str | None]:
        agent = self._new_agent()
        try:
            agent.send({"op": "become", **request})
            limit = wait(agent.process, (place.stdout, place.stderr), self.limits)
            return agent.process.returncode, limit
        finally:
            agent.end()

    # Command cases

    def _command(self, case: Case, place: Sandbox) -> dict[str, Any]:
        assert case.run.command is not None
        self.counts.starts += 1
        given = case.run.command.stdin if case.run.command.stdin is not None else case.run.input
        stdin = place.private / "stdin"
        stdin.write_bytes(fill(given, place).encode("utf-8"))
        with stdin.open("rb") as source, place.stdout.open("ab") as out, place.stderr.open("ab") as err:
            try:
                process = subprocess.Popen(
                    [fill(word, place) for word in command_words(self.subject, case.run.command)],
                    stdin=source,
                    stdout=out,
                    stderr=err,
                    cwd=place.root / case.run.directory,
                    env=place.environment(filled(case.run.environment, place)),
                    start_new_session=True,
                )
            except OSError as problem:
                raise NoObservation(f"{self.subject.host.path} cannot be started: {problem}") from None
        limit_memory(process.pid, self.limits)
        limit = wait(process, (place.stdout, place.stderr), self.limits)
        end_group(process.pid)
        return observed.ending(process.returncode, limit)


def command_words(subject: Subject, command: Command) -> list[str]:
    """The command line that runs *command* on *subject*, ``{root}`` not yet filled in."""
    if command.line is not None:
        return [subject.host.path, *command.line]
    return [subject.host.path, *command.options, *subject.launcher, *command.program, *command.arguments]


def call_request(case: Case, place: Sandbox, limits: Limits) -> dict[str, Any]:
    """What the agent is to do for a call case."""
    run = case.run
    wanted = {name for block in (*case.expect, case.documented) if block is not None for name in block.globals}
    return {
        "call": run.call,
        "positional": filled(list(run.positional), place),
        "arguments": filled(run.arguments, place),
        "setup": fill(run.setup, place),
        "argv": filled(list(run.argv), place),
        "path": filled(list(run.path), place),
        "directory": str(place.root / run.directory),
        "environment": place.environment(filled(run.environment, place)),
        "globals": sorted(wanted),
        "after": [[name, fill(expression, place)] for name, expression in case.after.items()],
        "root": str(place.root),
        "stdout": str(place.stdout),
        "stderr": str(place.stderr),
        "observation": str(place.observation),
        "failure": str(place.failure),
        "memory": limits.memory,
        "cpu": limits.processor,
    }


def fill(text: str, place: Sandbox) -> str:
    """*text* with ``{root}`` filled in."""
    return text.replace("{root}", str(place.root))


def filled(value: Any, place: Sandbox) -> Any:
    """*value* with ``{root}`` filled in, in all strings inside."""
    if isinstance(value, str):
        return fill(value, place)
    if isinstance(value, (list, tuple)):
        return [filled(item, place) for item in value]
    if isinstance(value, Mapping):
        return {key: filled(item, place) for key, item in value.items()}
    return value
