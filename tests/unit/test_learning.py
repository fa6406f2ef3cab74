"""A review's own model: what it learns from decisions, how it is compared, and when it is taken."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from evitable.classify.answers import PhraseClassifier
from evitable.classify.manifest import Stack
from evitable.classify.model import load_classifier
from evitable.errors import UserError
from evitable.flows.config import run_config
from evitable.store import open_workspace
from evitable.training.compare import Checked, Said, compared, weighted_average_precision, weighted_f1
from evitable.training.data import CodedPassage
from evitable.training.features import PAPER_WEIGHT, features, read_passages
from evitable.training.fit import SHIFT_SPREAD, fit, moved, train
from evitable.training.learn import InForce, Lesson, lesson, measure, own_model
from evitable.training.own_card import own_card, verdict
from support.coded import BOOK, some_passages
from support.command_line import Command, assert_refused, make_review
from support.decided import CODEBOOK, decided, published_review

NAMES = ["vote", "speak"]


# ------------------------------------------------------------------------------------------------------------ fitting


def table_of(passages: list[CodedPassage]):
    return features(passages, read_passages(passages, BOOK), NAMES)


def test_of_a_code_that_is_not_known_nothing_is_learned():
    """The same passages, once with another code that nobody decided on, and once without: its model is the same."""
    base = some_passages()
    only_vote = [msgspec.structs.replace(one, known=("vote",)) for one in decided(60)]
    turned = [
        msgspec.structs.replace(one, codes=tuple(code for code in one.codes if code == "vote")) for one in only_vote
    ]
    first, second = (fit(table_of([*base, *more]), NAMES) for more in (only_vote, turned))
    told = [one.codes.named_steps["classes"].estimators_[1].coef_ for one in (first, second)]
    assert np.array_equal(*told)
    open_ = [msgspec.structs.replace(one, known=None) for one in turned]
    third = fit(table_of([*base, *open_]), NAMES).codes.named_steps["classes"].estimators_[1].coef_
    assert not np.array_equal(told[0], third)


def test_a_passage_of_a_paper_counts_more_than_a_written_one():
    known = table_of([*some_passages()[:3], *decided(3)])
    assert known.weights.tolist() == [1, 1, 1, PAPER_WEIGHT, PAPER_WEIGHT, PAPER_WEIGHT]


def test_log_odds_move_to_what_people_decided_the_further_the_more_they_did():
    stack = Stack(intercept=-1.0, weights={"text": 1.0}, threshold=0.3, unsure=0.1)
    shifts = []
    for number in (0, 4, 40, 400):
        truth = np.arange(number) % 2 == 0  # half carry it, where the model says a quarter
        shifts.append(moved(stack, np.zeros((number, 1)), truth).intercept + 1.0)
    assert shifts[0] == 0
    assert shifts == sorted(shifts)
    assert shifts[1] < SHIFT_SPREAD
    assert shifts[3] == pytest.approx(1.0, abs=0.05)


def test_log_odds_stay_finite_where_all_passages_carry_the_code():
    stack = Stack(intercept=-20.0, weights={"text": 1.0}, threshold=0.3, unsure=0.1)
    moved_up = moved(stack, np.zeros((500, 1)), np.ones(500, dtype=bool)).intercept
    assert -20 < moved_up <= -12


# ---------------------------------------------------------------------------------------------------------- comparing


def test_weighted_figures_are_those_of_repeated_passages():
    random = np.random.default_rng(3)
    truth, values = random.random(60) < 0.4, np.round(random.random(60), 1)
    weights = random.integers(0, 4, size=(5, 60)).astype(float)
    precision = weighted_average_precision(truth, values, weights)
    share = weighted_f1(truth, values >= 0.5, weights)
    for row, counts in enumerate(weights.astype(int)):
        again = np.repeat(np.arange(60), counts)
        assert precision[row] == pytest.approx(average_precision_score(truth[again], values[again]))
        assert share[row] == pytest.approx(f1_score(truth[again], values[again] >= 0.5))


def test_figures_without_a_passage_that_carries_the_code_are_not_defined():
    nothing = np.zeros(4, dtype=bool)
    assert np.isnan(weighted_average_precision(nothing, np.zeros(4), np.ones((1, 4)))).all()
    assert np.isnan(weighted_f1(nothing, nothing, np.ones((1, 4)))).all()


def said(values: list[float]) -> Said:
    table = np.array(values)[:, None]
    return Said(table, table >= 0.5)


TRUTH = np.array([True, False] * 20)[:, None]
STUDIES = [f"s{at // 5}" for at in range(40)]
PEOPLE = Checked(TRUTH, np.ones_like(TRUTH), STUDIES, np.zeros(40, dtype=np.int64))
RIGHT = said([0.9, 0.1] * 20)
WRONG = said([0.4, 0.6] * 20)


def test_a_model_that_is_right_is_better_than_one_that_is_not():
    result = compared(["a"], PEOPLE, WRONG, RIGHT)
    assert result.better
    assert (result.f1.old, result.f1.new) == (0, 1)
    assert (result.f1.low, result.f1.high) == (1, 1)
    assert "is better: macro F1 0.000 -> 1.000 (+1.000" in verdict(result)


@pytest.mark.parametrize("new", [RIGHT, WRONG])
def test_an_equal_or_a_worse_model_is_not_better(new: Said):
    result = compared(["a"], PEOPLE, RIGHT, new)
    assert not result.better
    assert "not clearly better" in verdict(result)


def test_a_gain_in_one_study_alone_may_be_chance():
    values = [0.4, 0.6] * 20
    values[:4] = [0.9, 0.1] * 2
    result = compared(["a"], PEOPLE, WRONG, said(values))
    assert result.f1.difference > 0
    assert result.average_precision.difference > 0
    assert result.f1.low == 0
    assert not result.better


def test_passages_are_ranked_against_those_that_the_same_model_answered():
    """Models that are right, each on a scale of its own, are right all the same."""
    low = said([0.4, 0.1] * 10 + [0.9, 0.6] * 10)
    parts = np.repeat([0, 1], 20)
    apart = compared(["a"], PEOPLE._replace(parts=parts), RIGHT, low)
    assert apart.average_precision.difference == 0
    assert compared(["a"], PEOPLE, RIGHT, low).average_precision.difference < -0.1


def test_what_people_left_open_counts_for_neither_model():
    known = np.ones_like(TRUTH)
    known[10:] = False
    worse = said([0.9, 0.1] * 5 + [0.4, 0.6] * 15)
    assert compared(["a"], PEOPLE._replace(known=known), RIGHT, worse).f1.difference == 0


# ----------------------------------------------------------------------------------------------------------- learning


def test_no_passage_is_answered_by_a_model_that_saw_its_study(monkeypatch: pytest.MonkeyPatch):
    """Each study is given a word of its own that tells its code: only who has seen the study can know it."""
    seen: list[tuple[frozenset[str], frozenset[str]]] = []
    from evitable.training import learn  # noqa: PLC0415 - what is watched

    real_fit, real_predicted = learn.fit, learn.predicted

    def watched_fit(known, names, topic):
        fitted = real_fit(known, names, topic)
        seen.append((frozenset(group.source for group in known.groups), frozenset()))
        return fitted

    def watched_predicted(fitted, known, names):
        seen[-1] = (seen[-1][0], frozenset(group.source for group in known.groups))
        return real_predicted(fitted, known, names)

    monkeypatch.setattr(learn, "fit", watched_fit)
    monkeypatch.setattr(learn, "predicted", watched_predicted)
    made = lesson(BOOK, some_passages(), decided(90))
    measure(made, InForce(PhraseClassifier(BOOK), learned=decided(45)))
    assert len(seen) == 10
    assert all(not learned & tested for learned, tested in seen)
    assert frozenset.union(*(tested for _, tested in seen[:5])) == {f"s{number}" for number in range(6)}


def test_a_model_that_learned_the_same_before_is_not_bettered_by_learning_it_again():
    made = lesson(BOOK, some_passages(), decided(90))
    result = measure(made, InForce(PhraseClassifier(BOOK), learned=decided(90)))
    assert result.f1.difference == result.average_precision.difference == 0
    assert not result.better


def test_what_is_learned_from_decisions_beats_a_model_that_never_saw_such_words():
    before = load_classifier(BOOK, train(some_passages(), BOOK))
    made = lesson(BOOK, some_passages(), decided(120))
    result = measure(made, InForce(before))
    assert result.better
    after = load_classifier(BOOK, own_model(made))
    assert after.code_texts(["Hands went up for the plan of the park."])[0].codes == ("vote",)
    assert before.code_texts(["Hands went up for the plan of the park."])[0].codes != ("vote",)


def test_decisions_alone_are_enough_where_there_are_no_other_passages():
    made = lesson(BOOK, [], decided(150))
    assert measure(made, InForce(PhraseClassifier(BOOK))).better
    assert own_model(made) == own_model(made)


def test_written_passages_tell_nothing_of_a_code_that_none_of_them_carries():
    votes = [one for one in some_passages() if "speak" not in one.codes]
    made = lesson(BOOK, votes, decided(90))
    assert all(one.known == ("vote",) for one in made.written)
    assert (made.answers, made.given, made.studies) == (180, 60, 6)


@pytest.mark.parametrize("passages", [decided(30), decided(90, studies=2)])
def test_too_few_decisions_are_refused(passages: list[CodedPassage]):
    with pytest.raises(UserError, match="People have given"):
        lesson(BOOK, some_passages(), passages)


def test_the_card_says_by_how_much_on_what_and_with_which_weight():
    made = Lesson(BOOK, some_passages(), decided(90))
    result = compared(["vote"], PEOPLE, WRONG, RIGHT)
    card = own_card("Votes", made, result, ("new1", "old1"))
    for words in (
        "# Model card: Votes",
        "Model `new1`",
        "`old1` was in force",
        "180 answers of people (60 codes given, 120 ruled out) on 90 passages of 6 studies",
        "beside 150 coded passages from elsewhere",
        f"counts {PAPER_WEIGHT:g} times",
        "macro F1 0.000 -> 1.000",
        "| vote | 40 | 20 | 0.00 | 0.00 | 0.00 |",
        "## Limits",
    ):
        assert words in card


# ------------------------------------------------------------------------------------------------------------ command


def test_train_learns_from_a_review_and_puts_the_model_in_force(run: Command):
    published_review("votes", decided(150))
    first = run("train", "votes")
    assert first.code == 0, first
    assert "The new model is better: macro F1 0." in first.out
    assert "300 answers of people (100 codes given, 200 ruled out) on 150 passages of 6 studies" in first.err
    folder = Path("votes/models/two")
    assert {path.name for path in folder.iterdir()} >= {"model.json", "codes.skops", "model-card.md", "learned.jsonl"}
    assert "macro F1" in (folder / "model-card.md").read_text(encoding="utf-8")
    config = run_config(open_workspace(Path("votes")))
    assert config.model_dir == Path("votes/models/two").resolve()
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    second = run("train", "votes")
    assert second.code == 0, second
    assert "not clearly better" in second.out
    assert f"The model in force stays: {config.model_id}" in second.out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept


def test_train_refuses_a_review_without_a_run_or_with_too_few_decisions(run: Command):
    make_review("empty", codebook=CODEBOOK)
    assert_refused(run("train", "empty"), "no published run", "evitable run")
    published_review("few", decided(9, studies=2))
    said = run("train", "few")
    assert_refused(said, "People have given 6 codes on passages of 2 studies", "decide on more")
    assert not Path("few/models/two/model.json").exists()


def test_train_on_a_review_takes_codebook_and_folder_from_it(run: Command):
    make_review("votes", codebook=CODEBOOK)
    assert_refused(run("train", "votes", "--out", "elsewhere"), "do not go with a review")
