"""A record as JUnit XML, as Jenkins, GitLab and others read it. A pure function."""

from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from runpy_conformance.corpus import Corpus
from runpy_conformance.model.subject import Subject
from runpy_conformance.report.testcases import TestCase, printable, testcases
from runpy_conformance.results import Results


def as_junit(results: Results, corpus: Corpus) -> str:
    """The *results* of cases that *corpus* has, as XML: a suite for each subject, a test case for each result."""
    listed = testcases(results, corpus)
    root = Element("testsuites", {"name": "runpy-conformance", **_counts(listed)})
    for subject in results.header.subjects:
        mine = [one for one in listed if one.subject.id == subject.id]
        suite = SubElement(root, "testsuite", _attributes(results, subject, mine))
        _add_properties(suite, _about(results, subject))
        for one in mine:
            _add(suite, one)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _counts(listed: Iterable[TestCase]) -> dict[str, str]:
    counted = Counter(one.status for one in listed)
    return {
        "tests": str(counted.total()),
        "failures": str(counted["failed"]),
        "errors": str(counted["error"]),
        "time": f"{sum(one.result.seconds for one in listed):.3f}",
    }


def _attributes(results: Results, subject: Subject, mine: list[TestCase]) -> dict[str, str]:
    skipped = sum(one.status == "skipped" for one in mine)
    name, start = printable(subject.id), results.header.started[:19]
    return {"name": name, **_counts(mine), "skipped": str(skipped), "timestamp": start}


def _about(results: Results, subject: Subject) -> dict[str, str]:
    header = results.header
    return {
        "suite": header.suite,
        "corpus": header.corpus,
        "platform": header.platform,
        "isolation": header.isolation,
        "interpreter": subject.host.name,
        "interrupted": str(results.footer is None).lower(),
    }


def _add(suite: Element, one: TestCase) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=one.case.area,
        name=printable(one.name),
        file=one.file,
        time=f"{one.result.seconds:.3f}",
    )
    about = {"subject": one.subject.id, "clauses": " ".join(one.case.cited), "level": one.level}
    _add_properties(case, about | {"verdict": one.result.judgement.verdict})
    if one.status == "skipped":
        SubElement(case, "skipped", message=one.message).text = one.message
    elif one.status != "passed":
        kind = "failure" if one.status == "failed" else "error"
        SubElement(case, kind, type=one.result.judgement.verdict, message=one.message).text = one.text


def _add_properties(parent: Element, values: dict[str, str]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=printable(value))
