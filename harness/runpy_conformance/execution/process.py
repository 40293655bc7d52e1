"""Waiting for a process within limits."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from runpy_conformance.execution.sandbox import Limits

LOOK = 0.2
"""Seconds between two looks at how much a run has written."""


def flooded(streams: Sequence[Path], limits: Limits) -> bool:
    """Whether one of the files *streams* has grown over the limit."""
    for stream in streams:
        with suppress(FileNotFoundError):
            if stream.stat().st_size > limits.output:
                return True
    return False


def limit_memory(pid: int, limits: Limits) -> None:
    """Limits the address space and the processor time of a process that was just started, where that is possible."""
    try:
        import resource
    except ImportError:
        return
    if hasattr(resource, "prlimit"):
        with suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_CPU, (limits.processor, limits.processor))
            if limits.memory:
                resource.prlimit(pid, resource.RLIMIT_AS, (limits.memory, limits.memory))


def wait(process: "subprocess.Popen[bytes]", streams: Sequence[Path], limits: Limits) -> str | None:
    """Waits until *process* ends, and ends it where it meets a limit.

    Returns the limit met, ``timed-out`` or ``flooded``, else None.
    """
    deadline = time.monotonic() + limits.seconds
    with _Ending(process) as ending:
        while True:
            left = deadline - time.monotonic()
            if ending.within(min(LOOK, max(left, 0))):
                break
            met = "flooded" if flooded(streams, limits) else "timed-out" if left <= 0 else None
            if met:
                process.kill()
                process.wait()
                return met
    process.wait()
    return "flooded" if flooded(streams, limits) else None


class _Ending:
    """Tells when a process has ended: at once where the system has descriptors of processes, else by asking."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.descriptor = os.pidfd_open(process.pid) if hasattr(os, "pidfd_open") else None

    def __enter__(self) -> "_Ending":
        return self

    def __exit__(self, *_: object) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)

    def within(self, seconds: float) -> bool:
        if self.descriptor is not None:
            return bool(select.select([self.descriptor], [], [], seconds)[0])
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def signal_name(number: int) -> str:
    """Such as ``SIGKILL``."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
