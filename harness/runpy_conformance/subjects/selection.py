"""From the words of ``--subject`` to subjects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from runpy_conformance.model.subject import Interpreter, Known, Subject
from runpy_conformance.subjects import described as manifests
from runpy_conformance.subjects import kinds
from runpy_conformance.subjects.environments import NotPrepared
from runpy_conformance.subjects.hosts import Hosts, NoHost, base
from runpy_conformance.subjects.kinds import REFERENCE_SINCE
from runpy_conformance.subjects.manifests import BadManifest
from runpy_conformance.subjects.overlay import BadReplacement

DEFAULT = ("cpython", "reference")

FORMS = """all                 every interpreter found
cpython             every CPython found (and so pypy: every PyPy found)
cpython-3.13        those found whose name begins so
python:PATH         the interpreter at PATH
reference           the reference implementation on every CPython found from 3.6
reference@PATH      the reference implementation on the interpreter at PATH
module:NAME@PATH    the module NAME (see --pythonpath) in the place of runpy, on the interpreter at PATH
runpy:FILE@PATH     the interpreter at PATH with FILE in the place of its runpy.py
coverage            what the manifest of that name describes; `runpy-conformance manifests` lists those that came along
FILE.toml           what the manifest FILE describes
coverage@PATH       a launcher or module of a manifest, or FILE.toml@PATH, on the interpreter at PATH
PATH may be the name of an interpreter found, such as cpython-3.13."""


class BadSubject(Exception):
    """A subject that cannot be had; the text says why."""


class Selector:
    """Makes subjects.

    Parameters: an empty folder for what has to be made of them, which must stay as long as they are used; folders to
    import a drop-in module from; the interpreters of this machine; known failures by module.
    """

    def __init__(
        self,
        folder: Path,
        pythonpath: Sequence[Path] = (),
        hosts: Hosts | None = None,
        baselines: Mapping[str, tuple[Known, ...]] | None = None,
    ) -> None:
        self.folder = folder
        self.pythonpath = tuple(str(path.resolve()) for path in pythonpath)
        self.hosts = hosts or Hosts()
        self.baselines = baselines or {}
        self._numbers = count()

    def select(self, texts: Iterable[str]) -> tuple[Subject, ...]:
        """The subjects that *texts* name, each once, with unique ids. Raises `BadSubject`."""
        unique: dict[str, Subject] = {}
        for text in texts:
            for subject in self._wanted(text):
                if subject not in unique.values():
                    name = subject.id
                    for number in count(2):
                        if subject.id not in unique:
                            break
                        subject = replace(subject, id=f"{name}~{number}")
                    unique[subject.id] = subject
        return tuple(unique.values())

    def _wanted(self, text: str) -> list[Subject]:
        try:
            described = manifests.named(text)
            return list(self._named(text) if described is None else manifests.subjects(described, self.hosts))
        except (BadManifest, NoHost, NotPrepared) as problem:
            raise BadSubject(str(problem)) from None

    def _named(self, text: str) -> Iterator[Subject]:
        kind, colon, rest = text.partition(":")
        name, _, path = rest.rpartition("@")
        if kind == "python" and rest:
            yield kinds.interpreter(self.hosts.one(rest))
        elif text == "all":
            yield from map(kinds.interpreter, self.hosts.discovery.interpreters)
        elif text == "reference":
            found = [one for one in self._found("cpython") if one.release_numbers[:2] >= REFERENCE_SINCE]
            yield from map(self._reference, found)
        elif text.startswith("reference@"):
            yield self._reference(self.hosts.one(text.removeprefix("reference@")))
        elif kind == "module" and name and path:
            yield self._module(name, self.hosts.one(path))
        elif kind == "runpy" and name and path:
            yield self._replaced(Path(name), base(self.hosts.one(path)))
        elif not colon:
            yield from map(kinds.interpreter, self._found(text))
        else:
            raise BadSubject(f"{text!r} is not a subject. Write one of\n{FORMS}")

    def _found(self, name: str) -> list[Interpreter]:
        found = self.hosts.found(name)
        if not found:
            raise BadSubject(f"no interpreter called {name!r} was found. Subjects are\n{FORMS}")
        return found

    def _reference(self, host: Interpreter) -> Subject:
        if host.release_numbers[:2] < REFERENCE_SINCE:
            raise BadSubject(f"the reference runs on Python 3.6 and later, not on {host.name}")
        return kinds.reference(host, self._staged_reference, self._known("reference"))

    @cached_property
    def _staged_reference(self) -> Path:
        """A folder that holds the reference and nothing else."""
        try:
            return kinds.staged_reference(self._new_folder("reference"))
        except ModuleNotFoundError as problem:
            raise BadSubject(str(problem)) from None

    def _module(self, name: str, host: Interpreter) -> Subject:
        return Subject(
            f"{name}@{host.name}",
            "module",
            host,
            f"module:{name}@{host.path}",
            module=name,
            pythonpath=self.pythonpath,
            own_folders=True,
            lacks=("command-line", *kinds.platform_lacks(host)),
            known=self._known(name),
        )

    def _replaced(self, file: Path, host: Interpreter) -> Subject:
        try:
            return kinds.replaced(host, file, self._new_folder("overlay"))
        except BadReplacement as problem:
            raise BadSubject(str(problem)) from None

    def _new_folder(self, name: str) -> Path:
        folder = self.folder / f"{name}-{next(self._numbers)}"
        folder.mkdir()
        return folder.resolve()

    def _known(self, name: str) -> tuple[Known, ...]:
        return self.baselines.get(name, ())
