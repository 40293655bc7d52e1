"""An interpreter with another runpy.py, beside its installation.

A folder is made with a copy of the executable and links to the installation's standard library, in which one file
is not a link: runpy.py. An interpreter finds its library from its executable's place, so the copy, and every process
that it starts through ``sys.executable``, has the other runpy, whatever options are given: -E, -I and -s change
nothing of that. -S changes nothing either, since the library is found before ``site`` is looked for.

From 3.11 on runpy is frozen into the executable. There the copy's ``encodings`` package, the one module that every
start reads from the library, has a few lines more: they answer the import system's question for the frozen code of
runpy with the code of the other file. So the other runpy is seen under the name, origin and file name that the
frozen one has.
"""

import shutil
import subprocess
from pathlib import Path

from msgspec.structs import replace

from runpy_conformance.model.subject import Interpreter
from runpy_conformance.subjects.interrogate import NotPython, interrogate

FROZEN_SINCE = (3, 11)
CODE = "runpy.code"
"""The file of the code that is given for the frozen one."""

_HOOK = """

def _replace_frozen_runpy():
    import _imp
    import marshal
    original = _imp.get_frozen_object

    def get_frozen_object(name, *data):
        if name == "runpy":
            with open({code!r}, "rb") as file:
                return marshal.loads(file.read())
        return original(name, *data)

    _imp.get_frozen_object = get_frozen_object

_replace_frozen_runpy()
del _replace_frozen_runpy
"""

_COMPILE = """
import marshal, sys
source, name, target = sys.argv[1:]
with open(source, "rb") as file:
    code = compile(file.read(), name, "exec", 0, True)
with open(target, "wb") as file:
    file.write(marshal.dumps(code))
"""


class BadReplacement(Exception):
    """A file that cannot take the place of runpy.py; the text says why."""


def overlay(host: Interpreter, replacement: Path, folder: Path) -> Interpreter:
    """Makes, in the empty *folder*, *host* with *replacement* in the place of its runpy.py.

    Returns the interpreter to run. *host* is not changed. Raises `BadReplacement` if *replacement* cannot be read or
    compiled, or if *host* does not run from another place.
    """
    if not replacement.is_file():
        raise BadReplacement(f"{replacement}: there is no such file")
    _build(host, folder)
    put(host, replacement, folder)
    executable = folder / "bin" / Path(host.path).name
    try:
        answer = interrogate(executable).interpreter
    except NotPython as problem:
        raise BadReplacement(f"{host.path} does not run from another place: it {problem}") from None
    if Path(answer.stdlib) != _stdlib(host, folder).resolve():
        raise BadReplacement(f"{host.path} does not take its library from beside its executable, but {answer.stdlib}")
    return replace(answer, prefix=str(folder))


def put(host: Interpreter, replacement: Path, folder: Path) -> None:
    """Puts another *replacement* into *folder*, where `overlay` has made a copy of *host* that no process runs now.

    Raises `BadReplacement` if it cannot be compiled.
    """
    stdlib = _stdlib(host, folder)
    for stale in (stdlib / "__pycache__").glob("runpy.*"):
        stale.unlink()
    shutil.copyfile(replacement, stdlib / "runpy.py")
    name = "<frozen runpy>" if _is_frozen(host) else str(replacement)
    _compile(host, replacement, name, folder / CODE)


def _is_frozen(host: Interpreter) -> bool:
    return host.release_numbers[:2] >= FROZEN_SINCE and host.implementation == "cpython"


def _stdlib(host: Interpreter, folder: Path) -> Path:
    return folder / Path(host.stdlib).relative_to(Path(host.prefix))


def _build(host: Interpreter, folder: Path) -> None:
    """The copy of the executable and the links, all but runpy itself."""
    library = Path(host.stdlib)
    if not library.is_relative_to(host.prefix):
        raise BadReplacement(f"{host.path} is of a virtual environment; name the interpreter that it was made from")
    executable = folder / "bin" / Path(host.path).name
    stdlib = _stdlib(host, folder)
    executable.parent.mkdir(parents=True)
    stdlib.mkdir(parents=True)
    shutil.copy2(host.path, executable)
    _link_all(library, stdlib, but={"runpy.py", "runpy.pyc", "runpy.pyo", "__pycache__", "encodings"})
    _link_caches(library, stdlib, "runpy")
    _link_package(library / "encodings", stdlib / "encodings")
    if _is_frozen(host):
        with (stdlib / "encodings/__init__.py").open("a", encoding="utf-8") as initialiser:
            initialiser.write(_HOOK.format(code=str(folder / CODE)))
    for site in sorted(Path(host.prefix).glob("lib*")):
        if site.is_dir() and not (folder / site.name).exists():
            (folder / site.name).symlink_to(site)


def _link_all(source: Path, target: Path, but: set[str]) -> None:
    for entry in source.iterdir():
        if entry.name not in but:
            (target / entry.name).symlink_to(entry)


def _link_caches(source: Path, target: Path, but: str) -> None:
    """Links the bytecode caches of a folder, so that none is written and none of *but* is used."""
    if (source / "__pycache__").is_dir():
        (target / "__pycache__").mkdir()
        for entry in (source / "__pycache__").iterdir():
            if entry.name.partition(".")[0] != but:
                (target / "__pycache__" / entry.name).symlink_to(entry)


def _link_package(source: Path, target: Path) -> None:
    """Links the modules of a package, and copies its initialiser, which may then be changed."""
    target.mkdir()
    _link_all(source, target, but={"__init__.py", "__init__.pyc", "__pycache__"})
    _link_caches(source, target, "__init__")
    shutil.copyfile(source / "__init__.py", target / "__init__.py")


def _compile(host: Interpreter, source: Path, name: str, target: Path) -> None:
    done = subprocess.run(
        [host.path, "-S", "-E", "-c", _COMPILE, str(source), name, str(target)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
        raise BadReplacement(f"{source} does not compile on {host.name}: {last[0]}")
