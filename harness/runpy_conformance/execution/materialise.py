"""Writing a case's files."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from runpy_conformance.model.case import Case, File

Compiler = Callable[[bytes, str, str], bytes]
"""From source, file name and kind of magic number to the content of a ``.pyc`` file."""

PROBE = Path(__file__).with_name("probe.py")
MARK = "# observe"
"""A line of a program that says where its expressions are evaluated, instead of at its end."""

_METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2}
_LONG_AGO = (2000, 1, 1, 0, 0, 0)


class BadCase(Exception):
    """A case whose files cannot be written."""


def probe_line(wanted: Mapping[str, str], destination: Path) -> str:
    """The line of a program that has *wanted* evaluated there."""
    namespace = f"{{'program': globals(), 'wanted': {list(wanted.items())!a}, 'destination': {str(destination)!a}}}"
    # A file left for the garbage collector would leave a warning registry in the program.
    text = f"(lambda file: (file.read(), file.close())[0])(open({str(PROBE)!a}))"
    return f"exec(compile({text}, {str(PROBE)!a}, 'exec', 0, True), {namespace})"


def with_line(source: str, line: str) -> str:
    """*source* with *line* where its mark is, else at its end."""
    lines = source.split("\n")
    for index, text in enumerate(lines):
        if text.strip() == MARK:
            lines[index] = text.replace(MARK, line)
            return "\n".join(lines)
    return source + ("" if not source or source.endswith(("\n", "\r")) else "\n") + line + "\n"


def with_probe(source: str, wanted: Mapping[str, str], destination: Path) -> str:
    """*source* with the probe in it."""
    return with_line(source, probe_line(wanted, destination))


class Writer:
    """Writes the files of one case.

    Parameters: the case; the folder to write to; where probes write what they see; the subject's compiler; the
    subject's cache tag, that ``{tag}`` in a file's name stands for.
    """

    def __init__(self, case: Case, root: Path, observed: Path, compiler: Compiler, tag: str) -> None:
        self.case = case
        self.root = root
        self.observed = observed
        self.compiler = compiler
        self.tag = tag

    def write(self) -> None:
        """Writes all files. Raises `BadCase`."""
        for name, file in self.case.files.items():
            path = self.root / self.inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(file, File) and file.symlink is not None:
                path.symlink_to(self.filled(file.symlink))
            elif isinstance(file, File) and file.directory:
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(self.content(name, file))

    def inside(self, name: str) -> str:
        """*name* with its placeholders filled in. Raises `BadCase` if it leads out of the case's folder."""
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BadCase(f"{name!r} leads out of the case's folder")
        return name.replace("{tag}", self.tag)

    def content(self, name: str, file: str | File) -> bytes:
        """The bytes of the file called *name*; that of a member of an archive is ``archive/member``."""
        if isinstance(file, str):
            return self.probed(name, file).encode("utf-8")
        if file.bytes is not None:
            return self.probed(name, file.bytes).encode("latin-1")
        if file.pyc is not None:
            source_name = str(self.root / (file.name or str(PurePosixPath(name).with_suffix(".py"))))
            content = self.compiler(self.probed(name, file.pyc).encode("utf-8"), source_name, file.magic)
            return content[: file.length]
        if file.zip is not None:
            return self.archive(name, file)[: file.length]
        raise BadCase(f"{name!r} cannot be in an archive")

    def probed(self, name: str, source: str) -> str:
        wanted = {key: self.filled(text) for key, text in self.case.observe.get(name, {}).items()}
        return with_probe(source, wanted, self.observed) if wanted else source

    def filled(self, text: str) -> str:
        return text.replace("{root}", str(self.root))

    def archive(self, name: str, file: File) -> bytes:
        """The bytes of the archive called *name*."""
        assert file.zip is not None
        buffer = io.BytesIO()
        folders: set[str] = set()
        with zipfile.ZipFile(buffer, "w", _METHODS[file.compression]) as archive:
            archive.comment = file.comment.encode("utf-8")
            for member, content in file.zip.items():
                inner = self.inside(member)
                if file.directories:
                    for parent in reversed(PurePosixPath(inner).parents):
                        if parent.name and str(parent) not in folders:
                            folders.add(str(parent))
                            archive.writestr(zipfile.ZipInfo(f"{parent}/", _LONG_AGO), b"")
                info = zipfile.ZipInfo(inner, _LONG_AGO)
                info.compress_type = _METHODS[file.compression]
                archive.writestr(info, self.content(f"{name}/{member}", content))
        return file.prefix.encode("utf-8") + buffer.getvalue() + file.suffix.encode("utf-8")
