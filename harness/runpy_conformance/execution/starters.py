"""How a command is started: as a process, or as a request to a server that holds the interpreter."""

import json
import queue
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from runpy_conformance.execution.observed import NoObservation
from runpy_conformance.execution.process import LOOK, flooded, limit_memory, wait
from runpy_conformance.execution.sandbox import Limits, Sandbox, end_group, sandbox

_READY = 120.0
"""Seconds that a server may take to be ready."""

Ending = tuple[int | None, str | None]
"""Exit status, negative for a signal, and the limit that was met; one of them is None."""


class NotStarted(NoObservation):
    """A command that the system does not start."""

    def __init__(self, executable: str, reason: str) -> None:
        super().__init__(f"{executable} cannot be started: {reason}")
        self.reason = reason


class ServerGone(NoObservation):
    """A server that ended; its exit status, negative for a signal."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Start(Struct, frozen=True):
    """What is to be started. The standard streams are the files of the run's sandbox."""

    words: Sequence[str]
    directory: Path
    environment: Mapping[str, str]


class Starter(Protocol):
    """Starts commands, one at a time."""

    def run(self, start: Start, place: Sandbox, limits: Limits) -> Ending:
        """Runs a command to its end or to a limit. Raises `NoObservation` if it cannot be started."""

    def end(self) -> None:
        """Ends what is kept between runs."""


class Processes:
    """Each command is a process, in a group of its own."""

    def run(self, start: Start, place: Sandbox, limits: Limits) -> Ending:
        place.stdin.touch()
        with place.stdin.open("rb") as source, place.stdout.open("ab") as out, place.stderr.open("ab") as err:
            try:
                process = subprocess.Popen(
                    start.words,
                    stdin=source,
                    stdout=out,
                    stderr=err,
                    cwd=start.directory,
                    env=start.environment,
                    start_new_session=True,
                )
            except OSError as problem:
                raise NotStarted(start.words[0], problem.strerror or str(problem)) from None
        limit_memory(process.pid, limits)
        limit = wait(process, (place.stdout, place.stderr), limits)
        end_group(process.pid)
        return process.returncode, limit

    def end(self) -> None:
        """Nothing is kept."""


class Server:
    """Each command is a request to a server, which is started when it is needed.

    Parameters: the words that start the server; how many words of each command start the interpreter, and are left out.

    Requests and answers are lines of JSON. The server first says ``{"ready": true}``. A request has ``words``,
    ``environment``, ``directory``, ``stdin``, ``stdout`` and ``stderr``, the last three paths of files; the answer is
    ``{"status": N}``, or ``{"failed": "why"}``. A run that meets a limit ends with its server.
    """

    def __init__(self, words: Sequence[str], left_out: int) -> None:
        self.words = words
        self.left_out = left_out
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def run(self, start: Start, place: Sandbox, limits: Limits) -> Ending:
        for stream in (place.stdin, place.stdout, place.stderr):
            stream.touch()
        self._ensure()
        self._send(
            {
                "words": list(start.words[self.left_out :]),
                "environment": dict(start.environment),
                "directory": str(start.directory),
                "stdin": str(place.stdin),
                "stdout": str(place.stdout),
                "stderr": str(place.stderr),
            }
        )
        try:
            answer, limit = self._answer(place, limits)
        except ServerGone as gone:
            return gone.status, None
        if limit is not None:
            self.end()
            return None, limit
        if "failed" in answer:
            raise NoObservation(f"the server could not run it: {answer['failed']}")
        if not isinstance(answer.get("status"), int):
            raise self._nonsense(answer)
        return answer["status"], None

    def _answer(self, place: Sandbox, limits: Limits) -> tuple[dict[str, Any], str | None]:
        deadline = time.monotonic() + limits.seconds
        while True:
            answer = self._receive(LOOK)
            if flooded((place.stdout, place.stderr), limits):
                return {}, "flooded"
            if answer is not None:
                return answer, None
            if time.monotonic() > deadline:
                return {}, "timed-out"

    def _ensure(self) -> None:
        if self._process is not None:
            return
        with sandbox() as place:
            try:
                self._process = subprocess.Popen(
                    self.words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=place.environment({}),
                    start_new_session=True,
                )
            except OSError as problem:
                raise NotStarted(self.words[0], problem.strerror or str(problem)) from None
        self._lines = queue.SimpleQueue()
        threading.Thread(target=_read, args=(self._process, self._lines), daemon=True).start()
        if self._receive(_READY) is None:
            self.end()
            raise NoObservation(f"the server {self.words[0]} is not ready within {_READY:g} seconds")

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            self.end()
            raise NoObservation(f"the server {self.words[0]} does not listen") from None

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        """The next answer; None if there is none in that time. Raises `ServerGone` if the server has ended."""
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return None
        if not line:
            assert self._process is not None
            status = self._process.wait()
            self.end()
            raise ServerGone(status, f"the server {self.words[0]} ended with exit status {status}")
        try:
            answer = json.loads(line)
        except ValueError:
            raise self._nonsense(line.decode("utf-8", "replace")) from None
        if not isinstance(answer, dict):
            raise self._nonsense(answer)
        return answer

    def _nonsense(self, answer: Any) -> NoObservation:
        self.end()
        return NoObservation(f"the server {self.words[0]} said {answer!r}")

    def end(self) -> None:
        if self._process is None:
            return
        end_group(self._process.pid)
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._process = None


def _read(process: "subprocess.Popen[bytes]", lines: "queue.SimpleQueue[bytes]") -> None:
    assert process.stdout is not None
    with process.stdout as answers:
        for line in answers:
            lines.put(line)
    lines.put(b"")
