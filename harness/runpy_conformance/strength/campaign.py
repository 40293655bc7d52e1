"""Rounds: the mutants of an implementation are made, put in its place one by one, and judged."""

import datetime
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue

from msgspec import Struct

from runpy_conformance import __version__
from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.bytecode import digests
from runpy_conformance.execution.importing import why_not_imported
from runpy_conformance.markers import holds
from runpy_conformance.model.strength import CORPUS, DETECTED, End, Mutant, Round, StrengthLine, Trial
from runpy_conformance.model.subject import Subject
from runpy_conformance.strength.judges import AllCases, Cases, Judge, Judgement, UnitTests
from runpy_conformance.strength.mutants import mutants
from runpy_conformance.strength.reach import Reached, named_clauses
from runpy_conformance.strength.record import Record
from runpy_conformance.strength.scratch import scratch
from runpy_conformance.strength.target import Place, Target
from runpy_conformance.subjects.overlay import BadReplacement


class Campaign(Struct, frozen=True):
    """What is judged, by what."""

    corpus: Corpus
    judges: tuple[str, ...]
    """``corpus``, or test modules of CPython; each is asked about what those before it let pass."""
    exhaustive: bool
    """Whether all cases are run, also behind the first that rejects a mutant."""
    try_equivalent: bool
    """Whether mutants listed as equivalent are judged, too."""
    keys: tuple[str, ...] | None
    """Of the mutants to judge; None for all."""
    sample: int | None
    """How many of these to draw; None for all."""
    processes: int


class Unit(Struct, frozen=True):
    """Mutants that are to be judged, each with its source."""

    round: Round
    mutants: tuple[tuple[Mutant, str], ...]


def prepared(campaign: Campaign, target: Target, earlier: Record) -> Unit:
    """The mutants of *target* that *campaign* judges.

    Left out are those whose bytecode is another's, those listed as equivalent, those that were judged on this host
    or rejected on another one *earlier*, and what is not asked for or not drawn. Raises `Unreadable`.
    """
    made = [one for file, source in target.sources.items() for one in mutants(file, source)]
    different = list(_different(target, made))
    listed = equivalents(campaign.corpus, target)
    alive = [one for one in different if campaign.try_equivalent or one[0].key not in listed]
    chosen = [one for one in alive if campaign.keys is None or one[0].key in campaign.keys]
    if campaign.sample is not None and campaign.sample < len(chosen):
        chosen = random.Random(0).sample(chosen, campaign.sample)
    done = _done(campaign, target, earlier)
    left = [one for one in chosen if one[0].key not in done]
    keys = [mutant.key for mutant, _ in different]
    equivalent = tuple(key for key in keys if key in listed)
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    begun = Round(
        __version__,
        campaign.corpus.digest,
        started,
        target.name,
        target.host.name,
        campaign.judges,
        len(made),
        equivalent,
        len(alive) - len(left),
        tuple(keys),
    )
    return Unit(begun, tuple(left))


def equivalents(corpus: Corpus, target: Target) -> frozenset[str]:
    """The keys of the mutants of *target* that are listed as equivalent on its host."""
    listed = corpus.equivalents.get(target.name, ())
    return frozenset(key for one in listed if holds(one.when, target.host.markers) for key in one.keys)


def _different(target: Target, made: Sequence[tuple[Mutant, str]]) -> Iterator[tuple[Mutant, str]]:
    """Those whose bytecode is neither that of the original nor that of one before; what does not compile stays."""
    for file, source in target.sources.items():
        own = [one for one in made if one[0].file == file]
        original, *changed = digests(target.host, [source, *(text for _, text in own)])
        seen = {original}
        for one, digest in zip(own, changed, strict=True):
            if digest is None or digest not in seen:
                seen.add(digest)
                yield one


def _done(campaign: Campaign, target: Target, earlier: Record) -> set[str]:
    """Keys of the mutants of *target* that need no trial: all judges were asked, or it was rejected on some host."""
    asked: Counter[str] = Counter()
    done = set()
    for trial in earlier.trials:
        if trial.target == target.name and trial.judge in campaign.judges:
            if trial.fate in DETECTED and (trial.host == target.host.name or target.portable):
                done.add(trial.mutant.key)
            elif trial.host == target.host.name:
                asked[trial.mutant.key] += 1 if trial.fate == "survived" else len(campaign.judges)
    return done | {key for key, number in asked.items() if number >= len(campaign.judges)}


def carried_out(campaign: Campaign, target: Target, unit: Unit, say: Callable[[StrengthLine], None]) -> None:
    """Judges the mutants of *unit*, and says the round, each trial as it ends, and the end.

    Raises `BadReplacement` if *target* cannot be changed, `NoTests` if its host has not the tests that are to judge.
    """
    begin = time.perf_counter()
    say(unit.round)
    alike = _alike(target, unit.mutants)
    for mutant, _ in unit.mutants:
        if mutant.key in alike:
            say(Trial(target.name, target.host.name, campaign.judges[0], mutant, "survived"))
    different = [one for one in unit.mutants if one[0].key not in alike]
    if different:
        _judge_all(campaign, target, different, say)
    seconds = round(time.perf_counter() - begin, 1)
    say(End(target.name, target.host.name, campaign.judges, seconds))


def _alike(target: Target, made: Sequence[tuple[Mutant, str]]) -> set[str]:
    """Keys of the mutants that no case needs to be run on: on this host they do the same, by its version."""
    alike: set[str] = set()
    for file in target.sources:
        own = [one for one in made if one[0].file == file]
        same = target.alike(file, [source for _, source in own])
        alike.update(mutant.key for (mutant, _), is_alike in zip(own, same, strict=True) if is_alike)
    return alike


def _judge_all(
    campaign: Campaign, target: Target, made: Sequence[tuple[Mutant, str]], say: Callable[[StrengthLine], None]
) -> None:
    with ExitStack() as stack:
        sound = target.place(stack.enter_context(scratch())).put({})
        judges = [_judge(name, campaign, target, sound) for name in campaign.judges]
        places: SimpleQueue[Place] = SimpleQueue()
        for _ in range(campaign.processes):
            places.put(target.place(stack.enter_context(scratch())))

        def tried(one: tuple[Mutant, str]) -> None:
            place = places.get()
            for trial in trials(target, place, *one, judges):
                say(trial)
            places.put(place)

        with ThreadPoolExecutor(campaign.processes) as pool:
            try:
                for _ in pool.map(tried, made):
                    pass
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _judge(name: str, campaign: Campaign, target: Target, sound: Subject) -> Judge:
    if name != CORPUS:
        return UnitTests(name, sound)
    cases = campaign.corpus.cases
    reached = Reached(target, list(cases.values()), campaign.processes)
    return (AllCases if campaign.exhaustive else Cases)(sound, cases, reached, named_clauses(target.sources))


def trials(target: Target, place: Place, mutant: Mutant, source: str, judges: Sequence[Judge]) -> Iterator[Trial]:
    """Puts *mutant* in its *place* and asks the *judges*, up to the first that rejects it.

    One that cannot be imported is broken, and is not judged.
    """

    def trial(judge: Judge, judged: Judgement) -> Trial:
        return Trial(
            target.name,
            target.host.name,
            judge.name,
            mutant,
            judged.fate,
            judged.by,
            judged.areas,
            round(time.perf_counter() - begin, 3),
            judged.witness,
            judged.exhaustive,
        )

    begin = time.perf_counter()
    try:
        subject = place.put({mutant.file: source})
        problem = why_not_imported(subject, target.importing(mutant.file))
    except BadReplacement as bad:
        problem = str(bad)
    if problem is not None:
        yield trial(judges[0], Judgement("broken", (problem,)))
        return
    for judge in judges:
        begin = time.perf_counter()
        judged = judge(mutant, subject)
        yield trial(judge, judged)
        if judged.fate in DETECTED:
            return
