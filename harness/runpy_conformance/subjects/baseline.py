"""Lists of known failures."""

from pathlib import Path

import msgspec

from runpy_conformance.model.subject import Baseline, Known


class BadBaseline(Exception):
    """A list of known failures that cannot be read; the text says where and why."""


def read(path: Path) -> tuple[Known, ...]:
    """The entries of the file at *path*; none if there is no such file. Raises `BadBaseline`."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Baseline).known
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as problem:
        raise BadBaseline(f"{path}: {problem}") from None
