"""Which modules the programs of a case import. Pure functions."""

import ast
import sys
import warnings
from collections.abc import Iterable, Iterator
from functools import cache

from runpy_conformance.model.case import Case, File


def imported(case: Case) -> frozenset[str]:
    """The top-level modules of the standard library that the programs, the caller and the expressions of *case* use.

    One that is to be run, and that the case does not bring along, is among them.
    """
    return frozenset((*(name for text in _texts(case) for name in _names(text)), *_run(case)))


def _run(case: Case) -> Iterator[str]:
    given = (case.run.arguments.get("mod_name"), *case.run.positional[:1]) if case.run.call == "run_module" else ()
    own = {name.partition("/")[0].partition(".")[0] for name in case.files}
    for name in (*given, case.run.command.module if case.run.command is not None else None):
        if isinstance(name, str):
            top = name.partition(".")[0]
            yield from {top} & sys.stdlib_module_names - own


def _texts(case: Case) -> Iterator[str]:
    yield from _programs(case.files.values())
    yield case.run.setup
    for value in (*case.run.arguments.values(), *case.run.positional):
        if isinstance(value, dict) and isinstance(value.get("python"), str):
            yield value["python"]
    command = case.run.command
    if command is not None:
        yield from filter(None, (command.code, command.stdin))
    for expressions in (*case.observe.values(), case.after):
        yield from expressions.values()


def _programs(files: Iterable[str | File]) -> Iterator[str]:
    for file in files:
        if isinstance(file, str):
            yield file
        else:
            yield from filter(None, (file.pyc, file.bytes))
            yield from _programs((file.zip or {}).values())


@cache
def _names(text: str) -> frozenset[str]:
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text.strip())
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(_imports(tree)) & sys.stdlib_module_names


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value.partition(".")[0]
