"""What is wrong with a corpus, beyond what its models refuse. Pure functions from a corpus to problems."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.version import InvalidVersion, Version

from runpy_conformance.corpus import CHANGES, DISAGREEMENTS, Corpus, Problem
from runpy_conformance.coverage import coverage
from runpy_conformance.judge import applicable
from runpy_conformance.markers import BadMarker, environment, holds
from runpy_conformance.matching import BadMatcher, matches
from runpy_conformance.model.case import Case, Expect, File
from runpy_conformance.model.clause import Change
from runpy_conformance.model.features import FEATURES
from runpy_conformance.model.observation import flatten
from runpy_conformance.model.strength import Equivalent
from runpy_conformance.model.subject import Known


def lint(corpus: Corpus) -> list[Problem]:
    """All problems of *corpus*, in the order of its files."""
    problems = [*_lint_spec(corpus)]
    problems += (
        Problem(f"spec/{one.area}.toml", one.clause.id, one.gap) for one in coverage(corpus) if one.gap is not None
    )
    for case in corpus.cases.values():
        problems += (Problem(_name(corpus, case), key, message) for key, message in lint_case(corpus, case))
    return problems


def _name(corpus: Corpus, case: Case) -> str:
    path = Path(case.file)
    return path.relative_to(corpus.root).as_posix() if path.is_relative_to(corpus.root) else case.file


# The specification


def _lint_spec(corpus: Corpus) -> Iterator[Problem]:
    for area in corpus.areas.values():
        name = f"spec/{area.area}.toml"
        for index, clause in enumerate(area.clause):
            place = f"clause[{index}] ({clause.id})"
            if not clause.id.startswith(area.prefix + "-"):
                yield Problem(name, f"{place}.id", f"does not begin with the area's prefix {area.prefix}-")
            if clause.level in ("must", "should") and not clause.source:
                yield Problem(name, f"{place}.source", f"a clause of level {clause.level!r} needs a source")
            for source in clause.source:
                if source.clause is not None and source.clause not in corpus.clauses:
                    yield Problem(name, f"{place}.source", f"there is no clause {source.clause!r}")
            yield from _references(name, f"{place}.change", [clause.change], corpus.changes, "change")
            yield from _references(
                name, f"{place}.disagreement", [clause.disagreement], corpus.disagreements, "disagreement"
            )
            for key, version in (("since", clause.since), ("until", clause.until)):
                if version is not None and not _is_version(version):
                    yield Problem(name, f"{place}.{key}", f"{version!r} is not a version")
    for index, change in enumerate(corpus.changes.values()):
        place = f"change[{index}] ({change.id})"
        yield from _references(f"spec/{CHANGES}", f"{place}.clauses", change.clauses, corpus.clauses, "clause")
        for version in change.versions:
            if not _is_version(version):
                yield Problem(f"spec/{CHANGES}", f"{place}.versions", f"{version!r} is not a version")
    for stem, baseline in corpus.baselines.items():
        yield from _lint_baseline(corpus, f"spec/baselines/{stem}.toml", baseline)
    for stem, equivalents in corpus.equivalents.items():
        yield from _lint_equivalents(f"spec/equivalents/{stem}.toml", equivalents)
    for index, disagreement in enumerate(corpus.disagreements.values()):
        place = f"disagreement[{index}] ({disagreement.id}).clauses"
        yield from _references(f"spec/{DISAGREEMENTS}", place, disagreement.clauses, corpus.clauses, "clause")


def _lint_baseline(corpus: Corpus, file: str, baseline: Iterable[Known]) -> Iterator[Problem]:
    seen: set[tuple[str, str | None]] = set()
    for index, known in enumerate(baseline):
        yield from _references(file, f"known[{index}].case", [known.case], corpus.cases, "case")
        if (known.case, known.when) in seen:
            yield Problem(file, f"known[{index}].case", f"{known.case!r} is listed twice")
        seen.add((known.case, known.when))
        yield from _marker(file, f"known[{index}].when", known.when)


def _lint_equivalents(file: str, equivalents: Iterable[Equivalent]) -> Iterator[Problem]:
    seen: set[tuple[str, str | None]] = set()
    for index, one in enumerate(equivalents):
        for key in one.keys:
            if (key, one.when) in seen:
                yield Problem(file, f"equivalent[{index}].keys", f"{key!r} is listed twice")
            seen.add((key, one.when))
        yield from _marker(file, f"equivalent[{index}].when", one.when)


def _marker(file: str, place: str, marker: str | None) -> Iterator[Problem]:
    try:
        holds(marker, environment("3.13.0"))
    except BadMarker as problem:
        yield Problem(file, place, str(problem))


def _references(
    file: str, place: str, names: Iterable[str | None], known: dict[str, Any], kind: str
) -> Iterator[Problem]:
    for name in names:
        if name is not None and name not in known:
            yield Problem(file, place, f"there is no {kind} {name!r}")


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


# Cases

Finding = tuple[str, str]
"""Key and message."""


def lint_case(corpus: Corpus, case: Case) -> Iterator[Finding]:
    """What is wrong with *case*."""
    if Path(case.file).stem != case.id:
        yield "id", f"the file is called {Path(case.file).name}; a case's file is called after its id"
    if corpus.areas and case.area not in corpus.areas:
        yield "", f"the folder {case.area!r} is no area of the specification"
    if not case.cited:
        yield "clauses", "the case names no clause"
    for key, names in (("clauses", case.clauses), ("against", case.against)):
        for name in names:
            if name not in corpus.clauses:
                yield key, f"there is no clause {name!r}"
    for name in sorted(set(case.clauses) & set(case.against)):
        yield "against", f"{name!r} is among the clauses that the case shows holding already"
    for feature in case.needs:
        if feature not in FEATURES:
            yield "needs", f"there is no feature {feature!r}; there are {', '.join(FEATURES)}"
    yield from _lint_files("files", case.files)
    yield from _lint_observe(case)
    yield from _lint_expressions("after", case.after)
    if case.after and case.run.call is None:
        yield "after", "goes with a call; a command has no caller to look at"
    for index, block in enumerate(case.expect):
        yield from _lint_block(corpus, case, block, f"expect[{index}]")
    if case.documented is not None:
        yield from _lint_block(corpus, case, case.documented, "documented")
        if not any(clause.disagreement for name in case.cited if (clause := corpus.clauses.get(name))):
            yield "documented", "no clause of the case names a disagreement"
    yield from _lint_markers(corpus, case)


def _lint_files(place: str, files: dict[str, str | File]) -> Iterator[Finding]:
    for name, file in files.items():
        path = PurePosixPath(name)
        if not name or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]:
            yield f"{place}.{name!r}", "leads out of the case's folder"
        if isinstance(file, File):
            if file.zip is not None:
                yield from _lint_files(f"{place}.{name!r}.zip", file.zip)
            target = file.symlink
            if target is not None and not target.startswith("{root}") and _escapes(path.parent, target):
                yield f"{place}.{name!r}.symlink", "leads out of the case's folder"


def _escapes(folder: PurePosixPath, target: str) -> bool:
    if target.startswith("/"):
        return True
    depth = len(folder.parts)
    for part in PurePosixPath(target).parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def program_files(files: dict[str, str | File], prefix: str = "") -> Iterator[str]:
    """The names of the files that can hold a probe, members of archives included."""
    for name, file in files.items():
        if isinstance(file, str) or file.bytes is not None or file.pyc is not None:
            yield prefix + name
        elif file.zip is not None:
            yield from program_files(file.zip, f"{prefix}{name}/")


def _lint_observe(case: Case) -> Iterator[Finding]:
    programs = set(program_files(case.files))
    seen: dict[str, str] = {}
    for name, expressions in case.observe.items():
        if name not in programs:
            yield f"observe.{name!r}", "is not a program among the case's files"
        for key in expressions:
            if key in seen:
                yield f"observe.{name!r}.{key}", f"is also observed in {seen[key]!r}; names are unique in a case"
            seen[key] = name
        yield from _lint_expressions(f"observe.{name!r}", expressions)


def _lint_expressions(place: str, expressions: dict[str, str]) -> Iterator[Finding]:
    for name, expression in expressions.items():
        try:
            ast.parse(expression.strip(), mode="eval")
        except SyntaxError as problem:
            yield f"{place}.{name}", f"is not an expression: {problem.msg}"


def _lint_block(corpus: Corpus, case: Case, block: Expect, place: str) -> Iterator[Finding]:
    if block.change is not None and block.change not in corpus.changes:
        yield f"{place}.change", f"there is no change {block.change!r}"
    observable = {f"observed.{name}" for names in case.observe.values() for name in names}
    observable |= {f"after.{name}" for name in case.after}
    for name, expected in flatten(block):
        if name.startswith(("observed.", "after.")) and name not in observable:
            yield f"{place}.{name}", "is expected and not observed"
        try:
            matches(expected, "")
        except BadMatcher as problem:
            yield f"{place}.{name}", str(problem)
    if not any(True for _ in flatten(block)):
        yield place, "expects nothing"


def _lint_markers(corpus: Corpus, case: Case) -> Iterator[Finding]:
    texts = {"when": case.when, **{f"expect[{i}].when": block.when for i, block in enumerate(case.expect)}}
    bad = False
    for place, text in texts.items():
        try:
            holds(text, environment("3.13.0"))
        except BadMarker as problem:
            bad = True
            yield place, str(problem)
    if case.documented is not None and (case.documented.when or case.documented.change):
        yield "documented", "has no marker and no change: it is for all subjects"
    if not bad and case.expect:
        yield from _lint_coverage(corpus, case)


def _lint_coverage(corpus: Corpus, case: Case) -> Iterator[Finding]:
    chosen: dict[Version, int] = {}
    for version in known_releases(tuple(sorted(corpus.releases.items()))):
        known = environment(str(version))
        if not holds(case.when, known):
            continue
        blocks = applicable(case, known)
        if len(blocks) != 1:
            found = "no block is" if not blocks else f"blocks {', '.join(map(str, blocks))} are"
            yield "expect", f"{found} for CPython {version}; one must be"
            return
        chosen[version] = blocks[0]
    if not chosen:
        yield "when", "excludes every release that is known"
    for index in range(len(case.expect)):
        if chosen and index not in chosen.values() and "sys_platform" not in (case.expect[index].when or ""):
            yield f"expect[{index}].when", "is for no release that is known"
    yield from _lint_changes(corpus, case, chosen)


def _lint_changes(corpus: Corpus, case: Case, chosen: dict[Version, int]) -> Iterator[Finding]:
    """Each block but the first names the change that begins it, and begins with it."""
    for index, block in enumerate(case.expect):
        place = f"expect[{index}].change"
        if block.change is None:
            if index:
                yield place, "is missing: each block but the first names the change that makes it differ"
            continue
        change = corpus.changes.get(block.change)
        if change is None:
            continue
        early = [version for version, one in chosen.items() if one == index and not in_effect(change, version)]
        late = [version for version, one in chosen.items() if one < index and in_effect(change, version)]
        if early:
            yield place, f"{change.id!r} is not in effect in {early[0]}, which the block is for"
        if late:
            yield place, f"{change.id!r} is in effect in {late[0]} already, which block {chosen[late[0]]} is for"


@lru_cache(maxsize=1)
def known_releases(lines: tuple[tuple[str, tuple[int, int]], ...]) -> tuple[Version, ...]:
    """All releases of the *lines*, oldest first."""
    return tuple(
        sorted(Version(f"{line}.{patch}") for line, (first, last) in lines for patch in range(first, last + 1))
    )


def in_effect(change: Change, version: Version) -> bool:
    """Whether *version* has *change*: it is of a line that got it, and late enough, or of a later line."""
    firsts = [Version(text) for text in change.versions]
    same_line = [first for first in firsts if first.release[:2] == version.release[:2]]
    return version >= same_line[0] if same_line else version > max(firsts)
