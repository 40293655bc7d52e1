"""The interpreters of this machine, by path or by name."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from runpy_conformance.model.subject import Discovery, Interpreter, Rejected, Subject
from runpy_conformance.subjects.discovery import find
from runpy_conformance.subjects.interrogate import NotPython, interrogate


class NoHost(Exception):
    """An interpreter that cannot be had; the text says why."""


class Hosts:
    """Finds interpreters, when they are asked for. Parameter: more paths to look at."""

    def __init__(self, extra: Sequence[str] = ()) -> None:
        self.extra = extra

    @cached_property
    def discovery(self) -> Discovery:
        """What is on this machine."""
        return find(self.extra)

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """What was looked at and cannot be used; empty if nothing had to be looked for."""
        return self.discovery.rejected if "discovery" in self.__dict__ else ()

    def found(self, name: str) -> list[Interpreter]:
        """Those found of that implementation, or whose name begins so, oldest version first."""
        return [one for one in self.discovery.interpreters if name == one.implementation or _begins(one.name, name)]

    def one(self, text: str) -> Interpreter:
        """The one at the path *text*, or the newest one found of that name. Raises `NoHost`."""
        path = Path(text).expanduser()
        if path.is_file():
            try:
                return interrogate(path.absolute()).interpreter
            except NotPython as problem:
                raise NoHost(f"{path} {problem}") from None
        named = self.found(text)
        if not named:
            raise NoHost(f"{text}: there is no such file, and no interpreter of that name was found")
        return named[-1]

    def alike(self, subject: Subject) -> Interpreter:
        """The CPython to compare *subject* with: of its version if there is one, else the newest. Raises `NoHost`."""
        line = subject.environment["python_version"]
        try:
            return self.one(f"cpython-{line}")
        except NoHost:
            return self.one("cpython")


def base(host: Interpreter) -> Interpreter:
    """The interpreter that *host*, if it is a virtual environment, was made from."""
    return interrogate(Path(interrogate(Path(host.path)).base)).interpreter


def _begins(name: str, wanted: str) -> bool:
    """Whether *wanted* is *name* or its beginning up to a full part of the version."""
    return name == wanted or name.startswith(wanted + ".")
