"""Agreement: its figures against printed ones and other programs, and how all outputs show it."""

from __future__ import annotations

import math
import random
from itertools import product

import msgspec
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from evitable.decide.agreement import RESAMPLES, agreement, krippendorff_alpha
from evitable.decide.disagreements import PaperAnswers, blind_codings, disagreements
from evitable.decide.placing import of_passage
from evitable.records import (
    Agreement,
    Placement,
)
from support.coders import coded, decision, passage

FOUR_OBSERVERS = """\
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 ."""
"""Reliability data of Krippendorff (2011), part C; a dot is a missing value."""
SEASON = {"spring": "season", "food": "cause"}


def units(table: str) -> list[tuple[str | None, ...]]:
    rows = [[None if value == "." else value for value in row.split()] for row in table.splitlines()]
    return list(zip(*rows, strict=True))


def compared(first: dict[int, str], second: dict[int, str], studies: dict[int, str]) -> Agreement:
    """Compare ada and ben by passage number: the letters of a text are the codes given, studies by passage number."""
    papers, blind = {}, []
    for number in sorted({*first, *second}):
        paper = f"p{number}"
        on = passage(number, paper)
        papers[paper] = PaperAnswers(studies[number], (on,), ())
        blind += [coded("ada", on, *first[number])] if number in first else []
        blind += [coded("ben", on, *second[number])] if number in second else []
    pair, *_ = agreement(blind, papers, ("x", "y"), "m1")
    return pair


def made_up(passages: int, studies: int, seed: int) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Give two coders who often agree, and the studies."""
    dice = random.Random(seed)
    first = {number: "".join(code for code in "xy" if dice.random() < 0.3) for number in range(passages)}
    second = {
        number: "".join(code for code in "xy" if (code in given) != (dice.random() < 0.2))
        for number, given in first.items()
    }
    return first, second, {number: f"s{number % studies}" for number in range(passages)}


# Figures.


def test_alpha_is_the_one_that_krippendorff_printed():
    assert krippendorff_alpha(units(FOUR_OBSERVERS)) == pytest.approx(0.743, abs=5e-4)
    two = "a a b b d c c c e d d a\nb a b b b c c c e d d d"
    assert krippendorff_alpha(units(two)) == pytest.approx(0.692, abs=5e-4)
    binary = "0 1 0 0 0 0 0 0 1 0\n1 1 1 0 0 1 0 0 0 0"
    assert krippendorff_alpha(units(binary)) == pytest.approx(0.095, abs=5e-4)


def test_alpha_does_not_hang_on_the_order_of_coders_or_units():
    table = units(FOUR_OBSERVERS)
    turned = [tuple(reversed(unit)) for unit in reversed(table)]
    assert krippendorff_alpha(turned) == pytest.approx(krippendorff_alpha(table))


@pytest.mark.parametrize("table", [[], [("a", None), (None, "b")], [("a", "a"), ("a", "a")]])
def test_alpha_of_nothing_to_compare_or_of_one_value_is_not_defined(table):
    assert krippendorff_alpha(table) is None


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_that_of_scikit_learn_and_alpha_of_two_that_of_many(seed):
    first, second, studies = made_up(40, 8, seed)
    pair = compared(first, second, studies)
    for one in pair.codes:
        mine = [one.code in first[number] for number in first]
        other = [one.code in second[number] for number in first]
        assert one.kappa.value == pytest.approx(cohen_kappa_score(mine, other))
        values = [(str(a), str(b)) for a, b in zip(mine, other, strict=True)]
        assert one.alpha.value == pytest.approx(krippendorff_alpha(values))
        assert one.raw.value == pytest.approx(np.mean(np.equal(mine, other)))
        assert one.prevalence == pytest.approx((sum(mine) + sum(other)) / 80)
    assert pair.overall.kappa.value == pytest.approx(np.mean([one.kappa.value for one in pair.codes]))


@pytest.mark.parametrize(("given", "kappa"), [(("x", ""), 0.0), (("", "x"), 0.0)])
def test_coders_who_always_say_the_contrary_agree_no_better_than_by_chance(given, kappa):
    pair = compared(dict.fromkeys(range(4), given[0]), dict.fromkeys(range(4), given[1]), dict.fromkeys(range(4), "s"))
    assert pair.codes[0].kappa.value == kappa
    assert pair.codes[0].raw.value == 0


def test_no_figure_is_ever_nan_whatever_two_coders_say_of_three_passages():
    answers = list(product(["", "x"], repeat=3))
    for mine, other in product(answers, answers):
        pair = compared(dict(enumerate(mine)), dict(enumerate(other)), {0: "s0", 1: "s1", 2: "s2"})
        for one in (pair.overall, *pair.codes):
            ends = [end for figure in (one.raw, one.kappa, one.alpha) for end in msgspec.structs.astuple(figure)]
            assert not any(end is not None and math.isnan(end) for end in [*ends, one.prevalence])
            for figure in (one.raw, one.kappa, one.alpha):
                assert figure.low is None or figure.low <= figure.high


def test_intervals_hold_the_figure_and_are_the_same_each_time_and_in_any_order():
    first, second, studies = made_up(60, 12, 3)
    pair = compared(first, second, studies)
    assert compared(first, second, studies) == pair
    assert compared(dict(reversed(first.items())), second, studies) == pair
    renamed = {number: f"of another hash, {study}" for number, study in studies.items()}
    assert compared(first, second, renamed) == pair
    for one in (pair.overall, *pair.codes):
        for figure in (one.raw, one.kappa, one.alpha):
            assert figure.low < figure.value < figure.high


def test_an_interval_by_study_is_wider_than_one_by_passage_where_studies_differ():
    first = dict.fromkeys(range(40), "x")
    second = {number: "x" if number % 4 else "" for number in range(40)}
    clustered = compared(first, second, {number: f"s{number % 4}" for number in range(40)}).codes[0].raw
    single = compared(first, second, {number: f"s{number}" for number in range(40)}).codes[0].raw
    assert clustered.value == single.value == 0.75
    assert clustered.high - clustered.low > single.high - single.low


def test_intervals_are_the_percentiles_that_another_bootstrap_gives():
    first, second, studies = made_up(60, 6, 5)
    by_study = {name: [n for n in first if studies[n] == name] for name in sorted(set(studies.values()))}
    dice, found = np.random.default_rng(1), []
    for _ in range(4 * RESAMPLES):
        drawn = [n for name in dice.choice(list(by_study), 6) for n in by_study[str(name)]]
        found.append(np.mean([("x" in first[n]) == ("x" in second[n]) for n in drawn]))
    raw = compared(first, second, studies).codes[0].raw
    assert [raw.low, raw.high] == pytest.approx(np.percentile(found, [2.5, 97.5]), abs=0.03)


def test_draws_of_studies_in_which_a_figure_is_not_defined_are_left_out():
    first = {number: "x" if number == 0 else "" for number in range(8)}
    kappa = compared(first, first, {number: f"s{number}" for number in range(8)}).codes[0].kappa
    assert (kappa.value, kappa.low, kappa.high) == (1, 1, 1), "a third of the draws are without the code"


# Passages.


def test_what_is_coded_on_text_that_is_lost_counts_among_people_and_not_with_the_machine():
    gone = Placement(found="lost", place="old", quote="Something near.", pages=(9,), likeness=40.0)
    on = passage(1)
    blind = [coded("ada", on, "x", placement=gone), coded("ben", on, placement=gone)]
    papers = {"p1": PaperAnswers("s1", (passage(2),), ())}
    [pair] = agreement(blind, papers, ("x",), "m1")
    assert (pair.second, pair.passages) == ("ben", 1)
    [one] = disagreements(blind, papers, ("x",))
    assert (one.quote, one.pages, one.outcome, one.machine) == (on.text, (1,), "text not found", None)


def test_papers_that_left_the_review_and_codes_that_left_the_codebook_count_nowhere():
    blind = [coded(who, passage(1), *given) for who, given in (("ada", "xz"), ("ben", ""))]
    assert agreement(blind, {}, ("x",), "m1") == ()
    assert disagreements(blind, {}, ("x",)) == ()
    papers = {"p1": PaperAnswers("s1", (passage(1),), ())}
    assert [one.code for one in disagreements(blind, papers, ("x",))] == ["x"]
    assert [one.code for one in agreement(blind, papers, ("x",), "m1")[0].codes] == ["x"]
    said = [decision("ada", passage(1), "", "complete")]
    assert blind_codings(said, {}) == ()


@pytest.mark.parametrize(("earlier", "later", "given"), [("add", "reject", set()), ("reject", "add", {"x"})])
def test_of_two_blind_answers_from_copies_of_a_review_the_later_one_counts(earlier, later, given):
    on = passage(1)
    said = [
        decision("ada", on, "x", earlier, time="2026-01-02"),
        decision("ada", on, "x", later, time="2026-01-03"),
        decision("ada", on, "", "complete"),
    ]
    placed = {"p1": {on.id: of_passage(on)}}
    [one] = blind_codings(said, placed)
    assert one.given == given
    assert blind_codings(reversed(said), placed) == (one,)


def test_only_a_declaration_makes_a_passage_complete():
    on = passage(1)
    said = [decision("ada", on, "x"), decision("ada", on, "", "accept")]
    assert blind_codings(said, {"p1": {on.id: of_passage(on)}}) == ()


# What shows it.
