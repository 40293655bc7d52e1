"""Plausible wrong implementations: the suite rejects each of them, and names the clauses that it breaks, no others."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import filter as filter_names
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec
import pytest
from runpy_conformance.corpus import Corpus, default_root
from runpy_conformance.execution.batch import result
from runpy_conformance.execution.executor import Executor
from runpy_conformance.execution.sandbox import Limits
from runpy_conformance.judge import excluded
from runpy_conformance.markers import holds
from runpy_conformance.model.case import Case
from runpy_conformance.model.subject import Interpreter, Subject
from runpy_conformance.subjects.selection import Selector

FOLDER = default_root() / "tests/wrong"
REFERENCE = default_root() / "reference"
MODULES = {path.stem: path for path in sorted(FOLDER.glob("[!_]*.py"))}
LIMITS = Limits(seconds=5.0)


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is said of a module in clauses.toml."""

    breaks: tuple[str, ...] = ()
    """The clauses that it breaks."""
    also_fail: tuple[str, ...] = ()
    """Patterns of the cases that rest on what it breaks, and speak of something else."""
    when: str | None = None
    """The hosts, by a PEP 508 marker."""
    where: "tuple[Listed, ...]" = ()
    """What holds besides, on some hosts."""

    def on(self, environment: Mapping[str, str]) -> "Listed":
        """What holds on one host."""
        parts: list[Listed] = [self, *(part for part in self.where if holds(part.when, environment))]
        return Listed(sum((part.breaks for part in parts), ()), sum((part.also_fail for part in parts), ()))


LISTED = msgspec.convert(tomllib.loads((FOLDER / "clauses.toml").read_text(encoding="utf-8")), dict[str, Listed])


def test_every_module_is_small_and_listed_with_what_there_is(corpus: Corpus) -> None:
    assert MODULES.keys() == LISTED.keys()
    for one in (part for listed in LISTED.values() for part in (listed, *listed.where)):
        assert corpus.clauses.keys() >= set(one.breaks)
        assert all(filter_names(corpus.cases, pattern) for pattern in one.also_fail)
    for name, path in MODULES.items():
        text = path.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)), name
        assert text.count("\n") <= 45, name


@pytest.mark.parametrize("name", MODULES)
def test_a_wrong_implementation_is_rejected_for_what_it_breaks(
    name: str, tmp_path: Path, corpus: Corpus, pythons: tuple[Interpreter, ...]
) -> None:
    host = max(pythons, key=lambda one: one.release_numbers)
    [subject] = Selector(tmp_path, pythonpath=[FOLDER, REFERENCE]).select([f"module:{name}@{host.path}"])
    failing = list(failing_cases(subject, concerned(corpus, MODULES[name])))
    listed = LISTED[name].on(subject.environment)
    assert failing, "no case rejects it"
    assert set(listed.breaks) <= {clause for case in failing for clause in case.cited}
    others = {case.id for case in failing if not set(listed.breaks) & set(case.cited)}
    assert {one for one in others if not any(fnmatchcase(one, pattern) for pattern in listed.also_fail)} == set()


def concerned(corpus: Corpus, module: Path) -> Iterator[Case]:
    """The call cases that can tell *module* from a sound one: a function that it does not define is imported."""
    statements = ast.parse(module.read_text(encoding="utf-8")).body
    own = {one.name for one in statements if isinstance(one, ast.FunctionDef)} & {"run_module", "run_path"}
    words = [name.encode() for name in (*own, "runpy")]
    for case in corpus.cases.values():
        run = case.run
        programs = msgspec.json.encode((case.files, run.setup, run.arguments, run.positional, case.observe, case.after))
        if run.call in own or (run.call and any(word in programs for word in words)):
            yield case


def failing_cases(subject: Subject, cases: Iterator[Case]) -> Iterator[Case]:
    """Those of *cases* that fail on *subject*; that one cannot be run is an error."""
    with Executor(subject, limits=LIMITS) as executor:
        for case in cases:
            if excluded(case, subject) is None:
                judgement = result(case, executor).judgement
                assert judgement.verdict != "error", (case.id, judgement.reason)
                if judgement.verdict == "fail":
                    yield case
