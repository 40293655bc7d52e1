"""The folders, environment and limits of one run."""

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from runpy_conformance.model.subject import Subject

PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Variables of the harness's own environment without which interpreters do not start on some machines."""


class Limits(Struct, frozen=True):
    """What one run may use."""

    seconds: float = 20.0
    memory: int = 2 << 30
    """Bytes of address space; 0 for any."""
    output: int = 4 << 20
    """Bytes of each standard stream."""

    def of(self, subject: Subject) -> "Limits":
        """The limits for runs of *subject*, which may be slow or need much address space."""
        return Limits(self.seconds * subject.time_factor, self.memory if subject.memory_limited else 0, self.output)

    @property
    def processor(self) -> int:
        """Seconds of processor time, after which the system ends what the harness could not."""
        return int(self.seconds) + 5


DEFAULT_LIMITS = Limits()


class Sandbox(Struct, frozen=True):
    """Folders of one run: the case's own, and private ones of the harness beside it."""

    folder: Path

    @property
    def root(self) -> Path:
        """The case's folder, ``{root}``."""
        return self.folder / "root"

    @property
    def home(self) -> Path:
        """The home folder, and the folder of temporary files."""
        return self.folder / "home"

    @property
    def private(self) -> Path:
        """What the harness and its probes write."""
        return self.folder / "private"

    @property
    def scratch(self) -> Path:
        """A folder for what the subject itself writes; made where a subject asks for it."""
        return self.private / "scratch"

    @property
    def stdin(self) -> Path:
        return self.private / "stdin"

    @property
    def request(self) -> Path:
        """What the script that makes a plain call is to do: a Python literal."""
        return self.private / "request"

    @property
    def stdout(self) -> Path:
        return self.private / "stdout"

    @property
    def stderr(self) -> Path:
        return self.private / "stderr"

    @property
    def observed(self) -> Path:
        """What the probes wrote: JSON Lines."""
        return self.private / "observed"

    @property
    def observation(self) -> Path:
        """What the agent wrote: JSON."""
        return self.private / "observation"

    @property
    def failure(self) -> Path:
        """Why the agent could not make the call: text."""
        return self.private / "failure"

    def strays(self) -> tuple[str, ...]:
        """What a run left beside the case's folder."""
        own = {self.root.name, self.home.name, self.private.name}
        return tuple(sorted(path.name for path in self.folder.iterdir() if path.name not in own))

    def environment(self, added: Mapping[str, str]) -> dict[str, str]:
        """A clean environment, with what the case adds."""
        return {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "PATH": os.defpath,
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "TMPDIR": str(self.home),
            "TEMP": str(self.home),
            "TMP": str(self.home),
            "LC_ALL": "C.UTF-8",
            **added,
        }


def _make_removable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.chmod(stat.S_IRWXU)


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """A new sandbox, removed at the end whatever the run did to it."""
    folder = Path(tempfile.mkdtemp(prefix="runpy-")).resolve()
    try:
        made = Sandbox(folder)
        for path in (made.root, made.home, made.private):
            path.mkdir()
        yield made
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)
        if folder.exists():
            _make_removable(folder)
            shutil.rmtree(folder, ignore_errors=True)


def end_group(leader: int) -> None:
    """Ends the process group that *leader* leads, where there are any."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
