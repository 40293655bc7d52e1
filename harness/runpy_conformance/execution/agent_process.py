"""The agent of a subject: starting it, asking it, ending it."""

import json
import queue
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from typing import Any

from runpy_conformance.execution.normalise import AGENT
from runpy_conformance.execution.observed import NoObservation
from runpy_conformance.execution.sandbox import end_group
from runpy_conformance.model.subject import Subject

_START = 30.0
"""Seconds that an agent may take to be ready."""


class AgentGone(NoObservation):
    """The agent ended, or did not answer."""


class Agent:
    """A process of the subject's interpreter that makes calls. Raises `NoObservation` if it cannot be made ready."""

    def __init__(self, subject: Subject, environment: dict[str, str]) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self.process = subprocess.Popen(
                [*subject.host.words, str(AGENT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env=environment,
                start_new_session=True,
            )
        except OSError as problem:
            self.errors.close()
            raise NoObservation(f"{subject.host.path} cannot be started: {problem.strerror}") from None
        self.lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self.send({"module": subject.module, "pythonpath": list(subject.pythonpath)})
        try:
            self.can_fork = bool(self.receive(_START)["fork"])
        except NoObservation:
            self.end()
            raise

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as answers:
            for line in answers:
                self.lines.put(line)
        self.lines.put(b"")

    def send(self, request: dict[str, Any]) -> None:
        """Asks for something. Raises `AgentGone`."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self.process.stdin.flush()
        except OSError as problem:
            raise AgentGone(f"the agent does not listen: {problem}") from None

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next answer.

        Raises `TimeoutError` if there is none in that time, `AgentGone` if the agent has ended, `NoObservation` if it
        says that it failed.
        """
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        if not line:
            raise AgentGone(f"the agent ended{self._last_words()}")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise NoObservation(str(answer["failed"]))
        return answer

    def _last_words(self) -> str:
        self.errors.seek(0)
        words = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        return f": {words[-1]}" if words else ""

    def compile(self, source: bytes, name: str, magic: str) -> bytes:
        """The content of a ``.pyc`` file. Raises `NoObservation` if *source* does not compile."""
        self.send({"op": "compile", "source": source.decode("latin-1"), "name": name, "magic": magic})
        return str(self.receive(_START)["pyc"]).encode("latin-1")

    def bare_fork(self) -> float:
        """Seconds that a fork and the end of a child take that does nothing."""
        begin = time.perf_counter()
        self.send({"op": "fork"})
        self.receive(_START)
        return time.perf_counter() - begin

    def end(self) -> None:
        """Ends the agent and whatever its group still has."""
        end_group(self.process.pid)
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.errors):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
