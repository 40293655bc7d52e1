"""Folders for a moment."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder, removed at the end with all that is in it."""
    folder = Path(tempfile.mkdtemp(prefix="runpy-")).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
