"""A manifest: the file that describes a subject."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from runpy_conformance.model.subject import Known, ProgramKind


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"):
    """One TOML file. Which keys go with which kind is said at each; the others go with all."""

    name: Annotated[str, Meta(pattern=r"^\w[\w.+-]*$")]
    """Ids of subjects are made of it: ``coverage@cpython-3.13.0``."""
    kind: Literal["interpreter", "module", "launcher"]
    title: str = ""
    """The name for people, such as ``coverage run``."""
    homepage: str = ""
    tracker: str = ""
    """Where findings are to be reported."""
    not_run: str | None = None
    """Why this project could not run it, if so."""

    command: tuple[str, ...] = ()
    """Interpreter: the words that start it. The first is a path, a name in PATH, or the name of one found."""
    server: tuple[str, ...] = ()
    """Interpreter: the words that start a server, which runs commands in the place of processes."""
    npm: tuple[str, ...] = ()
    """Interpreter: what npm installs into an environment of its own."""
    judged_as: str | None = None
    """Interpreter: the version whose rules count for it, such as ``3.6.15``, where that is not what it says."""
    missing_modules: tuple[str, ...] = ()
    """Interpreter: modules of the standard library that it does not have; cases that import them say nothing."""

    host: str = "cpython"
    """Module and launcher: path or name of the interpreter that it runs on. Default: the newest CPython found."""
    install: tuple[str, ...] = ()
    """Module and launcher: what pip installs into an environment of its own, made of the host.

    Paths are relative to the manifest."""
    module: str | None = None
    """Module: the name that is imported in the place of runpy."""
    pythonpath: tuple[str, ...] = ()
    """Module: folders to import it from, relative to the manifest."""

    commands: dict[ProgramKind, tuple[str, ...]] = field(default_factory=dict)
    """Launcher: for each kind of program that it runs, the words that do it.

    ``{python}`` stands for the host's executable, behind which options go; ``{module}``, ``{path}``, ``{arguments}``
    and, for ``words``, ``{words}`` for what the case has there; ``{scratch}`` for a folder of the run's own.
    """
    says: tuple[str, ...] = ()
    """Launcher: regular expressions of what it writes itself, where it cannot be told to be silent.

    Whatever they match, line by line, is taken out of both standard streams before these are compared.
    """
    environment: dict[str, str] = field(default_factory=dict)
    """Variables added to the clean environment; ``{scratch}`` stands for a folder of the run's own."""
    lacks: tuple[str, ...] = ()
    """Features that it does not have; cases that need them say nothing."""
    time_factor: Annotated[float, Meta(gt=0)] = 1.0
    """Of every time limit."""
    memory_limited: bool = True
    """Whether the address space of its processes can be limited; false for what reserves much, such as a JVM."""
    known: tuple[Known, ...] = ()
    """Its known failures, last in the file: ``run --update-known`` writes them."""

    def __post_init__(self) -> None:
        own: dict[str, tuple[str, ...]] = {
            "interpreter": ("command", "server", "npm", "judged_as", "missing_modules"),
            "module": ("install", "module", "pythonpath"),
            "launcher": ("install", "commands", "says"),
        }
        for kind, keys in own.items():
            for key in keys:
                if getattr(self, key) and kind != self.kind and key not in own[self.kind]:
                    raise ValueError(f"the key {key.replace('_', '-')!r} does not go with the kind {self.kind!r}")
        needed = {"interpreter": self.command or self.server, "module": self.module, "launcher": self.commands}
        if not needed[self.kind]:
            key = {"interpreter": "command", "module": "module", "launcher": "commands"}[self.kind]
            raise ValueError(f"a manifest of the kind {self.kind!r} has the key {key!r}")
        for kind, words in self.commands.items():
            place = {"module": "{module}", "words": "{words}"}.get(kind, "{path}")
            if not any(place in word for word in words):
                raise ValueError(f"commands.{kind} does not say where {place} goes")
