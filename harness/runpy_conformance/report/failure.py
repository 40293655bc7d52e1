"""A failure as text for people."""

import shlex
from collections.abc import Iterator
from typing import Any

from runpy_conformance.judge import readable
from runpy_conformance.model.case import Case, Run
from runpy_conformance.model.result import Result
from runpy_conformance.model.subject import Subject


def failure_text(case: Case, subject: Subject, result: Result) -> str:
    """What a person needs to see of a failure."""
    lines = [case.title, f"case      {case.id}  ({case.file})", f"clauses   {', '.join(case.cited)}"]
    lines += [f"subject   {subject.id}", f"verdict   {result.judgement.verdict}"]
    if result.judgement.reason:
        lines.append(f"reason    {result.judgement.reason}")
    lines += [f"run       {described(case.run)}", "", *_side_by_side(result)]
    lines += ["", f"again     {repeat_command(case, subject)}"]
    return "\n".join(lines)


def described(run: Run) -> str:
    """The call or the command of a run, as one would write it."""
    if run.call is not None:
        arguments = [readable(value) for value in run.positional]
        arguments += [f"{name}={_expression(value)}" for name, value in run.arguments.items()]
        return f"{run.call}({', '.join(arguments)})"
    command = run.command
    assert command is not None
    if command.line is not None:
        return " ".join(("python", *command.line))
    program = [repr(word) if word in ("", command.code) else word for word in command.program]
    return " ".join(("python", *command.options, *program, *command.arguments))


def _expression(value: Any) -> str:
    if isinstance(value, dict) and list(value) == ["python"]:
        return str(value["python"])
    return readable(value)


def _side_by_side(result: Result) -> Iterator[str]:
    mismatches = result.judgement.mismatches
    if mismatches:
        names = max(len("field"), *(len(one.field) for one in mismatches))
        expected = max(len("expected"), *(len(one.expected) for one in mismatches))
        if expected <= 60:
            yield f"{'field':{names}}  {'expected':{expected}}  observed"
            for one in mismatches:
                yield f"{one.field:{names}}  {one.expected:{expected}}  {one.actual}"
        else:
            for one in mismatches:
                yield f"{one.field}"
                yield f"  expected  {one.expected}"
                yield f"  observed  {one.actual}"
    stderr = result.raw.get("stderr") or (result.observation.stderr if result.observation is not None else "")
    if stderr:
        yield ""
        yield "standard error:"
        yield from (f"  {line}" for line in stderr.splitlines()[-15:])


def repeat_command(case: Case, subject: Subject) -> str:
    """The command that runs just this case on just this subject."""
    folders = [word for folder in subject.pythonpath if subject.own_folders for word in ("--pythonpath", folder)]
    words = ["runpy-conformance", "run", "--case", case.id, "--subject", subject.spelling, *folders]
    return shlex.join(words)
