"""Environments of subjects that have to be installed: what pip or npm puts into a folder of the subject's own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from runpy_conformance.model.manifest import Manifest
from runpy_conformance.model.subject import Interpreter

VARIABLE = "RUNPY_CONFORMANCE_ENVIRONMENTS"
"""Environment variable: the folder that holds the environments."""

_STAMP = "runpy-conformance.json"


class NotPrepared(Exception):
    """A subject that is not installed, or could not be; the text says why and what to do."""


def root() -> Path:
    """The folder that holds the environments."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser().resolve() if named else Path.cwd() / ".runpy-conformance/environments"


def prepare(manifest: Manifest, host: Interpreter | None, here: Path) -> Path:
    """Makes the environment of *manifest* on *host*, unless it is there as asked for, and returns its folder.

    What is installed from paths is found relative to the folder *here*. Raises `NotPrepared` with the last words of
    what failed.
    """
    folder = _folder(manifest, host)
    if _is_current(folder, manifest, host):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if manifest.npm:
        npm = shutil.which("npm")
        if npm is None:
            raise NotPrepared(f"{manifest.name} is installed by npm, which is not in PATH")
        folder.mkdir()
        _done(
            manifest,
            [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), *manifest.npm],
            here,
        )
    else:
        assert host is not None
        _done(manifest, [*host.words, "-m", "venv", str(folder)], here)
        pip = [str(python_of(folder)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        _done(manifest, [*pip, *manifest.install], here)
    (folder / _STAMP).write_text(json.dumps(_asked_for(manifest, host)), encoding="utf-8")
    return folder


def prepared(manifest: Manifest, host: Interpreter | None, spelling: str) -> Path:
    """The folder of the environment of *manifest* on *host*. Raises `NotPrepared` if it is not there as asked for."""
    folder = _folder(manifest, host)
    if not _is_current(folder, manifest, host):
        what = "has changed" if (folder / _STAMP).exists() else "is not installed yet"
        raise NotPrepared(f"{manifest.name} {what}; install it by: runpy-conformance prepare {spelling}")
    return folder


def python_of(folder: Path) -> Path:
    """The executable of the virtual environment at *folder*."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _folder(manifest: Manifest, host: Interpreter | None) -> Path:
    return root() / (f"{manifest.name}-{host.name}" if host is not None else manifest.name)


def _asked_for(manifest: Manifest, host: Interpreter | None) -> dict[str, object]:
    return {
        "install": list(manifest.install),
        "npm": list(manifest.npm),
        "host": host.path if host is not None else None,
    }


def _is_current(folder: Path, manifest: Manifest, host: Interpreter | None) -> bool:
    try:
        return bool(json.loads((folder / _STAMP).read_text(encoding="utf-8")) == _asked_for(manifest, host))
    except (OSError, ValueError):
        return False


def _done(manifest: Manifest, words: Sequence[str], directory: Path) -> None:
    done = subprocess.run(words, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()[-5:]
        raise NotPrepared("\n  ".join([f"{manifest.name} cannot be installed: {' '.join(words)} says", *said]))
