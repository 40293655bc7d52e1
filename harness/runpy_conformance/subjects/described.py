"""Subjects that manifests describe."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from runpy_conformance.commands import FEATURES, takes_options
from runpy_conformance.model.manifest import Manifest
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.subjects import environments, manifests
from runpy_conformance.subjects.hosts import Hosts, NoHost
from runpy_conformance.subjects.interrogate import NotPython, interrogate, interrogated
from runpy_conformance.subjects.kinds import LAUNCHER_LACKS, platform_lacks

_FILE = re.compile(r"(?P<name>.+?\.toml)(@(?P<host>.+))?")
_NAME = re.compile(r"(?P<name>[^@]+)(@(?P<host>.+))?")
_SECONDS = 60.0
"""Seconds in which an interpreter that a manifest starts has to answer."""


class Described(Struct, frozen=True):
    """A manifest as it was named on the command line."""

    manifest: Manifest
    file: Path
    named: str
    """Name or path of the manifest."""
    host: str | None
    """What was given as its host, in place of the manifest's own."""

    @property
    def spelling(self) -> str:
        """What ``--subject`` takes to mean it."""
        return self.named if self.host is None else f"{self.named}@{self.host}"


def named(text: str) -> Described | None:
    """The manifest that *text* names, with its host; None if it names none. Raises `BadManifest`."""
    match = _FILE.fullmatch(text) or _NAME.fullmatch(text)
    if match is None:
        return None
    name, host = match["name"], match["host"]
    file = Path(name) if name.endswith(".toml") else manifests.shipped().get(name)
    return Described(manifests.read(file), file, name, host) if file is not None else None


def prepare(described: Described, hosts: Hosts) -> Path | None:
    """Installs what *described* asks for; the folder, or None if there is nothing to install.

    Raises `NotPrepared`, `NoHost`.
    """
    manifest, here = described.manifest, described.file.resolve().parent
    if manifest.npm:
        return environments.prepare(manifest, None, here)
    return environments.prepare(manifest, _host(described, hosts), here) if manifest.install else None


def subjects(described: Described, hosts: Hosts) -> Iterator[Subject]:
    """What *described* means on this machine. Raises `NoHost`, `NotPrepared`, `BadManifest`."""
    makers = {"interpreter": _interpreters, "module": _module, "launcher": _launcher}
    yield from makers[described.manifest.kind](described, hosts)


def _host(described: Described, hosts: Hosts) -> Interpreter:
    wanted = described.manifest.host if described.host is None else described.host
    try:
        return hosts.one(wanted)
    except NoHost as problem:
        raise NoHost(f"{described.manifest.name}: {problem}. Another host is named by {described.named}@PATH") from None


def _installed(described: Described, hosts: Hosts) -> tuple[Interpreter, Interpreter]:
    """The host, and the interpreter to start: that of the environment, if something has to be installed."""
    manifest, host = described.manifest, _host(described, hosts)
    if not manifest.install:
        return host, host
    folder = environments.prepared(manifest, host, described.spelling)
    try:
        return host, interrogate(environments.python_of(folder)).interpreter
    except NotPython as problem:
        raise NoHost(f"{folder} {problem}") from None


def _common(described: Described, host: Interpreter) -> dict[str, object]:
    manifest = described.manifest
    return {
        "title": manifest.title or manifest.name,
        "variables": manifest.environment,
        "time_factor": manifest.time_factor,
        "memory_limited": manifest.memory_limited,
        "manifest": str(described.file.resolve()),
        "known": manifest.known,
        "spelling": f"{described.named}@{host.path}",
    }


def _launcher(described: Described, hosts: Hosts) -> Iterator[Subject]:
    manifest = described.manifest
    host, python = _installed(described, hosts)
    lacks = {"api", *LAUNCHER_LACKS, *manifest.lacks, *platform_lacks(host)}
    lacks.update(feature for kind, feature in FEATURES.items() if kind not in manifest.commands)
    made = Subject(
        f"{manifest.name}@{host.name}",
        "launcher",
        python,
        commands=manifest.commands,
        says=manifest.says,
        **_common(described, host),  # type: ignore[arg-type]
    )
    if not takes_options(made):
        lacks.add("options")
    if manifest.install:
        lacks.add("without-site")
    yield _lacking(made, lacks)


def _module(described: Described, hosts: Hosts) -> Iterator[Subject]:
    manifest = described.manifest
    host, python = _installed(described, hosts)
    made = Subject(
        f"{manifest.name}@{host.name}",
        "module",
        python,
        module=manifest.module,
        pythonpath=tuple(str((described.file.parent / folder).resolve()) for folder in manifest.pythonpath),
        **_common(described, host),  # type: ignore[arg-type]
    )
    yield _lacking(made, {"command-line", *manifest.lacks, *platform_lacks(host)})


def _interpreters(described: Described, hosts: Hosts) -> Iterator[Subject]:
    manifest = described.manifest
    for host, server in _started(described, hosts):
        made = Subject(
            host.name if host.implementation == manifest.name else manifest.name,
            "interpreter",
            host,
            server=server,
            missing_modules=manifest.missing_modules,
            judged_as=manifest.judged_as,
            **_common(described, host),  # type: ignore[arg-type]
        )
        yield _lacking(made, {*manifest.lacks, *platform_lacks(host)})


def _lacking(subject: Subject, lacks: set[str]) -> Subject:
    return replace(subject, lacks=tuple(sorted(lacks)))


def _started(described: Described, hosts: Hosts) -> Iterator[tuple[Interpreter, tuple[str, ...]]]:
    """The interpreters of a manifest, each with the words of its server, if it has one."""
    manifest = described.manifest
    places = {"{here}": str(described.file.resolve().parent)}
    if manifest.npm:
        places["{npm}"] = str(environments.prepared(manifest, None, described.spelling) / "node_modules")
    command, server = (tuple(_filled(word, places) for word in words) for words in (manifest.command, manifest.server))
    if described.host is not None:
        command = (described.host, *command[1:])
    if server:
        yield _asked(command or server, server), server
        return
    first, *rest = command
    found = hosts.found(first)
    if found and not rest:
        yield from ((host, ()) for host in found)
        return
    executable = found[-1].path if found else shutil.which(first)
    if executable is None:
        raise NoHost(f"{manifest.name}: {first} is no executable in PATH, and no interpreter of that name was found")
    yield _asked((str(Path(executable).absolute()), *rest), ()), ()


def _asked(command: tuple[str, ...], server: tuple[str, ...]) -> Interpreter:
    """The interpreter that *command* starts, always by these words, since its own path may leave out a wrapper."""
    try:
        found = interrogated(command, _SECONDS, server).interpreter
    except NotPython as problem:
        raise NoHost(f"{' '.join(command)} {problem}") from None
    is_itself = len(command) == 1 and Path(command[0]).resolve() == Path(found.path).resolve()
    return found if is_itself else replace(found, command=command)


def _filled(text: str, places: Mapping[str, str]) -> str:
    for place, value in places.items():
        text = text.replace(place, value)
    return text
