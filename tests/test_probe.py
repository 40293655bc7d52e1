"""The probe, on every Python here: it sees the same, imports nothing and leaves nothing."""

import json
import subprocess
from pathlib import Path

import pytest
from runpy_conformance.execution.materialise import with_probe
from runpy_conformance.model.subject import Interpreter

PROGRAM = """
import sys
before = set(sys.modules), set(globals())
class Thing(object):
    pass
thing = Thing()
table = {'b': 1, 'a': [None, True, 1.5]}
text = u'caf\\xe9 \\U0001f600 "quoted" back\\\\slash\\n'
deep = []
for _ in range(50):
    deep = [deep]
del _
# observe
print(sorted(set(sys.modules) - before[0]))
print(sorted(set(globals()) - before[1] - {'before', 'Thing', 'thing', 'table', 'text', 'deep'}))
"""
WANTED = {
    "table": "table",
    "text": "text",
    "object": "thing",
    "error": "missing",
    "exit": "sys.exit(3)",
    "deep": "len(str(deep)) > 0",
    "set": "{3, 1, 2}",
    "long": "2 ** 70",
    "infinite": "float('inf')",
}


def test_on_every_python(pythons: tuple[Interpreter, ...], tmp_path: Path) -> None:
    for host in pythons:
        observed = tmp_path / f"{host.name}.jsonl"
        program = tmp_path / "program.py"
        program.write_text(with_probe(PROGRAM, WANTED, observed), encoding="utf-8")
        done = subprocess.run([host.path, str(program)], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert (done.stdout, done.stderr) == ("[]\n[]\n", ""), host.name
        assert json.loads(observed.read_text()) == {
            "table": {"a": [None, True, 1.5], "b": 1},
            "text": 'caf\xe9 \U0001f600 "quoted" back\\slash\n',
            "object": {"!object": "__main__.Thing"},
            "error": {"!raises": "NameError"},
            "exit": {"!raises": "SystemExit"},
            "deep": True,
            "set": [1, 2, 3],
            "long": 2**70,
            "infinite": {"!object": "float"},
        }, host.name


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_in_a_program_of_another_encoding(here: Interpreter, tmp_path: Path, encoding: str) -> None:
    source = with_probe(f"# coding: {encoding}\nname = 'é'\n", {"name": "name"}, tmp_path / "observed")
    (tmp_path / "m.py").write_bytes(source.encode(encoding))
    subprocess.run([here.path, "m.py"], check=True, cwd=tmp_path)
    assert json.loads((tmp_path / "observed").read_text()) == {"name": "é"}
