"""A case: one program, one run of it, and what is expected."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from runpy_conformance.model.observation import Outcome

CaseId = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class File(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file that is not plain text; exactly one of bytes, pyc, zip, symlink and directory is given."""

    bytes: str | None = None
    """The content, one character U+0000 to U+00FF for each byte."""
    pyc: str | None = None
    """Source text, stored as bytecode compiled by the subject's interpreter."""
    name: str | None = None
    """With pyc: the source file's name to compile in, below the case's folder. Default: the key, with ``.py``."""
    magic: Literal["own", "foreign"] = "own"
    """With pyc: whether the magic number is the subject's own or no interpreter's."""
    length: int | None = None
    """With pyc or zip: how many bytes of the file to keep."""
    zip: "dict[str, str | File] | None" = None
    """The members of an archive, in order."""
    prefix: str = ""
    """With zip: text in front of the archive."""
    suffix: str = ""
    """With zip: text behind the archive."""
    comment: str = ""
    """With zip: the archive's comment."""
    compression: Literal["stored", "deflated", "bzip2"] = "stored"
    """With zip: how members are stored."""
    directories: bool = True
    """With zip: whether folders have entries of their own."""
    symlink: str | None = None
    """The target of a symbolic link, relative to the link or beginning with ``{root}``."""
    directory: bool = False
    """An empty folder."""

    def __post_init__(self) -> None:
        kinds = [self.bytes, self.pyc, self.zip, self.symlink, self.directory or None]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a file is text, or a table with exactly one of bytes, pyc, zip, symlink, directory")


class Command(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A command line; exactly one of module, path, code, stdin, words and line is given."""

    module: str | None = None
    """The name behind ``-m``."""
    path: str | None = None
    """A script, directory, archive or other path."""
    code: str | None = None
    """The text behind ``-c``."""
    stdin: str | None = None
    """A program on standard input, started as ``-``."""
    words: tuple[str, ...] | None = None
    """The words that name the program and its arguments, for spellings that the other keys cannot say."""
    line: tuple[str, ...] | None = None
    """All words behind the executable, for spellings that the other keys cannot say."""
    options: tuple[str, ...] = ()
    """Interpreter options, before the program."""
    arguments: tuple[str, ...] = ()
    """Arguments, behind the program."""

    def __post_init__(self) -> None:
        programs = [self.module, self.path, self.code, self.stdin, self.words, self.line]
        if sum(program is not None for program in programs) != 1:
            raise ValueError("a command has exactly one of module, path, code, stdin, words, line")
        if self.line is not None and (self.options or self.arguments):
            raise ValueError("a command line holds its options and arguments itself")
        if self.words is not None and self.arguments:
            raise ValueError("the words of a command hold its arguments themselves")

    @property
    def program(self) -> tuple[str, ...]:
        """The words that name the program: ``-m NAME``, a path, ``-c TEXT``, ``-`` or others; none for a whole line."""
        if self.line is not None:
            return ()
        if self.words is not None:
            return self.words
        if self.module is not None:
            return ("-m", self.module)
        if self.code is not None:
            return ("-c", self.code)
        return ("-",) if self.path is None else (self.path,)


class Run(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the program is run: a call of the API from a caller, or a command."""

    call: Literal["run_module", "run_path"] | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    """Call: keyword arguments; ``{ python = "expression" }`` for what TOML cannot say."""
    positional: tuple[Any, ...] = ()
    """Call: positional arguments, likewise."""
    setup: str = ""
    """Call: statements that the caller executes first. ``run_module`` and ``run_path`` are the subject's."""
    argv: tuple[str, ...] = ("caller.py",)
    """Call: the caller's ``sys.argv``."""
    path: tuple[str, ...] = ("{root}",)
    """Call: what is put in front of the caller's ``sys.path``."""
    command: Command | None = None
    input: str = ""
    """Command: what the program reads from standard input."""
    environment: dict[str, str] = field(default_factory=dict)
    """Variables added to the clean environment."""
    directory: str = "."
    """The current directory, below the case's folder."""

    def __post_init__(self) -> None:
        if (self.call is None) == (self.command is None):
            raise ValueError("a run has either call or command")
        if self.command is not None and (self.arguments or self.positional or self.setup):
            raise ValueError("arguments, positional and setup go with call; a command has arguments of its own")


class Expect(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is expected of the subjects that the marker names; only what is given is compared."""

    when: str | None = None
    """PEP 508 marker. Without one the block is for every subject that no other block names."""
    change: str | None = None
    """The change of ``spec/changes.toml`` that makes this block differ from the one before it."""
    outcome: Outcome | None = None
    status: Any = None
    """Command: the exit status."""
    signal: Any = None
    """The signal that ended the process, such as ``SIGINT``."""
    error: dict[str, Any] = field(default_factory=dict)
    """Call: ``type`` and ``message`` of the exception raised."""
    globals: dict[str, Any] = field(default_factory=dict)
    """Call: entries of the dictionary returned."""
    observed: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    stdout: Any = None
    stderr: Any = None


class CaseFile(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One file of cases/."""

    id: CaseId
    title: str
    clauses: tuple[str, ...]
    """The clauses that it shows holding."""
    run: Run
    against: tuple[str, ...] = ()
    """The clauses whose edge it shows, or that what breaks them does not happen."""
    when: str | None = None
    """PEP 508 marker of the subjects that the case is for. Default: all."""
    needs: tuple[str, ...] = ()
    """Features of subject or file system without which the case says nothing."""
    files: dict[str, str | File] = field(default_factory=dict)
    observe: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each program file, expressions by name, evaluated in that program when it ends."""
    after: dict[str, str] = field(default_factory=dict)
    """Call: expressions by name, evaluated in the caller, with ``result`` and ``error``."""
    expect: tuple[Expect, ...] = ()
    documented: Expect | None = None
    """What the documentation, taken at its word, would give, where CPython does otherwise."""


class Case(CaseFile, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A case that was loaded."""

    area: str
    """The folder of cases/ that it lies in."""
    file: str
    """Path of its file, as loaded."""

    @property
    def cited(self) -> tuple[str, ...]:
        """All clauses that it names."""
        return (*self.clauses, *self.against)
