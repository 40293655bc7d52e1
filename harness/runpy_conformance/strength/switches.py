"""A module as one host sees it: what its switches for versions decide there is decided. Pure functions."""

import ast
from collections.abc import Mapping
from typing import Any


def decided(source: str, table: str, switches: Mapping[str, bool]) -> str | None:
    """A text that is equal for sources that do the same where *switches* are the attributes of the name *table*.

    Conditions that they decide are taken out, with the branch that is then never taken. None if *source* is none.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    return ast.dump(_Decided(table, switches).visit(tree))


class _Decided(ast.NodeTransformer):
    def __init__(self, table: str, switches: Mapping[str, bool]) -> None:
        self._table = table
        self._switches = switches

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == self._table and node.attr in self._switches:
            return ast.Constant(self._switches[node.attr])
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        value = _truth(node.operand)
        return ast.Constant(not value) if isinstance(node.op, ast.Not) and value is not None else node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Operands that the one before them makes needless go; so do those that only hand on to the next."""
        self.generic_visit(node)
        ends = isinstance(node.op, ast.Or)
        values: list[ast.expr] = []
        for value in node.values:
            truth = _truth(value)
            if truth is not (not ends) or value is node.values[-1]:
                values.append(value)
            if truth is ends:
                break
        return ast.BoolOp(node.op, values) if len(values) > 1 else values[0]

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        test = _tested(node.test)
        truth = _truth(test)
        if truth is None:
            return ast.IfExp(test, node.body, node.orelse)
        return node.body if truth else node.orelse

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        test = _tested(node.test)
        truth = _truth(test)
        if truth is None:
            return ast.If(test, node.body, node.orelse)
        return (node.body if truth else node.orelse) or [ast.Pass()]


def _truth(node: ast.expr) -> bool | None:
    """What *node* is as a condition; None if that shows only when it is evaluated."""
    return bool(node.value) if isinstance(node, ast.Constant) else None


def _tested(node: ast.expr) -> ast.expr:
    """*node* as a condition: a last operand that changes nothing of its truth goes."""
    if isinstance(node, ast.BoolOp) and _truth(node.values[-1]) is isinstance(node.op, ast.And):
        rest = node.values[:-1]
        return _tested(ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0])
    return node
