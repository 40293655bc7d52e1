"""Which lines of an implementation a run executes: a copy of the source that says so itself."""

import ast
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from runpy_conformance.execution.batch import result
from runpy_conformance.execution.executor import Executor
from runpy_conformance.execution.importing import why_not_imported
from runpy_conformance.judge import excluded
from runpy_conformance.model.case import Case
from runpy_conformance.model.strength import Mutant
from runpy_conformance.strength.mutants import Unreadable
from runpy_conformance.strength.scratch import scratch
from runpy_conformance.strength.target import Target

Line = tuple[str, int]
"""A module's file and a line of it."""

_Named = tuple[tuple[str, str], frozenset[str]]

CLAUSE = re.compile(r"\b[A-Z]{3}-[0-9]{2}\b")
"""The id of a clause, in a text."""

_RECORDER = """
def {name}(line, seen=set(), log={log!r}, file={file!r}):
    if line not in seen:
        seen.add(line)
        try:
            from _io import FileIO
            with FileIO(log, "a") as stream:
                stream.write(b"%s:%d\\n" % (file.encode(), line))
        except BaseException:
            pass
__import__("builtins").{name} = {name}
"""


def instrumented(file: str, source: str, log: Path) -> str:
    """*source*, the module *file*, with a call before each statement that adds its line to the file *log*.

    What is called is among the builtins, for functions that are given other globals. Each process adds a line once.
    Raises `Unreadable` if *source* cannot be parsed.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as problem:
        raise Unreadable(f"{file}:{problem.lineno}: it cannot be parsed: {problem.msg}") from None
    name = "_reached_" + re.sub(r"\W", "_", file)
    _Recording(name).visit(tree)
    start = next((index for index, node in enumerate(tree.body) if not _must_be_first(node)), len(tree.body))
    tree.body[start:start] = ast.parse(_RECORDER.format(name=name, log=str(log), file=file)).body
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Recording(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self.name = name

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [new for statement in block for new in self.recorded(statement)])
        return node

    def recorded(self, statement: ast.stmt) -> list[Any]:
        if _must_be_first(statement):
            return [statement]
        call = ast.Expr(ast.Call(ast.Name(self.name, ast.Load()), [ast.Constant(statement.lineno)], []))
        return [call, statement]


def _must_be_first(node: ast.AST) -> bool:
    """Whether *node* is a text that stands alone, or an import from ``__future__``."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def named_clauses(sources: Mapping[str, str]) -> dict[tuple[str, str], frozenset[str]]:
    """By file and function, such as ``Class.method``: the clauses named in its docstring, or in that of its class."""

    def below(node: ast.AST, file: str, scope: tuple[str, ...], own: frozenset[str]) -> Iterator[_Named]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                name = (*scope, child.name)
                named = frozenset(CLAUSE.findall(ast.get_docstring(child) or "")) or own
                yield (file, ".".join(name)), named
                yield from below(child, file, name, named)

    return dict(one for file, source in sources.items() for one in below(ast.parse(source), file, (), frozenset()))


def taken(log: Path) -> frozenset[Line]:
    """What was written to *log*, which is emptied."""
    if not log.exists():
        return frozenset()
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_bytes(b"")
    return frozenset((file, int(line)) for file, _, line in (text.rpartition(":") for text in lines))


_LOG = "reached"


def _instrumented(target: Target, log: Path) -> dict[str, str]:
    return {name: instrumented(name, source, log) for name, source in target.sources.items()}


class Reached:
    """Which cases execute which lines of an implementation, and how long each case takes."""

    def __init__(self, target: Target, cases: Sequence[Case], processes: int) -> None:
        """Runs those of *cases* that are for *target*, each once, *processes* at a time.

        Raises `Unreadable` if a module of *target* cannot be parsed.
        """
        self.seconds: dict[str, float] = {}
        """By id of the case."""
        self._lines: dict[str, frozenset[Line]] = {}
        self._at_import: frozenset[Line] = frozenset()
        self._in_all: frozenset[str] = frozenset()
        """The files that every case has imported before it begins."""
        with ExitStack() as stack:
            folders = [stack.enter_context(scratch()) for _ in range(processes)]
            # Not in the threads: ast.parse was seen to fail on 3.11 when two of them call it at once.
            sources = [_instrumented(target, folder / _LOG) for folder in folders]
            parts = [cases[index::processes] for index in range(processes)]
            with ThreadPoolExecutor(processes) as pool:
                list(pool.map(partial(self._run, target), folders, sources, parts))

    def _run(self, target: Target, folder: Path, sources: Mapping[str, str], cases: Iterable[Case]) -> None:
        (folder / "target").mkdir()
        subject = target.place(folder / "target").put(sources)
        why_not_imported(subject, target.importing(target.entrance))
        first = taken(folder / _LOG)
        for name in sources:
            why_not_imported(subject, target.importing(name))
        self._in_all = frozenset(file for file, _ in first)
        self._at_import = first | taken(folder / _LOG)
        with Executor(subject) as executor:
            for case in cases:
                if excluded(case, subject) is None:
                    begin = time.perf_counter()
                    result(case, executor)
                    self.seconds[case.id] = time.perf_counter() - begin
                    self._lines[case.id] = taken(folder / _LOG)

    def cases(self, mutant: Mutant) -> list[str]:
        """The ids of the cases that execute the line that *mutant* changes."""
        place = (mutant.file, mutant.line)
        if mutant.at_import or place in self._at_import:
            everywhere = mutant.file in self._in_all
            return [
                case
                for case, lines in self._lines.items()
                if lines and (everywhere or any(file == mutant.file for file, _ in lines))
            ]
        return [case for case, lines in self._lines.items() if place in lines]
