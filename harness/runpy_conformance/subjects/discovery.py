"""Finding the interpreters of this machine.

findpython names candidates (PATH, pyenv, asdf, uv, rye, the Windows registry, macOS frameworks); conda, mise and the
interpreter that runs this are added here. It runs none of them: `interrogate` does, in parallel and within a time
limit, since any of them may be broken or hang.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from findpython.providers import ALL_PROVIDERS
from findpython.providers.base import BaseProvider
from findpython.python import PythonVersion
from findpython.utils import path_is_python, safe_iter_dir
from msgspec.structs import replace

from runpy_conformance.model.subject import Discovery, Interpreter, Rejected
from runpy_conformance.subjects.interrogate import Answer, NotPython, interrogate

VARIABLE = "RUNPY_CONFORMANCE_PYTHONS"
"""Environment variable: more executables, or folders that hold some, separated like PATH."""

SUPPORTED = ((2, 7), (3, 6))
"""2.7, and everything from 3.6 on."""

_AT_ONCE = 8


class MiseProvider(BaseProvider):
    """Interpreters installed by mise."""

    @classmethod
    def create(cls) -> "MiseProvider":
        return cls()

    def find_pythons(self) -> Iterable[PythonVersion]:
        data = os.environ.get("MISE_DATA_DIR") or Path.home() / ".local/share/mise"
        for version in safe_iter_dir(Path(data) / "installs/python"):
            yield from self.find_pythons_from_path(version / "bin", True)


class CondaProvider(BaseProvider):
    """Interpreters of conda environments."""

    @classmethod
    def create(cls) -> "CondaProvider":
        return cls()

    def find_pythons(self) -> Iterable[PythonVersion]:
        for prefix in self._prefixes():
            yield from self.find_pythons_from_path(prefix / "bin", True)
            yield from self.find_pythons_from_path(prefix, True)

    def _prefixes(self) -> Iterator[Path]:
        listed = Path.home() / ".conda/environments.txt"
        if listed.is_file():
            yield from map(Path, listed.read_text(encoding="utf-8", errors="replace").split("\n"))
        for root in ("miniconda3", "anaconda3", "miniforge3", "mambaforge"):
            yield Path.home() / root
            yield from safe_iter_dir(Path.home() / root / "envs")
        if "CONDA_PREFIX" in os.environ:
            yield Path(os.environ["CONDA_PREFIX"])


def named(paths: Iterable[str]) -> Iterator[Path]:
    """The executables that *paths* name.

    A folder stands for the executables in it, in its ``bin``, and in ``bin`` of each of its folders.
    """
    for text in filter(None, paths):
        path = Path(text).expanduser()
        if path.is_dir():
            for folder in (path, path / "bin", *path.glob("*/bin")):
                yield from (child for child in safe_iter_dir(folder) if path_is_python(child))
        else:
            yield path


def candidates() -> Iterator[Path]:
    """Executables that may be interpreters, many of them more than once. None of them is run."""
    yield from named(os.environ.get(VARIABLE, "").split(os.pathsep))
    yield Path(sys.executable)
    makers: list[type[BaseProvider]] = [*ALL_PROVIDERS.values(), MiseProvider, CondaProvider]
    for maker in makers:
        provider = maker.create()
        if provider is not None:
            for found in provider.find_pythons():
                if not is_dispatcher(found.executable) and not is_slow(found.executable):
                    yield found.executable


def is_dispatcher(path: Path) -> bool:
    """Whether *path* is a script of a version manager that looks for an interpreter each time it is called."""
    return path.parent.name == "shims"


def is_slow(path: Path) -> bool:
    """Whether *path* takes many seconds to say what it is: Jython, which is a subject by its manifest."""
    return path.name.startswith("jython")


def find(extra: Iterable[str] = ()) -> Discovery:
    """Every interpreter of a supported version, one for each installation, oldest version first.

    Links and virtual environments are folded into the interpreter that they lead to. *extra* are paths as in
    `named`. What was named by the user or found, and could not be used, is rejected with a reason.
    """
    files: dict[Path, list[str]] = {}
    rejected = []
    for path in (*named(extra), *candidates()):
        try:
            real = path.resolve(strict=True)
            identity = path.absolute() if _is_environment(path) else real
            if not stat.S_ISREG(real.stat().st_mode):
                raise OSError(0, "is not a file")
        except OSError as problem:
            rejected.append(Rejected(str(path), problem.strerror or "cannot be read"))
            continue
        aliases = files.setdefault(identity, [])
        if str(path.absolute()) not in aliases:
            aliases.append(str(path.absolute()))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(_ask, files))
    return _folded(zip(files, files.values(), answers, strict=True), rejected)


def _is_environment(path: Path) -> bool:
    return (path.parent.parent / "pyvenv.cfg").is_file()


def _ask(path: Path) -> Answer | NotPython:
    try:
        answer = interrogate(path)
        return answer if answer.base == answer.interpreter.path else interrogate(Path(answer.base))
    except NotPython as problem:
        return problem


def _folded(asked: Iterable[tuple[Path, list[str], Answer | NotPython]], rejected: list[Rejected]) -> Discovery:
    found: dict[tuple[int, int], Interpreter] = {}
    for path, aliases, answer in asked:
        if isinstance(answer, NotPython):
            rejected.append(Rejected(str(path), str(answer)))
            continue
        interpreter = answer.interpreter
        if not is_supported(interpreter):
            continue
        real = str(Path(interpreter.path).resolve())
        status = Path(real).stat()
        key = status.st_dev, status.st_ino
        before = found.get(key, replace(interpreter, path=real))
        others = {*before.aliases, *aliases, real} - {before.path}
        found[key] = replace(before, aliases=tuple(sorted(others)))
    ordered = sorted(found.values(), key=lambda one: (one.implementation != "cpython", one.release_numbers, one.path))
    return Discovery(tuple(ordered), tuple(sorted(rejected, key=lambda one: one.path)))


def is_supported(interpreter: Interpreter) -> bool:
    """Whether the suite speaks of this version."""
    line = interpreter.release_numbers[:2]
    return line == SUPPORTED[0] or line >= SUPPORTED[1]
