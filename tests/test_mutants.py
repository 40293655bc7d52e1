"""From a source to its mutants, and to a copy that says which lines it executes."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from runpy_conformance.execution.bytecode import digests
from runpy_conformance.model.subject import Interpreter
from runpy_conformance.strength.mutants import Unreadable, mutants
from runpy_conformance.strength.reach import instrumented, taken


def made(source: str, operator: str) -> list[str]:
    """What *operator* makes of *source*, with the first line taken for granted."""
    return [text for mutant, text in mutants("m.py", textwrap.dedent(source)) if mutant.operator == operator]


@pytest.mark.parametrize(
    ("operator", "before", "after"),
    [
        ("left out", "del sys.modules[name]\n", "pass\n"),
        ("left out", "def f():\n    raise ValueError\n", "def f():\n    pass\n"),
        ("swapped statements", "def f():\n    g()\n    h()\n", "def f():\n    h()\n    g()\n"),
        ("not guarded", "try:\n    g()\nfinally:\n    h()\n", "if True:\n    g()\n    h()\n"),
        ("not guarded", "try:\n    g()\nexcept E:\n    h()\n", "if True:\n    g()\n"),
        ("not entered", "with a, b:\n    pass\n", "with a:\n    pass\n"),
        ("not entered", "with a:\n    g()\n", "if True:\n    g()\n"),
        ("caught otherwise", "try:\n    pass\nexcept (A, B):\n    pass\n", "try:\n    pass\nexcept (B,):\n    pass\n"),
        (
            "caught otherwise",
            "try:\n    pass\nexcept KeyError:\n    pass\n",
            "try:\n    pass\nexcept Exception:\n    pass\n",
        ),
        ("raised otherwise", "raise E('x') from e\n", "raise E('x')\n"),
        ("raised otherwise", "raise E('x') from e\n", "raise E('x') from None\n"),
        ("raised otherwise", "raise E('x')\n", "raise ImportError('x')\n"),
        ("decided otherwise", "if a:\n    pass\n", "if not (a):\n    pass\n"),
        ("one operand", "x = a or b\n", "x = (b)\n"),
        ("sibling attribute", "x = spec.origin\n", "x = spec.cached\n"),
        ("not converted", "x = d.copy()\n", "x = d\n"),
        ("not converted", "x = fsdecode(p)\n", "x = (p)\n"),
        ("exchanged arguments", "f(a, k=b)\n", "f(b, k=a)\n"),
        ("placed elsewhere", "sys.path.insert(0, p)\n", "sys.path.append(p)\n"),
        ("placed elsewhere", "sys.path.remove(p)\n", "sys.path.pop(0)\n"),
        ("replaced list", "sys.argv[0] = v\n", "sys.argv[:] = [v]\n"),
        ("replaced list", "sys.argv[0] = v\n", "sys.argv.insert(0, v)\n"),
        ("returned otherwise", "def f():\n    return x\n", "def f():\n    return None\n"),
        ("other default", "def f(a=None): pass\n", 'def f(a="__main__"): pass\n'),
        ("other default", "def f(a=KeyError): pass\n", "def f(a=Exception): pass\n"),
        ("other text", "x = f'a{b}'\n", "x = f'XXa{b}'\n"),
        ("no turns", "for x in y:\n    g()\n", "for x in y:\n    g()\n    break\n"),
        ("symmetric string methods swap", "x = n.rpartition('.')\n", "x = n.partition('.')\n"),
        ("arg removal", "f(a, b)\n", "f(a)\n"),
        ("swap op", "x = a == b\n", "x = a != b\n"),
    ],
)
def test_operators(operator: str, before: str, after: str) -> None:
    variants = [text.replace(", )", ")").replace(",)", ")") for text in made(before, operator)]
    assert after.replace(",)", ")") in variants


def test_what_changes_nothing_is_left_alone() -> None:
    source = '''
    """A docstring."""
    from a import b

    TYPE_CHECKING = False
    if TYPE_CHECKING:
        Name = c.d

    @decorator
    def f(x: int) -> "text":
        """Another."""
        y = x.y
        z = x.z
    '''
    found = list(mutants("m.py", textwrap.dedent(source)))
    assert {mutant.scope for mutant, _ in found} == {"f"}
    assert {mutant.operator for mutant, _ in found} == {"left out", "assignment"}


def test_bindings_that_speak_of_each_other_are_exchanged() -> None:
    assert made("def f(x):\n    y = x\n    x = 1\n", "swapped statements")


def test_bindings_that_say_nothing_of_each_other_are_not_exchanged() -> None:
    assert not made("def f(self):\n    self.x = 1\n    self.y = z\n    w = z.x\n", "swapped statements")
    assert made("def f(self):\n    self.x = g()\n    self.y = z\n", "swapped statements")


def test_a_key_outlives_edits_elsewhere() -> None:
    source = "class A:\n    def f(self):\n        g(1)\n        g(1)\n"
    edited = f"import this\n\ndef new(): return 7\n\n\n{source}\n".replace(
        "        g(1)\n", "        g(1)\n\n  # said\n", 1
    )
    before = {mutant.key for mutant, _ in mutants("m.py", source)}
    after = {mutant.key for mutant, _ in mutants("m.py", edited) if mutant.scope == "A.f"}
    assert before == after
    assert len(before) == len(list(mutants("m.py", source)))


def test_a_mutant_says_where_it_is() -> None:
    source = "x = f(1)\ndef g(a=None):\n    if a:\n        h(\n            2)\n    k()\n    l()\n"
    at = {(m.operator, m.line, m.at_import, m.scope) for m, _ in mutants("m.py", source)}
    assert ("number", 1, True, "") in at
    assert ("other default", 2, True, "g") in at
    assert ("number", 4, False, "g") in at
    assert ("swapped statements", 6, False, "g") in at


def test_a_source_that_cannot_be_parsed() -> None:
    with pytest.raises(Unreadable, match=r"m\.py:2: it cannot be parsed"):
        list(mutants("m.py", "x = 1\ny = = 2\n"))
    with pytest.raises(Unreadable, match=r"m\.py:2: it cannot be parsed"):
        instrumented("m.py", "x = 1\ny = = 2\n", Path("log"))


def test_digests_are_of_the_bytecode_alone(pythons: tuple[Interpreter, ...]) -> None:
    for host in pythons:
        first, moved, other, nested, none = digests(
            host, ["x = 1\n", "\n\nx = 1  # said\n", "x = True\n", "def f(): return 2\n", "x ="]
        )
        assert first == moved
        assert len({first, other, nested, None}) == 4
        assert none is None


def test_an_instrumented_source_says_which_lines_it_executes(tmp_path: Path) -> None:
    source = textwrap.dedent('''
    """Text."""
    from __future__ import annotations

    def f(x):
        if x:
            return 1
        else:
            return 2

    class A:
        try:
            f(0)
        finally:
            y = 3
    ''')
    log = tmp_path / "log"
    (tmp_path / "m.py").write_text(instrumented("m.py", source, log), encoding="utf-8")
    subprocess.run([sys.executable, "-c", "import m; print(m.__doc__, m.A.y)"], cwd=tmp_path, check=True)
    assert taken(log) == {("m.py", line) for line in (5, 6, 9, 11, 12, 13, 15)}
    assert taken(log) == frozenset()


def test_functions_with_other_globals_say_which_lines_they_execute(tmp_path: Path) -> None:
    log = tmp_path / "log"
    source = """import builtins
from types import FunctionType

def call():
    return 42

there = FunctionType(call.__code__, {"__builtins__": builtins})()
"""
    path = tmp_path / "m.py"
    path.write_text(instrumented("m.py", source, log), encoding="utf-8")
    done = subprocess.run([sys.executable, path], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ("m.py", 5) in taken(log)
