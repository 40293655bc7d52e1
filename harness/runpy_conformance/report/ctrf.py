"""A record in the Common Test Report Format (https://ctrf.io), for the tools that read it. A pure function."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from runpy_conformance.corpus import Corpus
from runpy_conformance.report.failure import repeat_command
from runpy_conformance.report.testcases import TestCase, printable, testcases
from runpy_conformance.results import Results

FORMAT_VERSION = "0.1.0"
"""Of the specification of the format, as its examples give it."""
STATUSES = ("passed", "failed", "skipped", "pending", "other")


def as_ctrf(results: Results, corpus: Corpus) -> str:
    """The *results* of cases that *corpus* has, as JSON: a test for each.

    What could not be run has failed. A differential case, which nothing judges, is ``other``.
    """
    listed = testcases(results, corpus)
    header, footer = results.header, results.footer
    start = _milliseconds(header.started)
    stop = _milliseconds(footer.finished) if footer is not None else start
    counted = Counter(map(_status, listed))
    document = {
        "reportFormat": "CTRF",
        "specVersion": FORMAT_VERSION,
        "generatedBy": "runpy-conformance",
        "results": {
            "tool": {"name": "runpy-conformance", "version": header.suite},
            "summary": {
                "tests": len(listed),
                **{status: counted[status] for status in STATUSES},
                "suites": len({(one.subject.id, one.case.area) for one in listed}),
                "start": start,
                "stop": stop,
                "extra": {"interrupted": footer is None},
            },
            "tests": [_test(one) for one in listed],
            "environment": {
                "osPlatform": header.platform,
                "extra": {
                    "corpus": header.corpus,
                    "isolation": header.isolation,
                    "subjects": {subject.id: subject.host.name for subject in header.subjects},
                },
            },
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _status(one: TestCase) -> str:
    if one.result.judgement.verdict == "observed":
        return "other"
    return "failed" if one.status == "error" else one.status


def _test(one: TestCase) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": printable(one.name),
        "status": _status(one),
        "rawStatus": one.result.judgement.verdict,
        "duration": round(one.result.seconds * 1000),
        "suite": [printable(one.subject.id), one.case.area],
        "filePath": one.file,
        "tags": [one.level, *one.case.cited],
        "extra": {
            "case": one.case.id,
            "title": one.case.title,
            "subject": printable(one.subject.id),
            "level": one.level,
            "clauses": one.case.cited,
        },
    }
    if one.message:
        test["message"] = one.message
    if one.text:
        test["trace"] = one.text
        test["extra"]["again"] = printable(repeat_command(one.case, one.subject))
    return test


def _milliseconds(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)
