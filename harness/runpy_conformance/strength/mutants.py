"""From the source of a module to its mutants. Pure functions."""

import difflib
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from msgspec import Struct

from runpy_conformance.model.strength import Mutant
from runpy_conformance.strength.operators import OPERATORS, Operator


class Unreadable(Exception):
    """A source that cannot be parsed; the text says why."""


class _Site(Struct, frozen=True):
    node: cst.CSTNode
    scope: str
    line: int
    at_import: bool

    @property
    def is_block(self) -> bool:
        return isinstance(self.node, cst.BaseSuite)


def mutants(file: str, source: str) -> Iterator[tuple[Mutant, str]]:
    """Each mutant of the module *source*, called *file*, with its own source. Raises `Unreadable`."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(source))
    except cst.ParserSyntaxError as problem:
        raise Unreadable(f"{file}:{problem.raw_line}: it cannot be parsed: {problem.message}") from None
    positions = wrapper.resolve(PositionProvider)
    lines = source.splitlines()
    seen: Counter[str] = Counter()
    for before, statement, after in _pieces(wrapper.module):
        walk = _Walk(positions)
        statement.visit(walk)
        original = wrapper.module.code_for_node(statement)
        for site in walk.sites:
            for operator, node in _changes(site.node):
                replaced = node if site.node is statement else statement.deep_replace(site.node, node)
                changed = wrapper.module.code_for_node(replaced)
                diff = _diff(original, changed)
                if not diff:
                    continue
                line = positions[_first_changed(site.node, node)].start.line if site.is_block else site.line
                identity = "\n".join((file, site.scope, lines[line - 1].strip(), diff))
                key = hashlib.sha256(identity.encode()).hexdigest()[:12]
                seen[key] += 1
                if seen[key] > 1:
                    key = f"{key}-{seen[key]}"
                mutant = Mutant(key, file, site.scope, line, site.at_import, operator, diff)
                yield mutant, before + changed + after


def _pieces(module: cst.Module) -> Iterator[tuple[str, cst.CSTNode, str]]:
    """Each statement of a module with the text before it and the text behind it."""
    texts = [module.code_for_node(statement) for statement in module.body]
    begin = module.code.index(texts[0]) if texts else 0
    for statement, text in zip(module.body, texts, strict=True):
        end = begin + len(text)
        yield module.code[:begin], statement, module.code[end:]
        begin = end


def _first_changed(before: cst.CSTNode, after: cst.CSTNode) -> cst.CSTNode:
    """The first part of *before* that is another in *after*."""
    pairs = zip(before.children, after.children, strict=False)
    return next((old for old, new in pairs if old is not new), before)


def _changes(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            for changed in operator(node):
                yield name(operator), changed


def name(operator: Operator | object) -> str:
    """What an operator is called, such as ``left out``."""
    return str(getattr(operator, "__name__", operator)).removeprefix("operator_").replace("_", " ")


def _diff(before: str, after: str) -> str:
    """The lines of code that differ, without their places and indentation."""
    lines = difflib.unified_diff(_code_lines(before), _code_lines(after), n=0, lineterm="")
    return "\n".join(f"{line[0]} {line[1:]}" for line in list(lines)[2:] if line[0] in "+-")


def _code_lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


_FOR_CHECKERS = m.Name("TYPE_CHECKING")
_LEFT_ALONE = (
    m.Annotation()
    | m.Decorator()
    | m.Import()
    | m.ImportFrom()
    | m.Expr(value=m.SimpleString() | m.ConcatenatedString())
    | m.If(test=_FOR_CHECKERS)
    | m.Assign(targets=[m.AssignTarget(target=_FOR_CHECKERS)])
)


class _Walk(cst.CSTVisitor):
    """Collects the nodes that may change, each with its scope and statement.

    Left alone: imports, annotations, decorators, what is for type checkers only, and texts that stand alone, such as
    docstrings.
    """

    def __init__(self, positions: Mapping[cst.CSTNode, Any]) -> None:
        super().__init__()
        self._positions = positions
        self.sites: list[_Site] = []
        self._parents: list[cst.CSTNode] = []
        self._scope: list[str] = []
        self._lines: list[int] = [1]
        self._bodies = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        if m.matches(node, _LEFT_ALONE):
            return False
        if _is_statement(node):
            self._lines.append(self._positions[node].start.line)
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self._scope.append(node.name.value)
        if self._is_function_body(node):
            self._bodies += 1
        self._parents.append(node)
        self.sites.append(_Site(node, ".".join(self._scope), self._lines[-1], not self._bodies))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if not self._parents or self._parents[-1] is not original_node:
            return
        self._parents.pop()
        if self._is_function_body(original_node):
            self._bodies -= 1
        if isinstance(original_node, (cst.FunctionDef, cst.ClassDef)):
            self._scope.pop()
        if _is_statement(original_node):
            self._lines.pop()

    def _is_function_body(self, node: cst.CSTNode) -> bool:
        parent = self._parents[-1] if self._parents else None
        return isinstance(node, cst.BaseSuite) and isinstance(parent, cst.FunctionDef)


def _is_statement(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.BaseSmallStatement, cst.BaseCompoundStatement))
