"""Scripts of the harness that run on a subject's host and answer by JSON, on the last line of standard output."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from runpy_conformance.execution.sandbox import end_group, sandbox


class NoAnswer(Exception):
    """The script gave no answer; the message says why."""


class TimedOut(NoAnswer):
    """The script did not end in time."""


def ask(words: Sequence[str], seconds: float) -> Any:
    """Runs the command *words* in a sandbox and a process group of its own, and returns its answer.

    Raises `TimedOut` if there is none within *seconds*, `NoAnswer` if there is none at all.
    """
    with sandbox() as place:
        process = subprocess.Popen(
            words,
            cwd=place.root,
            env=place.environment({}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimedOut(f"no result within {seconds:g} seconds") from None
        finally:
            end_group(process.pid)
            process.kill()
            process.communicate()
    lines = out.decode("utf-8", "replace").strip().splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        last = err.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise NoAnswer(last[0] if last else f"exit status {process.returncode}") from None
