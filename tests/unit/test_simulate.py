"""Replayed work: curves that can be checked by hand, intervals against exact counts, and the rule for stopping."""

from __future__ import annotations

import json
from itertools import combinations, islice
from pathlib import Path

import numpy as np
import pytest

from evitable.decide.ranking import usefulness
from evitable.decide.states import CodeState, PassageState
from evitable.decide.stopping import TARGET, enough, recall_estimate
from evitable.errors import UserError
from evitable.training.simulate import Pool, mixed, resampled, scores, simulate, stopping, thorough
from evitable.training.simulation_text import codes_csv, curve_csv, simulation_text
from support.command_line import Command, assert_refused, write_lines
from support.decided import decided, published_review

# ---------------------------------------------------------------------------------------------------------- ranking


def state(*codes: CodeState) -> PassageState:
    return PassageState("p", "s", "q", "findings", codes)


def test_a_passage_is_as_useful_as_the_codings_that_it_is_expected_to_hold():
    assert usefulness(
        [
            state(
                CodeState("a", 0.5, "yes", "finding", "machine"), CodeState("b", 0.25, "unsure", "finding", "machine")
            ),
            state(CodeState("a", 0.5, "yes", "finding", "machine")),
            state(),
        ]
    ) == [0.75, 0.5, 0.0]


def test_what_somebody_has_looked_at_is_not_useful_any_more():
    codes = (
        CodeState("a", 0.9, "yes", "finding", "accepted"),
        CodeState("b", 0.9, "yes", "finding", "rejected"),
        CodeState("c", 0.2, "unsure", "finding", "machine", left_open=True),
        CodeState("d", 0.0, "no", "finding", "corrected"),
    )
    assert usefulness([state(*codes)]) == [0.0]
    assert usefulness([]) == []


# --------------------------------------------------------------------------------------------------------- stopping


def test_a_sample_without_a_hit_leaves_an_upper_bound_of_what_may_be_missed():
    recall = recall_estimate(found=95, sample_size=100, sample_hits=0, unchecked=100)
    assert (recall.value, recall.low, recall.high) == (1.0, 1.0, 1.0)
    part = recall_estimate(found=95, sample_size=50, sample_hits=0, unchecked=100)
    assert part.value == part.high == 1.0
    assert part.low == pytest.approx(95 / 100)  # 5 of 100 hide from 50 draws in 28 of 1000 cases, 6 in 13


def test_the_interval_is_exact():
    """All samples of 4 from 9 passages are counted out, for each number that may carry a code."""
    for hits in range(5):
        likely = []
        for carriers in range(10):
            seen = [sum(one < carriers for one in drawn) for drawn in combinations(range(9), 4)]
            few, many = np.mean([one <= hits for one in seen]), np.mean([one >= hits for one in seen])
            if few >= 0.025 and many >= 0.025:
                likely.append(carriers)
        recall = recall_estimate(found=20, sample_size=4, sample_hits=hits, unchecked=9)
        assert recall.low == pytest.approx((20 + hits) / (20 + max(likely)))
        assert recall.high == pytest.approx((20 + hits) / (20 + min(likely)))


def test_the_estimate_counts_what_the_sample_found_and_what_it_lets_expect():
    recall = recall_estimate(found=80, sample_size=50, sample_hits=5, unchecked=100)
    assert recall.value == pytest.approx(85 / 90)
    assert recall.low is not None
    assert recall.high is not None
    assert recall.low < 85 / 90 < recall.high


def test_without_a_sample_or_anything_to_find_recall_is_not_defined():
    assert recall_estimate(10, 0, 0, 100).value is None
    assert recall_estimate(0, 10, 0, 100).value is None
    assert not enough(recall_estimate(10, 0, 0, 100))


def test_a_larger_sample_tells_more():
    lows = [recall_estimate(500, size, 0, 1000).low or 0.0 for size in (20, 50, 100, 200)]
    assert lows == sorted(lows)
    assert lows[0] < TARGET < lows[-1]


@pytest.mark.parametrize("numbers", [(1, 5, 6, 10), (1, 11, 0, 10), (-1, 5, 0, 10)])
def test_numbers_that_cannot_be_are_refused(numbers: tuple[int, int, int, int]):
    with pytest.raises(ValueError, match="no sample"):
        recall_estimate(*numbers)


# ------------------------------------------------------------------------------------------------------- simulation


def pool(values: list[list[float]], truth: list[list[int]], documents: list[str] | None = None) -> Pool:
    said = np.array(values)
    return Pool(
        ["a", "b"][: said.shape[1]],
        np.array(truth, dtype=bool),
        said,
        said >= 0.3,
        documents or [f"d{row % 5}" for row in range(len(values))],
    )


def made(number: int = 400, *, knows: bool = True) -> Pool:
    """Make passages, a quarter of which carry a code; the machine knows it well, or not at all."""
    random = np.random.default_rng(7)
    truth = random.random((number, 2)) < 0.13
    sure = truth * 0.6 if knows else 0.0
    return pool((sure + 0.35 * random.random((number, 2))).tolist(), truth.astype(int).tolist())


def test_the_curve_counts_what_the_order_finds():
    twenty = pool([[0.9, 0.8], [0.7, 0.0], [0.0, 0.0], [0.2, 0.0]] * 10, [[1, 1], [0, 0], [0, 0], [1, 0]] * 10)
    result = simulate(twenty, iter([]))
    useful, random = result.curves[0], result.curves[-1]
    assert (useful.name, random.name) == ("useful", "random")
    # The ten best hold 20 of 30 codings, the ten next none, the ten after these the rest.
    assert useful.found[[0, 10, 20, 30, 40]] == pytest.approx([0, 2 / 3, 2 / 3, 1, 1])
    assert useful.checks == {0.8: 24, 0.9: 27, 0.95: 29, 0.99: 30}
    assert useful.by_code == {"a": 29, "b": 10}
    assert (result.passages, result.carrying, result.codings) == (40, 20, 30)
    assert (result.silent, result.missed) == (10, 0)


def test_the_same_passages_give_the_same_figures():
    first, second = (simulate(made(), iter([])) for _ in range(2))
    assert curve_csv(first) == curve_csv(second)
    assert codes_csv(first) == codes_csv(second)


def test_a_machine_that_knows_saves_work_and_one_that_does_not_saves_none():
    good, bad = (simulate(made(knows=knows), iter([])).curves for knows in (True, False))
    assert good[0].checks[TARGET] < 0.4 * 400
    assert bad[0].checks[TARGET] > 0.85 * 400
    assert good[-1].checks[TARGET] > 0.85 * 400


def test_the_page_orders_by_expected_codings():
    assert scores(pool([[0.5, 0.25], [0.6, 0.0]], [[0, 0], [0, 0]]))["useful"].tolist() == [0.75, 0.6]


def test_too_few_codings_are_refused():
    with pytest.raises(UserError, match="needs 20"):
        simulate(pool([[0.5, 0.5]] * 10, [[1, 0]] * 10), iter([]))


def test_passages_are_mixed_so_that_a_share_of_them_carries_a_code():
    drawn = mixed(made(), 0.1, np.random.default_rng(1))
    assert drawn.carries.mean() == pytest.approx(0.1, abs=0.01)
    assert int((~drawn.carries).sum()) == int((~made().carries).sum())
    more = mixed(made(), 0.5, np.random.default_rng(1))
    assert more.carries.mean() == pytest.approx(0.5, abs=0.01)
    assert int(more.carries.sum()) == int(made().carries.sum())


def test_reviews_are_drawn_from_whole_documents():
    whole = made(60)
    for number, review in enumerate(resampled(whole)):
        sizes = {name: review.documents.count(name) for name in set(review.documents)}
        assert all(size % 12 == 0 for size in sizes.values())
        assert sum(sizes.values()) == 60
        if number == 5:
            break


def test_the_rule_stops_late_enough_and_before_the_end():
    stops = [stopping(made(3000), np.random.default_rng(seed)) for seed in range(10)]
    assert all(stop.passages >= TARGET for stop in stops)
    assert all(TARGET <= stop.low <= stop.passages for stop in stops)
    assert all(stop.checked < 0.75 for stop in stops)
    assert all(stop.samples >= 1 for stop in stops)


def test_where_the_machine_knows_nothing_the_rule_makes_people_read_nearly_all():
    stops = [stopping(made(1000, knows=False), np.random.default_rng(seed)) for seed in range(10)]
    assert all(stop.checked > 0.9 for stop in stops)


def test_checking_all_that_the_machine_says_anything_about_leaves_what_the_sample_misses():
    """Of 1,000 passages on which it says nothing 20 carry a code: a sample of 200 finds some 4 of them."""
    silent = pool([[0.9]] * 500 + [[0.0]] * 1000, [[1]] * 500 + [[1]] * 20 + [[0]] * 980)
    stops = [thorough(silent, np.random.default_rng(seed)) for seed in range(20)]
    assert all(stop.checked == pytest.approx(700 / 1500) for stop in stops)
    assert np.mean([stop.passages for stop in stops]) == pytest.approx(504 / 520, abs=0.003)
    assert sum(stop.low <= 500 / 520 for stop in stops) >= 18
    heard = thorough(pool([[0.9]] * 50, [[1]] * 50), np.random.default_rng(1))
    assert (heard.checked, heard.passages, heard.low) == (1, 1, 1)


def test_the_text_names_orders_codes_and_the_rule():
    said = simulation_text(simulate(made(), islice(resampled(made()), 3)))
    for words in ("400 passages", "useful", "random", "95%", "When to stop, tried in 3 reviews", "  a ", "  b "):
        assert words in said


# ---------------------------------------------------------------------------------------------------------- command


def coded_lines(number: int) -> list[str]:
    lines = []
    for at in range(number):
        text = f"The buildings of ward {at} were painted."
        if at % 3 == 0:
            text = f"Patients redesigned clinic {at} in a co-design workshop."
        codes = ["co_design"] if at % 3 == 0 else []
        lines.append(json.dumps({"id": f"x{at}", "source": f"d{at % 7}", "text": text, "phase": codes}))
    return lines


def test_simulate_replays_passages_and_writes_the_curve(run: Command):
    write_lines("gold.jsonl", *coded_lines(90))
    said = run("simulate", "--passages", "gold.jsonl", "--out", "curve")
    assert said.code == 0, said
    assert "90 passages; 30 of them (33%) carry 30 codings" in said.out
    assert sorted(path.name for path in Path("curve").iterdir()) == [
        "simulation-codes.csv",
        "simulation.csv",
        "simulation.png",
        "simulation.svg",
    ]
    lines = Path("curve/simulation.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "order,passages_checked,share_checked,share_found"
    assert lines[1] == "useful,0,0.00,0.0000"
    assert lines[-1] == "random,90,1.00,1.0000"
    assert "useful: 95%" in Path("curve/simulation.svg").read_text(encoding="utf-8")


def test_simulate_refuses_two_sources_and_too_few_codings(run: Command):
    write_lines("gold.jsonl", *coded_lines(9))
    assert_refused(run("simulate", "somewhere", "--passages", "gold.jsonl"), "two sources")
    assert_refused(run("simulate", "--passages", "gold.jsonl"), "needs 20")
    assert_refused(run("simulate", "--passages", "nowhere.jsonl"), "nowhere.jsonl")


def test_simulate_replays_what_people_of_a_review_have_read_in_full(run: Command):
    published_review("votes", decided(240))
    said = run("simulate", "votes")
    assert said.code == 0, said
    assert "Replaying 240 passages of this review" in said.err
    assert "240 passages; 160 of them (67%) carry 160 codings. On 240 passages the machine says nothing" in said.out
