"""Queues: what comes first, what is left out, and what they do not give away."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from evitable.decide.progress import Progress, Sample, progress, recall, sample, undecided_by_code
from evitable.decide.queues import QUEUES, counts, doubt, least_given, queue
from evitable.decide.states import CodeState, PassageState
from evitable.errors import UserError
from evitable.records import Interval, MachineAnswer, Status, digest


def code(
    name: str, probability: float = 0.9, answer: MachineAnswer = "yes", status: Status = "machine", **more: Any
) -> CodeState:
    return CodeState(name, probability, answer, more.pop("basis", "finding"), status, **more)


def state(place: str, *codes: CodeState, study: str = "s1", **more: Any) -> PassageState:
    return PassageState("p1", study, place, "findings", codes, **more)


def names(name: str, passages: list[PassageState], **more: str) -> list[str]:
    return [passages[at].place for at in queue(name, passages, coder=more.pop("coder", "ada"), **more)]


def many(number: int = 400) -> list[PassageState]:
    """Passages of which the machine has coded one in five."""
    return [
        state(digest("q", str(at)), *([code("trust")] if at % 5 == 0 else []), study=f"s{at // 40}")
        for at in range(number)
    ]


UNSURE_FAR = state("unsure, far from a yes", code("trust", 0.3, "unsure"))
UNSURE_NEAR = state("unsure, near a yes", code("trust", 0.5, "unsure"))
GIVEN_LEAST = state("given, least probable", code("trust", 0.6))
GIVEN_MOST = state("given, most probable", code("trust", 0.95))
MENTION = state("on other work", code("trust", 0.55, "unsure", basis="mention"))
DECIDED = state("decided", code("trust", 0.6, status="accepted"))
UNCODED = state("uncoded")


def test_the_most_uncertain_queue_takes_what_the_machine_is_unsure_of_first_and_mentions_last() -> None:
    mixed = [GIVEN_MOST, DECIDED, MENTION, UNSURE_FAR, UNCODED, GIVEN_LEAST, UNSURE_NEAR]
    assert names("uncertain", mixed) == [
        one.place for one in (UNSURE_NEAR, UNSURE_FAR, GIVEN_LEAST, GIVEN_MOST, MENTION)
    ]


def test_nearness_to_a_yes_is_measured_from_the_least_probability_with_which_that_code_is_given() -> None:
    strict = state("strict code", code("power", 0.7, "unsure"))
    edge = state("given strictly", code("power", 0.95))
    assert names("uncertain", [strict, edge, GIVEN_LEAST, UNSURE_NEAR])[:2] == [UNSURE_NEAR.place, strict.place]
    assert least_given(edge.codes + UNSURE_NEAR.codes) == {"power": 0.95}


def test_a_code_that_is_never_given_is_measured_from_certainty() -> None:
    assert doubt(code("trust", 0.4, "unsure"), {}) == (False, False, 0.6)


def test_a_passage_is_ranked_by_its_most_doubtful_code_that_is_still_open() -> None:
    settled = state("its doubtful code is settled", code("trust", 0.5, "unsure", "rejected"), code("power", 0.99))
    doubtful = state("its doubtful code is open", code("trust", 0.4, "unsure"), code("power", 0.99))
    assert names("uncertain", [settled, doubtful]) == [doubtful.place, settled.place]


def test_what_a_person_has_left_open_comes_again_in_its_own_queue_only() -> None:
    left = state("left open", code("trust", 0.5, "unsure", left_open=True))
    assert names("uncertain", [left, UNSURE_FAR]) == [UNSURE_FAR.place]
    assert names("open", [left, UNSURE_FAR]) == ["left open"]


def test_a_queue_can_be_held_to_one_study_and_to_one_code() -> None:
    both = state("both codes", code("trust"), code("power"))
    other = state("other study", code("trust"), study="s2")
    passages = [both, other, UNCODED]
    assert names("study", passages, study="s2") == ["other study"]
    assert names("code", passages, code="power") == ["both codes"]
    assert names("conflicts", passages, code="power") == []


def test_a_code_that_is_settled_does_not_keep_its_passage_in_the_queue_of_that_code() -> None:
    half = state("half", code("trust", status="accepted"), code("power"))
    assert names("code", [half], code="trust") == []
    assert names("code", [half], code="power") == ["half"]


def test_conflicts_and_orphans_have_queues_of_their_own() -> None:
    disputed = state("disputed", code("trust", status="disputed"), code("power"))
    lost = state("lost", code("trust", status="orphaned"), kind="lost")
    passages = [lost, disputed, GIVEN_MOST]
    assert names("conflicts", passages) == ["disputed"]
    assert names("orphans", passages) == ["lost"]
    assert "lost" not in [*names("uncertain", passages), *names("reading", passages), *names("blind", passages)]


def test_reading_in_full_leaves_out_what_this_coder_has_declared_complete() -> None:
    ada, ben = (state(coder, completed_by=frozenset({coder})) for coder in ("ada", "ben"))
    assert names("reading", [ada, ben, UNCODED], coder="ada") == ["ben", "uncoded"]


def test_the_sample_is_of_passages_without_any_answer_of_the_machine_and_nobody_has_read_them() -> None:
    found = state("a person found a code", code("trust", 0.0, "no", "corrected"))
    read = state("read", completed_by=frozenset({"ben"}))
    read_blind = state("read blind", blind_by=frozenset({"ben"}))
    stretch = state("stretch", code("trust", 0.0, "no", "corrected"), kind="stretch")
    passages = [UNSURE_FAR, found, read, read_blind, stretch, UNCODED, DECIDED]
    assert names("sample", passages) == [found.place, "uncoded"]


def test_sample_and_blind_coding_do_not_depend_on_the_order_of_the_passages() -> None:
    forwards = many()
    backwards = forwards[::-1]
    for name in ("sample", "blind"):
        assert names(name, forwards) == names(name, backwards)
        assert names(name, forwards) != [one.place for one in forwards if one.place in set(names(name, forwards))]


def test_half_of_what_is_coded_blind_is_coded_by_the_machine_and_their_order_does_not_tell_which() -> None:
    passages = many()
    coded = [not passages[at].uncoded for at in queue("blind", passages, coder="ada")]
    assert sum(coded[:60]) == 30
    assert 10 < sum(one == other for one, other in pairwise(coded[:60])) < 49, "neither by turns nor one pile first"
    assert len(coded) == len(passages)


def test_the_second_coder_gets_first_what_the_first_one_has_read_blind() -> None:
    passages = many()
    first = queue("blind", passages, coder="ada")[:12]
    done = [one._replace(blind_by=frozenset({"ada"})) if at in first else one for at, one in enumerate(passages)]
    assert set(queue("blind", done, coder="ben")[:12]) == set(first)
    assert not set(queue("blind", done, coder="ada")) & set(first)


def test_the_useful_queue_begins_where_most_codings_are_to_be_expected() -> None:
    two = state("two likely codes", code("trust", 0.6), code("power", 0.7))
    settled = state("one of two is settled", code("trust", 0.6), code("power", 0.9, status="rejected"))
    assert names("useful", [settled, GIVEN_MOST, two, DECIDED, UNCODED]) == [
        two.place,
        GIVEN_MOST.place,
        settled.place,
    ]


def test_the_counts_are_the_lengths_of_the_queues() -> None:
    passages = [
        *many(60),
        UNSURE_FAR,
        MENTION,
        state("read", completed_by=frozenset({"ada"}), blind_by=frozenset({"ada"})),
        state("open", code("trust", left_open=True)),
        state("disputed", code("trust", status="disputed")),
        state("lost", code("trust", status="orphaned"), kind="lost"),
    ]
    assert counts(passages, coder="ada") == {one.name: len(queue(one.name, passages, coder="ada")) for one in QUEUES}
    assert all(counts(passages, coder="ada").values())


def test_no_passages_give_empty_queues() -> None:
    assert set(counts([], coder="ada").values()) == {0}
    assert all(queue(one.name, [], coder="ada") == [] for one in QUEUES)


def test_a_queue_that_there_is_not_is_named_to_the_person() -> None:
    with pytest.raises(UserError, match="nonsense") as caught:
        queue("nonsense", [], coder="ada")
    assert "uncertain" in caught.value.hint


def test_progress_counts_codes_by_what_became_of_them_and_passages_by_whether_they_were_read() -> None:
    passages = [
        state("one", code("a"), code("b", status="accepted"), code("c", status="rejected")),
        state("two", code("a", left_open=True), code("b", status="disputed"), completed_by=frozenset({"ada"})),
        state("part", code("a", status="corrected"), kind="stretch"),
        state("gone", code("a", status="orphaned"), kind="lost"),
        state("other", study="s2"),
    ]
    assert progress(passages) == {
        "s1": Progress(passages=2, read=1, checked=3, undecided=1, left_open=1, disputed=1, orphaned=1),
        "s2": Progress(passages=1),
    }
    assert undecided_by_code(passages) == {"a": 1}


def test_the_sample_counts_only_what_was_read_without_a_gap() -> None:
    ada = frozenset({"ada"})
    yes = code("trust", 0.0, "no", "corrected")
    first, second, third, fourth = "q1", "q2", "q3", "q4"
    read = [state(first, completed_by=ada), state(second, yes, completed_by=ada)]
    gap, after = state(third), state(fourth, yes, completed_by=ada)
    assert sample([after, *read, gap, GIVEN_MOST]) == Sample(of=4, read=2, found=1)
    assert sample([]) == Sample(0, 0, 0)


def test_a_code_on_a_stretch_inside_a_passage_of_the_sample_counts_as_found_there() -> None:
    passage = state("q1", completed_by=frozenset({"ada"}))
    stretch = state("r1", code("trust", 0.0, "no", "corrected"), kind="stretch", within="q1")
    assert sample([passage, stretch]) == Sample(of=1, read=1, found=1)


def test_recall_is_told_once_all_that_the_machine_said_is_checked() -> None:
    open_one = state("a", code("x", 0.9))
    assert recall([open_one]) is None
    checked = state("a", code("x", 0.9, status="accepted"))
    assert recall([checked, state("b")]) == Interval(value=None)
    read = [state(f"b{number}", completed_by=frozenset({"ada"})) for number in range(20)]
    unread = [state(f"c{number}") for number in range(20)]
    found = recall([checked, *read])
    assert found is not None
    assert (found.value, found.low) == (1.0, 1.0)
    some = recall([checked, *sorted([*read, *unread], key=lambda one: one.place)])
    assert some is not None
    assert some.value == 1.0
    assert some.low is not None
    assert some.low < 0.5
