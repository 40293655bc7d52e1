"""A case or a clause as text for people."""

from collections.abc import Iterator

from runpy_conformance.corpus import Corpus
from runpy_conformance.judge import readable
from runpy_conformance.model.case import Case, Expect, File
from runpy_conformance.model.clause import Clause, Source
from runpy_conformance.model.observation import flatten
from runpy_conformance.report.failure import described


def case_text(corpus: Corpus, name: str) -> str:
    """The case or the clause called *name*."""
    case = corpus.cases.get(name)
    return "\n".join(_case(corpus, case) if case is not None else _clause(corpus, corpus.clauses[name]))


def _clause(corpus: Corpus, clause: Clause) -> Iterator[str]:
    until = f" to {clause.until}" if clause.until else ""
    yield f"{clause.id}  ({clause.level}, since {clause.since}{until})"
    yield f"  {clause.text}"
    for source in clause.source:
        yield f"  source: {source_text(source)}"
    if clause.disagreement in corpus.disagreements:
        one = corpus.disagreements[str(clause.disagreement)]
        yield f"  {one.id}: the documentation says: {one.documented} What happens: {one.observed}"
    if clause.exempt:
        yield f"  exempt: {clause.exempt}"
    if clause.left_to:
        yield f"  left to the {words(clause.left_to)}"
    for case in corpus.cases.values():
        if clause.id in case.cited:
            yield f"  case: {case.id}: {case.title}"


def _case(corpus: Corpus, case: Case) -> Iterator[str]:
    yield f"{case.id}: {case.title}"
    yield f"{case.file}"
    if case.when:
        yield f"for {case.when}"
    if case.needs:
        yield f"needs {', '.join(case.needs)}"
    for name in case.cited:
        if name in corpus.clauses:
            yield f"{name}  {corpus.clauses[name].text}"
    yield ""
    yield from _files(case.files)
    if case.run.setup:
        yield "--- the caller first executes"
        yield from (f"    {line}" for line in case.run.setup.strip().splitlines())
    yield f"--- run: {described(case.run)}"
    for variable, value in case.run.environment.items():
        yield f"    with {variable}={value}"
    for name, expressions in (*case.observe.items(), ("the caller, afterwards", case.after)):
        for key, expression in expressions.items():
            yield f"--- in {name}: {key} = {expression.strip()}"
    for block in case.expect:
        yield from _block(block, f"--- expected{f' for {block.when}' if block.when else ''}")
    if case.documented is not None:
        yield from _block(case.documented, "--- documented")


def _files(files: dict[str, str | File]) -> Iterator[str]:
    for name, kind, text in listed_files(files):
        yield f"--- {name}{f' ({kind})' if kind else ''}"
        yield from (f"    {line}" for line in text.strip("\n").splitlines())


def listed_files(files: dict[str, str | File], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Name, kind and text of each file, members of archives included."""
    for name, file in files.items():
        if isinstance(file, str):
            yield prefix + name, "", file
        elif file.zip is not None:
            yield prefix + name, "archive", ""
            yield from listed_files(file.zip, f"{prefix}{name}/")
        elif file.pyc is not None:
            yield prefix + name, "bytecode of", file.pyc
        elif file.symlink is not None:
            yield prefix + name, f"link to {file.symlink}", ""
        elif file.bytes is not None:
            yield prefix + name, "bytes", ascii(file.bytes)
        else:
            yield prefix + name, "folder", ""


def _block(block: Expect, heading: str) -> Iterator[str]:
    yield heading + (f" (change {block.change})" if block.change else "")
    for name, value in flatten(block):
        yield f"    {name} = {readable(value)}"


def words(name: str) -> str:
    """A name with hyphens in words."""
    return name.replace("-", " ")


def source_text(source: Source) -> str:
    """A source in words."""
    parts = [source.doc, f"PEP {source.pep}" if source.pep else None]
    parts.append(f"release notes {source.release}" if source.release else None)
    parts += [source.issue, source.clause, source.tests, source.section, source.note]
    return ", ".join(part for part in parts if part)
