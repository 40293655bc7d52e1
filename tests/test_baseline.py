"""Known failures brought up to date with results, and written into manifests."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from conftest import MakeCase, interpreter, result, subject
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from runpy_conformance.baseline import Remark, reason_of, relabelled, updated
from runpy_conformance.judge import fingerprint
from runpy_conformance.model.finding import Cause, Shown
from runpy_conformance.model.result import Footer, Header, Judgement, Mismatch, Result
from runpy_conformance.model.subject import Known, Subject
from runpy_conformance.results import Results
from runpy_conformance.subjects import manifests
from runpy_conformance.subjects.manifests import BadManifest

OLD, NEW = (subject(version, id=f"tool@cpython-{version}") for version in ("3.9.18", "3.13.0"))
BOTH = (OLD, NEW)
CASES = ["a-case", "b-case"]


def failing(of: Subject = NEW, actual: str = "1", case: str = "a-case") -> Result:
    judgement = Judgement("fail", 0, (Mismatch("globals.value", "42", actual),))
    return replace(result(case, of.id), judgement=judgement)


def passing(of: Subject = NEW, case: str = "a-case") -> Result:
    return result(case, of.id)


def printed(actual: str = "1") -> str:
    return fingerprint(failing(actual=actual).judgement)


def known(actual: str = "1", when: str | None = None, reason: str = "a reason") -> Known:
    return Known("a-case", reason, when, "https://example.org/1", printed(actual))


IN_39, IN_313 = "python_full_version == '3.9.18'", "python_full_version == '3.13.0'"


def test_a_new_failure_is_added_with_what_was_seen() -> None:
    entries, remarks = updated((), [NEW], [failing()], CASES)
    assert entries == (Known("a-case", "globals.value is 1, not 42", fingerprint=printed()),)
    assert remarks == (Remark("added", "a-case"),)


def test_a_failure_that_is_as_listed_is_kept() -> None:
    assert updated([known()], [NEW], [failing()], CASES) == ((known(),), (Remark("kept", "a-case"),))


def test_a_failure_in_another_way_keeps_reason_and_link() -> None:
    assert updated([known()], [NEW], [failing(actual="2")], CASES) == ((known("2"),), (Remark("changed", "a-case"),))


def test_an_entry_that_accepted_any_failure_gets_its_fingerprint() -> None:
    loose = replace(known(), fingerprint=None)
    assert updated([loose], [NEW], [failing()], CASES) == ((known(),), (Remark("changed", "a-case"),))


def test_what_passes_goes_and_is_said() -> None:
    assert updated([known()], [NEW], [passing()], CASES) == ((), (Remark("passes", "a-case"),))


def test_what_is_no_case_any_more_goes_and_is_said() -> None:
    assert updated([known()], [NEW], [], ["b-case"]) == ((), (Remark("does not exist", "a-case"),))
    assert updated([known()], [NEW], [failing()], ["b-case"]) == ((), (Remark("does not exist", "a-case"),))


@pytest.mark.parametrize(
    "results",
    [
        [],
        [passing(case="b-case")],
        [failing(of=subject(id="stranger"))],
        [Result("a-case", NEW.id, Judgement("unsupported", reason="it has no threads"), 0.0)],
        [Result("a-case", NEW.id, Judgement("error", reason="no"), 0.0)],
    ],
)
def test_what_was_not_run_stays(results: list[Result]) -> None:
    assert updated([known()], [NEW], results, CASES) == ((known(),), (Remark("was not run", "a-case"),))


def test_good_cases_are_not_spoken_of() -> None:
    assert updated((), [NEW], [passing()], CASES) == ((), ())


def test_entries_are_in_the_order_of_cases() -> None:
    entries, _ = updated((), [NEW], [failing(case="b-case"), failing()], CASES)
    assert [one.case for one in entries] == CASES


# Several hosts


def test_a_failure_of_all_hosts_needs_no_marker() -> None:
    entries, _ = updated((), BOTH, [failing(OLD), failing(NEW)], CASES)
    assert [(one.when, one.fingerprint) for one in entries] == [(None, printed())]


def test_a_failure_of_one_host_has_a_marker() -> None:
    entries, _ = updated((), BOTH, [failing(OLD), passing(NEW)], CASES)
    assert [one.when for one in entries] == [IN_39]
    assert updated(entries, BOTH, [failing(OLD), passing(NEW)], CASES)[1] == (Remark("kept", "a-case"),)


def test_a_failure_in_two_ways_has_two_entries() -> None:
    entries, _ = updated([known()], BOTH, [failing(OLD, "2"), failing(NEW, "1")], CASES)
    assert entries == (known("2", IN_39), known("1", IN_313))


def test_a_failure_of_some_hosts_names_them_all() -> None:
    third = subject("3.14.0", id="tool@cpython-3.14.0")
    entries, _ = updated((), (*BOTH, third), [failing(OLD), passing(NEW), failing(third)], CASES)
    assert [one.when for one in entries] == ["python_full_version == '3.14.0' or python_full_version == '3.9.18'"]


def test_a_marker_that_was_written_by_hand_stays_where_it_is_right() -> None:
    by_hand = known(when="python_version < '3.10'")
    assert updated([by_hand], BOTH, [failing(OLD), passing(NEW)], CASES) == ((by_hand,), (Remark("kept", "a-case"),))
    entries, remarks = updated([by_hand], BOTH, [failing(OLD), failing(NEW)], CASES)
    assert (entries, remarks) == ((known(),), (Remark("changed", "a-case"),))


def test_an_entry_of_a_host_that_did_not_run_stays() -> None:
    both = [known("1", IN_39), known("2", IN_313)]
    entries, remarks = updated(both, [NEW], [passing(NEW)], CASES)
    assert (entries, remarks) == ((both[0],), (Remark("passes", "a-case"),))
    entries, remarks = updated(both, [NEW], [failing(NEW, "3")], CASES)
    assert (entries, remarks) == ((both[0], known("3", IN_313)), (Remark("changed", "a-case"),))


@pytest.mark.parametrize("ran", BOTH)
def test_entries_do_not_move_when_only_one_host_runs(ran: Subject) -> None:
    both = (known("1", IN_39), known("2", IN_313))
    again = failing(ran, "1" if ran is OLD else "2")
    assert updated(both, [ran], [again], CASES) == (both, (Remark("kept", "a-case"),))


def test_an_entry_of_all_hosts_stays_for_the_one_that_gave_no_observation() -> None:
    error = Result("a-case", OLD.id, Judgement("error", reason="no"), 0.0)
    assert updated([known()], BOTH, [failing(NEW), error], CASES)[0] == (known(),)


def test_hosts_that_are_not_cpython_are_told_apart_by_their_own_version() -> None:
    markers = [{**interpreter("3.11.0", "pypy").markers, "implementation_version": own} for own in ("7.3.11", "7.3.19")]
    pypys = [
        replace(NEW, id=f"pypy-{index}", host=replace(interpreter("3.11.0", "pypy"), markers=each))
        for index, each in enumerate(markers)
    ]
    entries, _ = updated((), pypys, [failing(pypys[0]), passing(pypys[1])], CASES)
    assert [one.when for one in entries] == ["implementation_version == '7.3.11'"]
    assert updated(entries, pypys, [failing(pypys[0]), passing(pypys[1])], CASES)[1] == (Remark("kept", "a-case"),)


def test_a_marker_is_of_the_version_that_a_subject_is_judged_as() -> None:
    judged = replace(OLD, judged_as="3.6.15")
    entries, _ = updated((), (judged, NEW), [failing(judged), passing(NEW)], CASES)
    assert [one.when for one in entries] == ["python_full_version == '3.6.15'"]


# Reasons


def cause(title: str, **given: object) -> Cause:
    words = {"severity": "bug", "text": "", "clauses": [], "command": "", "expected": "", "actual": "", "version": "1"}
    return msgspec.convert({"title": title, **words, **given}, Cause)


def test_the_first_cause_that_explains_it_gives_reason_and_link() -> None:
    causes = [
        cause("not this", shows=[{"field": "stdout"}]),
        cause("this", shows=[{"field": "globals.*", "actual": "1"}], link="https://example.org/2"),
        cause("nor this"),
    ]
    entries, _ = updated((), [NEW], [failing()], CASES, causes)
    assert [(one.reason, one.link) for one in entries] == [("this", "https://example.org/2")]
    assert Shown() == Shown(field="*")


def test_a_reason_that_is_there_counts_more_than_a_cause() -> None:
    assert updated([known()], [NEW], [failing()], CASES, [cause("a cause")])[0] == (known(),)


def test_a_long_reason_is_cut() -> None:
    long, short = Mismatch("stdout", '"x"', '"' + "y" * 500 + '"'), Mismatch("status", "1", "0")
    text = reason_of(Judgement("fail", 0, (long,)))
    assert len(text) < 100 and text.endswith('y…, not "x"')
    assert reason_of(Judgement("fail", 0, (short, long))) == "status is 0, not 1; stdout, too"
    assert reason_of(Judgement("fail", 0, (), "because")) == "because"


# Results that were taken before


def test_results_are_labelled_with_the_new_entries(make_case: MakeCase) -> None:
    header = Header("0.1", "digest", "t", "Linux", "fork", BOTH, 2)
    taken = (failing(OLD), failing(NEW), replace(failing(NEW, case="gone"), known="old"))
    record = Results(header, taken, Footer("t", 3))
    labelled = relabelled(record, {NEW.id: (known(),)}, {"a-case": make_case()})
    assert [one.known for one in labelled.results] == [None, "a reason", "old"]
    assert labelled.subjects[NEW.id].known == (known(),)
    assert labelled.subjects[OLD.id].known == ()
    unlabelled = relabelled(labelled, {NEW.id: ()}, {"a-case": make_case()})
    assert unlabelled.results[1].known is None


# Manifests

ABOVE = '# About it.\nname = "tool"\nkind = "launcher"  # here\n\n[commands]\nmodule = ["tool", "{module}"]\n'
TEXTS = st.text(max_size=20)
ENTRIES = st.builds(Known, TEXTS, TEXTS, st.sampled_from([None, IN_39]), st.none() | TEXTS, st.none() | TEXTS)


@given(st.lists(ENTRIES, max_size=3), st.lists(ENTRIES, max_size=3))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, first: list[Known], second: list[Known]
) -> None:
    path = tmp_path_factory.mktemp("manifests") / "tool.toml"
    path.write_text(ABOVE, encoding="utf-8")
    for entries in (first, second):
        manifests.write_known(path, entries)
        assert list(manifests.read(path).known) == entries
        assert path.read_text(encoding="utf-8").startswith(ABOVE)
    manifests.write_known(path, ())
    assert path.read_text(encoding="utf-8") == ABOVE
    assert [one.name for one in path.parent.iterdir()] == ["tool.toml"]


def test_comments_and_other_spellings_in_front_of_the_entries(tmp_path: Path) -> None:
    path = tmp_path / "tool.toml"
    above = ABOVE + "\n# [[known]] tables are written by the suite.\n"
    path.write_text(above + '  [[ known ]]\ncase = "x"\nreason = "y"\n', encoding="utf-8")
    manifests.write_known(path, [known()])
    assert path.read_text(encoding="utf-8").startswith(above)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["known"] == [
        {"case": "a-case", "reason": "a reason", "link": "https://example.org/1", "fingerprint": printed()}
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[[known]]\ncase = "x"\nreason = "y"\n' + "[environment]\nA = '1'\n",
        '[[known]]\ncase = "x"\nreason = "y"\n' + "  [environment]\nA = '1'\n",
    ],
)
def test_known_failures_stand_last(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tool.toml"
    path.write_text(ABOVE + text, encoding="utf-8")
    with pytest.raises(BadManifest, match=r"tool\.toml: \[\[known\]\] tables must stand last"):
        manifests.write_known(path, ())
    assert path.read_text(encoding="utf-8") == ABOVE + text


def test_known_failures_in_a_line_are_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "tool.toml"
    text = 'known = [{ case = "x", reason = "y" }]\n' + ABOVE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadManifest, match=r"\[\[known\]\]"):
        manifests.write_known(path, [known()])
    assert path.read_text(encoding="utf-8") == text
