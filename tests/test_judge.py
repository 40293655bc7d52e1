"""Verdicts."""

from typing import Any

import pytest
from conftest import MakeCase, interpreter, subject
from runpy_conformance.judge import applicable, excluded, fingerprint, judge, known_failure, needed
from runpy_conformance.markers import environment
from runpy_conformance.model.observation import Observation
from runpy_conformance.model.result import Judgement, Mismatch
from runpy_conformance.model.subject import Known

V313 = environment("3.13.0")
SEEN = Observation("returned", globals={"value": 1}, observed={"name": "m"}, stdout="text")


@pytest.mark.parametrize(
    ("block", "field"),
    [
        ({"outcome": "returned"}, None),
        ({"outcome": "raised"}, "outcome"),
        ({"globals": {"value": 1}}, None),
        ({"globals": {"value": 2}}, "globals.value"),
        ({"globals": {"gone": 1}}, "globals.gone"),
        ({"globals": {"gone": {"absent": True}}}, None),
        ({"observed": {"name": {"matches": "^m$"}}}, None),
        ({"stdout": "other"}, "stdout"),
        ({"status": 0}, "status"),
        ({"error": {"type": "ImportError"}}, "error.type"),
    ],
)
def test_only_what_is_expected_is_compared(make_case: MakeCase, block: dict[str, Any], field: str | None) -> None:
    judgement = judge(make_case(expect=[block]), V313, SEEN)
    assert judgement.verdict == ("pass" if field is None else "fail")
    assert [wrong.field for wrong in judgement.mismatches] == ([] if field is None else [field])


def test_the_block_of_the_version_counts(make_case: MakeCase) -> None:
    case = make_case(
        expect=[{"outcome": "raised"}, {"when": "python_version >= '3.13'", "outcome": "returned", "change": "c"}]
    )
    assert applicable(case, environment("3.12.9")) == [0]
    assert applicable(case, V313) == [1]
    assert judge(case, V313, SEEN) == Judgement("pass", 1)
    assert judge(case, environment("3.12.9"), SEEN).verdict == "fail"


def test_what_the_documentation_says_is_good_where_cpython_does_otherwise(make_case: MakeCase) -> None:
    case = make_case(expect=[{"outcome": "raised"}], documented={"outcome": "returned"})
    assert judge(case, V313, SEEN).verdict == "documented"
    assert judge(case, V313, Observation("exited")).verdict == "fail"


def test_a_case_without_expectation_is_only_observed(make_case: MakeCase) -> None:
    assert judge(make_case(expect=[]), V313, SEEN).verdict == "observed"


def test_a_run_that_writes_beside_its_folder_fails(make_case: MakeCase) -> None:
    judgement = judge(make_case(), V313, Observation("returned", strays=("evil.txt",)))
    assert judgement.verdict == "fail"
    assert judgement.mismatches[0].actual == "evil.txt"


def test_who_is_excluded(make_case: MakeCase) -> None:
    old = excluded(make_case(when="python_version < '3'"), subject())
    assert old is not None and old.verdict == "not-applicable"
    lacking = excluded(make_case(needs=["symlinks"]), subject(lacks=("symlinks",)))
    assert lacking is not None and lacking.verdict == "unsupported" and "symlinks" in str(lacking.reason)
    assert excluded(make_case(needs=["symlinks"]), subject()) is None


@pytest.mark.parametrize(
    ("run", "features"),
    [
        ({"call": "run_module"}, {"api"}),
        ({"command": {"module": "m"}}, {"command-line", "modules"}),
        ({"command": {"module": "m", "options": ["-B"]}}, {"command-line", "modules", "options"}),
        ({"command": {"path": "m.py", "options": ["-S"]}}, {"command-line", "scripts", "options", "without-site"}),
        ({"command": {"path": "m.py"}}, {"command-line", "scripts"}),
        ({"command": {"path": "{root}"}}, {"command-line", "directories"}),
        ({"command": {"code": "pass"}}, {"command-line", "interpreter"}),
        ({"command": {"stdin": "pass"}}, {"command-line", "interpreter"}),
        ({"command": {"words": ["-mm"]}}, {"command-line", "spelling"}),
        ({"command": {"line": ["-mm"]}}, {"command-line", "interpreter"}),
    ],
)
def test_features_that_follow_from_the_run(make_case: MakeCase, run: Any, features: set[str]) -> None:
    assert needed(make_case(run=run)) == features


def test_a_known_failure_must_fail_as_listed(make_case: MakeCase) -> None:
    failed = Judgement("fail", 0, (Mismatch("outcome", '"a"', '"b"'),))
    other = Judgement("fail", 0, (Mismatch("outcome", '"a"', '"c"'),))
    known = Known("a-case", "because", fingerprint=fingerprint(failed))
    tested = subject(known=(known,))
    assert known_failure(make_case(), tested, failed) == known
    assert known_failure(make_case(), tested, other) is None
    assert known_failure(make_case(id="b-case"), tested, failed) is None
    assert known_failure(make_case(), tested, Judgement("pass", 0)) is None
    elsewhere = Known("a-case", "because", when="python_version < '3'")
    assert known_failure(make_case(), subject(known=(elsewhere,)), failed) is None


def test_interpreters_in_tests_answer_markers() -> None:
    assert interpreter("2.7.18").markers["python_version"] == "2.7"
