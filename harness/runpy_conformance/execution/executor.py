"""Case × subject → observation."""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from msgspec import Struct

from runpy_conformance.commands import command_words
from runpy_conformance.execution import observed
from runpy_conformance.execution.agent_process import Agent, AgentGone
from runpy_conformance.execution.materialise import BadCase, Writer
from runpy_conformance.execution.normalise import normaliser
from runpy_conformance.execution.observed import NoObservation, Seen
from runpy_conformance.execution.process import LOOK, flooded, wait
from runpy_conformance.execution.sandbox import DEFAULT_LIMITS, Limits, Sandbox, end_group, sandbox
from runpy_conformance.execution.starters import Ending, Processes, Server, Start, Starter
from runpy_conformance.model.case import Case
from runpy_conformance.model.subject import Subject

Isolation = Literal["fork", "fresh", "plain"]
"""How calls are made. ``fork``: in children of a warm process, where the platform can. ``fresh``: each in a new one.

``plain``: each by a script that a command starts, as it must be where an interpreter lacks what the agent needs.
"""

ONCE = Path(__file__).with_name("once.py")

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
        self.isolation = "plain" if subject.host.plain or subject.server else isolation
        self.limits = limits.of(subject)
        self.counts = Counts()
        self._agent: Agent | None = None
        self._starter: Starter = Server(subject.server, len(subject.host.words)) if subject.server else Processes()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Ends agent and server, if there are any; the next run starts others."""
        self._starter.end()
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
        """Seconds of a bare start and of a bare fork: the medians of a few; 0 for what is not done."""
        with sandbox() as place:
            start = Start((*self.subject.host.words, "-c", "pass"), place.root, place.environment({}))
            starts = []
            for _ in range(_SAMPLES):
                begin = time.perf_counter()
                self._starter.run(start, place, self.limits)
                starts.append(time.perf_counter() - begin)
        forks = [0.0]
        if self.isolation == "fork":
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
                return Agent(self.subject, place.environment(self._variables(place)))
            except TimeoutError:
                raise NoObservation("the subject's agent does not start in time") from None
            except NoObservation as problem:
                raise NoObservation(f"the subject's agent does not start: {problem}") from None

    def _warm_agent(self) -> Agent:
        if self._agent is None:
            self._agent = self._new_agent()
        return self._agent

    def _compile(self, source: bytes, name: str, magic: str) -> bytes:
        if self.isolation == "plain":
            return self._plain_compile(source, name, magic)
        try:
            return self._warm_agent().compile(source, name, magic)
        except (AgentGone, TimeoutError):
            self.end()
            raise

    # Call cases

    def _call(self, case: Case, place: Sandbox) -> dict[str, Any]:
        request = call_request(case, place, self.limits, self._variables(place))
        status, limit = self._maker()(request, place)
        if place.failure.exists():
            raise NoObservation(f"the call could not be made: {place.failure.read_text('utf-8', 'replace')}")
        if status == 0 and limit is None and place.observation.exists():
            return observed.read_json(place.observation.read_text(encoding="ascii"))
        return observed.ending(status, limit)

    def _maker(self) -> Callable[[dict[str, Any], Sandbox], Ending]:
        if self.isolation == "plain":
            return self._plain
        return self._forked if self.isolation == "fork" and self._warm_agent().can_fork else self._fresh

    def _forked(self, request: dict[str, Any], place: Sandbox) -> Ending:
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

    def _fresh(self, request: dict[str, Any], place: Sandbox) -> Ending:
        agent = self._new_agent()
        try:
            agent.send({"op": "become", **request})
            limit = wait(agent.process, (place.stdout, place.stderr), self.limits)
            return agent.process.returncode, limit
        finally:
            agent.end()

    def _plain(self, request: dict[str, Any], place: Sandbox) -> Ending:
        return self._once({**request, "op": "call"}, place, Path(request["directory"]), request["environment"])

    def _plain_compile(self, source: bytes, name: str, magic: str) -> bytes:
        with sandbox() as place:
            target = place.private / "compiled"
            request = {"op": "compile", "source": source.decode("latin-1"), "name": name, "magic": magic}
            self._once({**request, "target": str(target)}, place, place.root, place.environment({}))
            if not target.exists():
                why = place.failure if place.failure.exists() else place.stderr
                raise NoObservation(f"{name} cannot be compiled: {why.read_text('utf-8', 'replace').strip()}")
            return target.read_bytes()

    def _once(self, request: dict[str, Any], place: Sandbox, directory: Path, environment: Mapping[str, str]) -> Ending:
        """Has the script for plain calls carry out *request*."""
        own = {
            "module": self.subject.module,
            "pythonpath": list(self.subject.pythonpath),
            "failure": str(place.failure),
        }
        place.request.write_text(ascii({**request, **own}), encoding="ascii")
        self.counts.starts += 1
        start = Start((*self.subject.host.words, str(ONCE), str(place.request)), directory, environment)
        return self._starter.run(start, place, self.limits)

    # Command cases

    def _command(self, case: Case, place: Sandbox) -> dict[str, Any]:
        assert case.run.command is not None
        self.counts.starts += 1
        given = case.run.command.stdin if case.run.command.stdin is not None else case.run.input
        place.stdin.write_bytes(fill(given, place).encode("utf-8"))
        words = [fill(word, place) for word in command_words(self.subject, case, str(place.scratch))]
        variables = {**self._variables(place), **filled(case.run.environment, place)}
        start = Start(words, place.root / case.run.directory, place.environment(variables))
        return observed.ending(*self._starter.run(start, place, self.limits))

    def _variables(self, place: Sandbox) -> dict[str, str]:
        """The environment variables that the subject needs. Makes its scratch folder where it may be used."""
        if self.subject.manifest is not None:
            place.scratch.mkdir(exist_ok=True)
        return {name: text.replace("{scratch}", str(place.scratch)) for name, text in self.subject.variables.items()}


def call_request(case: Case, place: Sandbox, limits: Limits, variables: Mapping[str, str]) -> dict[str, Any]:
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
        "environment": place.environment({**variables, **filled(run.environment, place)}),
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
