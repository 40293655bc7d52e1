"""Mutation operators of the domain: what someone who writes a runpy gets wrong.

An operator takes a node of a syntax tree and yields nodes to put in its place, one mutant each. Those of the library,
mutmut (numbers, strings, names, arguments, comparisons, assignments, …), have the same form and are used beside them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import libcst as cst
import libcst.matchers as m
from mutmut.mutation.mutators import mutation_operators as library_operators

Operator = tuple[type, Callable[[Any], Iterable[cst.CSTNode]]]

SIBLINGS = {
    "origin": ("cached", "name"),
    "cached": ("origin",),
    "parent": ("name",),
    "name": ("parent",),
    "loader": ("origin",),
    "has_location": ("origin",),
    "abspath": ("normpath", "realpath"),
    "realpath": ("abspath",),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "fsdecode": ("fspath", "fsencode"),
    "executable": ("argv",),
    "get_code": ("get_source",),
}
"""Attributes that one takes for each other."""

WIDER = "Exception"
NARROWER = {
    "ImportError": "ModuleNotFoundError",
    "OSError": "FileNotFoundError",
    "BaseException": "Exception",
    "Exception": "ImportError",
    "AttributeError": "TypeError",
}


def left_out(node: cst.BaseSmallStatement) -> Iterator[cst.CSTNode]:
    """A statement that is forgotten: restoring, warning, raising, storing."""
    if not isinstance(node, (cst.Pass, cst.Import, cst.ImportFrom, cst.Global, cst.Nonlocal)):
        yield cst.Pass(semicolon=node.semicolon)


def swapped_statements(node: cst.BaseSuite) -> Iterator[cst.CSTNode]:
    """Two statements in the other order: restored, or applied, before and after.

    Left alone: docstrings, imports, definitions, and two bindings of names, or attributes of self, that say nothing
    of each other.
    """
    for index in range(len(node.body) - 1):
        first, second = node.body[index : index + 2]
        fixed = m.matches(first, _FIXED) or m.matches(second, _FIXED)
        if not fixed and not (_binds(first) and _binds(second) and _independent(first, second)):
            yield node.with_changes(body=[*node.body[:index], second, first, *node.body[index + 2 :]])


_TEXT = m.Expr(value=m.SimpleString() | m.ConcatenatedString())
_FIXED = m.FunctionDef() | m.ClassDef() | m.SimpleStatementLine(body=[_TEXT | m.Import() | m.ImportFrom()])
_TARGET = m.AssignTarget(target=m.Name() | m.Attribute(value=m.Name("self")))
_BINDING = m.SimpleStatementLine(body=[m.Assign(targets=[_TARGET])])


def _binds(node: cst.CSTNode) -> bool:
    """Whether *node* gives a name a value that is there already, without a call or a look into a container."""
    return m.matches(node, _BINDING) and not m.findall(node, m.Call() | m.Subscript() | m.Yield())


def _independent(first: cst.CSTNode, second: cst.CSTNode) -> bool:
    """Whether neither of two bindings of a name speaks of the name that the other binds."""
    return not (_speaks_of(first, _bound(second)) or _speaks_of(second, _bound(first)))


def _bound(node: cst.CSTNode) -> str:
    [found] = m.findall(node, _TARGET)
    target = cst.ensure_type(found, cst.AssignTarget).target
    return target.attr.value if isinstance(target, cst.Attribute) else cst.ensure_type(target, cst.Name).value


def _speaks_of(node: cst.CSTNode, name: str) -> bool:
    return bool(m.findall(node, m.Name(name)))


def not_guarded(node: cst.Try) -> Iterator[cst.CSTNode]:
    """What belongs into ``finally`` is done on success only; an exception is not caught."""
    if node.finalbody is not None:
        done = _block([*node.body.body, *node.finalbody.body.body])
        yield node.with_changes(body=done, finalbody=None) if node.handlers else _plain(done)
    for index in range(len(node.handlers)):
        rest = [*node.handlers[:index], *node.handlers[index + 1 :]]
        if rest or node.finalbody is not None:
            yield node.with_changes(handlers=rest, orelse=node.orelse if rest else None)
        else:
            yield _plain(_block([*node.body.body, *(node.orelse.body.body if node.orelse else ())]))


def not_entered(node: cst.With) -> Iterator[cst.CSTNode]:
    """A context manager that is not entered."""
    for index in range(len(node.items)):
        rest = [*node.items[:index], *node.items[index + 1 :]]
        if rest:
            rest[-1] = rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        yield node.with_changes(items=rest) if rest else _plain(node.body)


def _block(body: list[Any]) -> cst.IndentedBlock:
    return cst.IndentedBlock(body)


def _plain(body: cst.BaseSuite) -> cst.If:
    """*body* alone, indented as it was."""
    return cst.If(cst.Name("True"), body)


def caught_otherwise(node: cst.ExceptHandler) -> Iterator[cst.CSTNode]:
    """More, or less, is caught than should be."""
    if isinstance(node.type, cst.Tuple):
        for index in range(len(node.type.elements)):
            rest = [*node.type.elements[:index], *node.type.elements[index + 1 :]]
            yield node.with_changes(type=node.type.with_changes(elements=rest))
    for name in _other_classes(node.type):
        yield node.with_changes(type=name)


def raised_otherwise(node: cst.Raise) -> Iterator[cst.CSTNode]:
    """Another exception, or another cause, is raised."""
    if node.exc is None:
        return
    if isinstance(node.exc, cst.Call):
        for name in ("RuntimeError", "ImportError"):
            if not m.matches(node.exc.func, m.Name(name)):
                yield node.with_changes(exc=node.exc.with_changes(func=cst.Name(name)))
    if node.cause is not None:
        yield node.with_changes(cause=None)
    if node.cause is None or not m.matches(node.cause.item, m.Name("None")):
        yield node.with_changes(cause=cst.From(cst.Name("None")))


def _other_classes(node: cst.BaseExpression | None) -> Iterator[cst.BaseExpression]:
    if node is not None and not m.matches(node, m.Name(WIDER)):
        yield cst.Name(WIDER)
    if isinstance(node, cst.Name) and node.value in NARROWER:
        yield cst.Name(NARROWER[node.value])


def decided_otherwise(node: cst.If | cst.While) -> Iterator[cst.CSTNode]:
    """A branch that is always, or never, taken, or taken in the other case."""
    yield node.with_changes(test=cst.Name("True"))
    yield node.with_changes(test=cst.Name("False"))
    if not m.matches(node.test, m.UnaryOperation(operator=m.Not())):
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), _parenthesised(node.test)))


def _parenthesised(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.with_changes(lpar=[cst.LeftParen(), *node.lpar], rpar=[*node.rpar, cst.RightParen()])


def one_operand(node: cst.BooleanOperation) -> Iterator[cst.CSTNode]:
    """A condition that leaves out a part."""
    yield _parenthesised(node.left)
    yield _parenthesised(node.right)


def sibling_attribute(node: cst.Attribute) -> Iterator[cst.CSTNode]:
    """One attribute for another: origin for cached, parent for name."""
    for name in SIBLINGS.get(node.attr.value, ()):
        yield node.with_changes(attr=cst.Name(name))


def not_converted(node: cst.Call) -> Iterator[cst.CSTNode]:
    """``f(x)`` becomes ``x``, and ``x.f()`` becomes ``x``: a copy or a conversion that is forgotten."""
    if len(node.args) == 1 and not node.args[0].star and node.args[0].keyword is None:
        yield _parenthesised(node.args[0].value)
    if not node.args and isinstance(node.func, cst.Attribute):
        yield node.func.value


def exchanged_arguments(node: cst.Call) -> Iterator[cst.CSTNode]:
    """Two arguments in the other order; keyword arguments keep their names and change their values."""
    for index in range(len(node.args) - 1):
        first, second = node.args[index : index + 2]
        if first.star == second.star and not first.value.deep_equals(second.value):
            pair = [first.with_changes(value=second.value), second.with_changes(value=first.value)]
            yield node.with_changes(args=[*node.args[:index], *pair, *node.args[index + 2 :]])


def placed_elsewhere(node: cst.Call) -> Iterator[cst.CSTNode]:
    """An entry of a list, such as that of sys.path, is put or taken at another place."""
    if m.matches(node.func, m.Attribute(attr=m.Name("insert"))) and len(node.args) == 2:
        func = cst.ensure_type(node.func, cst.Attribute)
        yield node.with_changes(func=func.with_changes(attr=cst.Name("append")), args=[node.args[1]])
    if m.matches(node.func, m.Attribute(attr=m.Name("remove"))) and len(node.args) == 1:
        func = cst.ensure_type(node.func, cst.Attribute)
        first = cst.Arg(cst.Integer("0"))
        yield node.with_changes(func=func.with_changes(attr=cst.Name("pop")), args=[first])


def replaced_list(node: cst.Assign) -> Iterator[cst.CSTNode]:
    """``x[i] = v`` becomes ``x[:] = [v]`` and ``x.insert(i, v)``: argv is replaced, or grows, instead of its first."""
    [target, *more] = node.targets
    if more or not m.matches(target.target, m.Subscript(slice=[m.SubscriptElement(slice=m.Index())])):
        return
    subscript = cst.ensure_type(target.target, cst.Subscript)
    everything = [cst.SubscriptElement(cst.Slice(lower=None, upper=None))]
    yield node.with_changes(
        targets=[target.with_changes(target=subscript.with_changes(slice=everything))],
        value=cst.List([cst.Element(node.value)]),
    )
    index = cst.ensure_type(subscript.slice[0].slice, cst.Index).value
    call = cst.Call(cst.Attribute(subscript.value, cst.Name("insert")), [cst.Arg(index), cst.Arg(node.value)])
    yield cst.Expr(call, semicolon=node.semicolon)


def returned_otherwise(node: cst.Return) -> Iterator[cst.CSTNode]:
    """Nothing is returned."""
    if node.value is not None and not m.matches(node.value, m.Name("None")):
        yield node.with_changes(value=cst.Name("None"), whitespace_after_return=cst.SimpleWhitespace(" "))


def other_default(node: cst.Param) -> Iterator[cst.CSTNode]:
    """Another default of a parameter."""
    if node.default is not None and m.matches(node.default, m.Name("None")):
        yield node.with_changes(default=cst.SimpleString('"__main__"'))
    for name in _other_classes(node.default) if m.matches(node.default or node, m.Name()) else ():
        if not m.matches(node.default or node, m.Name("None") | m.Name("True") | m.Name("False")):
            yield node.with_changes(default=name)


def other_text(node: cst.FormattedStringText) -> Iterator[cst.CSTNode]:
    """Other words in a formatted string."""
    yield node.with_changes(value=f"XX{node.value}")


def no_turns(node: cst.For) -> Iterator[cst.CSTNode]:
    """A loop that does nothing, and one that ends after its first turn."""
    yield node.with_changes(iter=cst.Tuple([], lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
    if isinstance(node.body, cst.IndentedBlock):
        end = cst.SimpleStatementLine([cst.Break()])
        yield node.with_changes(body=node.body.with_changes(body=[*node.body.body, end]))


DOMAIN: tuple[Operator, ...] = (
    (cst.BaseSmallStatement, left_out),
    (cst.IndentedBlock, swapped_statements),
    (cst.Try, not_guarded),
    (cst.With, not_entered),
    (cst.ExceptHandler, caught_otherwise),
    (cst.Raise, raised_otherwise),
    (cst.If, decided_otherwise),
    (cst.While, decided_otherwise),
    (cst.BooleanOperation, one_operand),
    (cst.Attribute, sibling_attribute),
    (cst.Call, not_converted),
    (cst.Call, exchanged_arguments),
    (cst.Call, placed_elsewhere),
    (cst.Assign, replaced_list),
    (cst.Return, returned_otherwise),
    (cst.Param, other_default),
    (cst.FormattedStringText, other_text),
    (cst.For, no_turns),
)

OPERATORS: tuple[Operator, ...] = (*library_operators, *DOMAIN)
