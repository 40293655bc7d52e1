"""Whether an implementation can be imported at all."""

import subprocess

from runpy_conformance.execution.process import wait
from runpy_conformance.execution.sandbox import Limits, end_group, sandbox
from runpy_conformance.model.subject import Subject

_LIMITS = Limits(seconds=10.0)


def why_not_imported(subject: Subject, program: str) -> str | None:
    """Runs *program*, which imports what is tested, on *subject*, with the folders to import from as its arguments.

    Returns None if that works, else the last line that the interpreter says.
    """
    with sandbox() as place, place.stderr.open("wb") as stream:
        process = subprocess.Popen(
            [subject.host.path, "-c", program, *subject.pythonpath],
            cwd=place.root,
            env=place.environment({"PYTHONDONTWRITEBYTECODE": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            start_new_session=True,
        )
        limit = wait(process, (place.stderr,), _LIMITS)
        end_group(process.pid)
        if limit is None and process.returncode == 0:
            return None
        words = place.stderr.read_text("utf-8", "replace").strip().splitlines()
        return limit or (words[-1] if words else f"exit status {process.returncode}")
