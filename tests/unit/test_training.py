"""Coded passages, fitting, and figures that can be checked by hand."""

import os
import subprocess
import sys

import msgspec
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from evitable.classify.model import load_classifier
from evitable.errors import UserError
from evitable.training.card import ABLATION, SECOND_CODING, Ablation, AblationRow, Beside, model_card
from evitable.training.data import read_coded_passages
from evitable.training.data_figures import agreement, diversity
from evitable.training.evaluate import cross_validate, measure_classifier
from evitable.training.features import Group, folds
from evitable.training.fit import REAL_SHIFT, THRESHOLD, train, unsure_from
from evitable.training.measures import Mistaken, calibration_error, confusion, f1, figures, kappa, reliability
from evitable.training.report import table
from support.coded import BOOK, line, some_passages


@pytest.fixture(scope="module")
def passages():
    return some_passages()


def test_the_same_passages_give_the_same_model_byte_for_byte(passages):
    assert train(passages, BOOK) == train(list(passages), BOOK)


_TRAIN = """
import hashlib, sys
sys.path[:0] = {path!r}
from support.coded import BOOK, some_passages
from evitable.training.fit import train
files = train(some_passages(), BOOK)
print(hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest())
"""


def test_another_process_gives_the_same_bytes():
    """Sets, hashes and places in memory differ from process to process; a model must not."""
    command = [sys.executable, "-c", _TRAIN.format(path=sys.path)]
    digests = {
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_trained_model_codes_what_it_learned(passages):
    classifier = load_classifier(BOOK, train(passages, BOOK))
    answers = classifier.code_texts(["They cast a ballot.", "A speech was held aloud.", "It was painted by a firm."])
    assert [answer.codes for answer in answers] == [("vote",), ("speak",), ()]


def test_the_card_names_data_versions_figures_and_limits(passages):
    files = train(passages, BOOK)
    card = model_card(files, passages, BOOK, cross_validate(passages, BOOK))
    for part in (
        "## Data",
        "150 passages from 5 imagined documents",
        "scikit-learn",
        "## Figures",
        "| vote | 50 |",
        "## Limits",
    ):
        assert part in card


def test_too_few_passages_of_a_code_are_named(passages):
    with pytest.raises(UserError, match=r"vote \(20\), speak \(20\)"):
        train(passages[:60], BOOK)


def test_a_code_with_few_passages_stays_with_its_phrases_and_says_so(passages):
    few = [passage for passage in passages if "speak" not in passage.codes or passage.id in {"x1", "x4"}]
    classifier = load_classifier(BOOK, train(few, BOOK))
    assert classifier.manifest.codes == ("vote",)
    assert "phrases alone, not calibrated: Speak" in classifier.note
    ballot, speech = classifier.code_texts(["They cast a ballot.", "A speech."])
    assert (ballot.codes, speech.codes) == (("vote",), ("speak",))
    assert speech.probabilities["speak"] == 0.5


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("{", "line 1 is not JSON"),
        ('{"id": "a"}', 'lacks the key "id" or "text"'),
        (line(1, "t", ["shout"]), '"shout" is no code of voice'),
        (line(1, "t", ["vote"], "sideways"), 'polarity "sideways"'),
        (line(1, "t", []) + "\n" + line(1, "u", []), 'the id "x1" stands already in p.jsonl, line 1'),
    ],
)
def test_a_bad_line_is_named_with_its_place(bad, message):
    with pytest.raises(UserError, match=r"p\.jsonl, line") as error:
        read_coded_passages({"p.jsonl": bad}, BOOK)
    assert message in error.value.message
    assert error.value.hint


def test_passages_of_one_writer_are_never_on_both_sides(passages):
    groups = [Group("", passage.writer, passage.source) for passage in passages]
    for seen, unseen in folds(groups):
        assert not {groups[i] for i in seen} & {groups[i] for i in unseen}


def test_where_there_are_several_registers_they_are_kept_apart():
    groups = [Group(["case", "theory", "slides"][n % 3], f"w{n % 6}", f"d{n}") for n in range(12)]
    for seen, unseen in folds(groups):
        assert not {groups[i].register for i in seen} & {groups[i].register for i in unseen}


def test_the_writer_holds_documents_together():
    lines = [line(n, "text", [], writer="ada" if n < 5 else "bo") for n in range(10)]
    assert {p.writer for p in read_coded_passages({"p.jsonl": "\n".join(lines)}, BOOK)} == {"ada", "bo"}


TRUTH = np.array([True, True, True, False, False, False, False, False])
GIVEN = np.array([True, True, False, True, False, False, False, False])


def test_figures_can_be_checked_by_hand():
    assert f1(TRUTH, GIVEN) == pytest.approx(2 * 2 / (3 + 3))
    assert kappa(TRUTH, GIVEN) == pytest.approx(cohen_kappa_score(TRUTH, GIVEN))
    assert calibration_error(TRUTH, np.full(8, 0.25)) == pytest.approx(abs(3 / 8 - 0.25))
    assert calibration_error(TRUTH, np.where(TRUTH, 1.0, 0.0)) == 0


def test_a_figure_that_is_not_defined_is_not_a_number_in_disguise():
    nothing = np.zeros(4, dtype=bool)
    assert f1(nothing, nothing) is None
    assert kappa(nothing, nothing) is None
    result = figures(["vote"], nothing[:, None], nothing[:, None], np.zeros((4, 1)), list("abcd"))
    assert result.codes[0].average_precision is None
    assert " - " in table(result) or table(result).count("-") >= 3


def test_codes_that_never_occur_do_not_enter_the_macro_figures():
    truth = np.column_stack([TRUTH, np.zeros(8, dtype=bool)])
    result = figures(
        ["vote", "speak"],
        truth,
        np.column_stack([GIVEN, np.zeros(8, dtype=bool)]),
        truth.astype(float),
        list("abcdefgh"),
    )
    assert result.macro_f1 == pytest.approx(2 / 3)
    assert result.mean_average_precision == 1


def test_measuring_compares_polarity_where_the_code_is_right(passages):
    classifier = load_classifier(BOOK, train(passages, BOOK))
    result = measure_classifier(classifier, passages)
    assert result.micro_f1 > 0.95
    assert result.polarity_accuracy is not None


def test_probabilities_learned_from_written_passages_are_moved_to_real_text(passages):
    """All else equal: without freely worded passages the same ones calibrate, and so differ by the shift alone."""
    written = [msgspec.structs.replace(passage, wording="plain") for passage in passages]
    real, moved = (load_classifier(BOOK, train(data, BOOK)).manifest.stack for data in (passages, written))
    for name in ("vote", "speak"):
        assert moved[name].intercept - real[name].intercept == pytest.approx(REAL_SHIFT, abs=1e-3)
        assert (moved[name].weights, moved[name].unsure) == (real[name].weights, real[name].unsure)


def test_one_threshold_holds_for_all_codes(passages):
    stack = load_classifier(BOOK, train(passages, BOOK)).manifest.stack
    assert {one.threshold for one in stack.values()} == {THRESHOLD}
    assert all(one.unsure <= THRESHOLD for one in stack.values())


def test_unsure_reaches_down_to_where_nine_of_ten_would_be_found():
    truth = np.array([True] * 10 + [False] * 10)
    values = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.05, *[0.1] * 10])
    assert unsure_from(values, truth, 0.5) == 0.25
    assert unsure_from(np.full(20, 0.01), truth, 0.5) == 0.1
    assert unsure_from(values, np.zeros(20, dtype=bool), 0.3) <= 0.3


def test_the_reliability_curve_counts_every_answer_once():
    curve = reliability(TRUTH, np.array([0.95, 0.91, 0.55, 0.52, 0.05, 0.05, 1.0, 0.0]))
    assert sum(one.answers for one in curve) == 8
    assert [(one.answers, one.share) for one in curve if one.answers] == [
        (3, 0.0),
        (2, 0.5),
        (3, pytest.approx(2 / 3)),
    ]


def test_codes_taken_for_one_another_are_counted():
    truth = np.array([[True, False], [True, False], [True, False], [False, True]])
    given = np.array([[False, True], [False, True], [True, True], [False, True]])
    assert confusion(["vote", "speak"], truth, given) == (Mistaken("vote", "speak", 2),)


def test_the_interval_holds_the_figure_and_is_wider_with_fewer_documents():
    rng = np.random.default_rng(1)
    truth = rng.random((200, 1)) < 0.4
    given = truth ^ (rng.random((200, 1)) < 0.2)
    many = figures(["vote"], truth, given, given.astype(float), [str(n) for n in range(200)])
    few = figures(["vote"], truth, given, given.astype(float), [str(n // 25) for n in range(200)])
    low, high = many.intervals[1]
    assert low < many.micro_f1 < high
    assert few.documents == 8
    assert few.codes[0].f1_interval != many.codes[0].f1_interval


def test_the_learning_curve_grows_with_the_passages(passages):
    curve = cross_validate(passages, BOOK).curve
    assert [point.passages for point in curve] == sorted(point.passages for point in curve)
    assert curve[-1].passages == 120


def test_near_duplicates_are_found():
    same = "The tenants and the landlord walked through the stairwells together on every first Monday."
    lines = [
        line(1, same, []),
        line(2, same + " It rained.", []),
        line(3, "A wholly different text about fish in lakes.", []),
    ]
    varied = diversity(read_coded_passages({"p.jsonl": "\n".join(lines)}, BOOK))
    assert varied.alike == 1
    assert varied.most_alike == pytest.approx(12 / 14)
    assert varied.types < varied.words


def test_two_coders_are_compared_on_what_both_coded(passages):
    second = {p.id: msgspec.structs.replace(p, codes=("vote",)) for p in passages[:6]}
    by_code, overall = agreement(passages, second, BOOK)
    assert [(one.code, one.first, one.second) for one in by_code] == [("vote", 2, 6), ("speak", 2, 0)]
    assert by_code[0].f1 == pytest.approx(0.5)
    assert overall.f1 == pytest.approx(2 * 2 / (4 + 6))


def test_the_card_shows_a_second_coding_and_what_was_tried(passages):
    tried = Ablation(
        passages=9,
        rows=(AblationRow(recipe="dice", macro_f1=0.1, micro_f1=0.1, mean_average_precision=0.2, any_code_f1=0.3),),
    )
    beside = Beside(ablation=tried, second={p.id: p for p in passages[:30]})
    card = model_card(train(passages, BOOK), passages, BOOK, cross_validate(passages, BOOK), beside)
    assert "30 passages, drawn at random, were coded again" in card
    assert "| dice | 0.100 | 0.100 | 0.200 | 0.300 | no |" in card


def test_what_lies_beside_is_read_and_a_damaged_file_is_named():
    second = line(1, "They voted.", ["vote"])
    beside = Beside.read({SECOND_CODING: second, ABLATION: '{"passages": 3, "rows": []}'}, BOOK)
    assert beside.second["x1"].codes == ("vote",)
    assert beside.ablation == Ablation(passages=3, rows=())
    with pytest.raises(UserError, match=r"ablation\.json is damaged"):
        Beside.read({ABLATION: "{"}, BOOK)


@pytest.mark.parametrize(("key", "value"), [("basis", "rumour"), ("section", "preface")])
def test_a_basis_or_section_that_does_not_exist_is_named(key, value):
    with pytest.raises(UserError, match=f'"{key}" is "{value}"'):
        read_coded_passages({"p.jsonl": line(1, "They voted.", ["vote"], **{key: value})}, BOOK)
