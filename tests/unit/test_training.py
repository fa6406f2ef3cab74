"""Coded passages, fitting, and figures that can be checked by hand."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from evitable.classify.model import load_classifier
from evitable.codebook import read_codebook
from evitable.errors import UserError
from evitable.training.card import model_card
from evitable.training.data import read_coded_passages
from evitable.training.evaluate import calibration_error, cross_validate, f1, figures, kappa, measure_classifier, table
from evitable.training.fit import Group, best_threshold, folds, train

BOOK = read_codebook(
    """
name = "two"
title = "Two codes"
[[dimension]]
name = "voice"
title = "Voice"
polarity = true
[[code]]
name = "vote"
dimension = "voice"
title = "Vote"
definition = "They vote."
phrases = ["ballot"]
[[code]]
name = "speak"
dimension = "voice"
title = "Speak"
definition = "They speak."
phrases = ["speech"]
""",
    "two.toml",
)
PLACES = ["school", "park", "clinic", "library", "street", "market", "harbour", "station"]


def line(number, text, codes, way="facilitates", **more):
    polarity = dict.fromkeys(codes, way)
    return json.dumps(
        {"id": f"x{number}", "source": f"d{number % 5}", "text": text, "voice": codes, "polarity": polarity, **more}
    )


@pytest.fixture(scope="module")
def passages():
    return some_passages()


def some_passages():
    lines = []
    for number in range(60):
        place = PLACES[number % len(PLACES)]
        if number % 3 == 0:
            lines.append(
                line(
                    number,
                    f"The residents near the {place} cast a ballot and voted.",
                    ["vote"],
                    "hinders" if number % 2 else "facilitates",
                )
            )
        elif number % 3 == 1:
            lines.append(
                line(
                    number,
                    f"A speech was held aloud at the {place} by tenants.",
                    ["speak"],
                    "facilitates" if number % 2 else "hinders",
                )
            )
        else:
            lines.append(line(number, f"The {place} was painted in spring by a firm.", []))
    return read_coded_passages({"passages.jsonl": "\n".join(lines)}, BOOK)


def test_the_same_passages_give_the_same_model_byte_for_byte(passages):
    assert train(passages, BOOK) == train(list(passages), BOOK)


_TRAIN = """
import hashlib, sys
sys.path[:0] = {path!r}
from unit.test_training import BOOK, some_passages
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
        "60 passages from 5 imagined documents",
        "scikit-learn",
        "## Figures",
        "| vote | 20 |",
        "## Limits",
    ):
        assert part in card


def test_too_few_passages_of_a_code_are_named(passages):
    few = [passage for passage in passages if "vote" not in passage.codes][:30]
    with pytest.raises(UserError, match=r"vote \(0\)"):
        train(few, BOOK)


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
    groups = [Group("", passage.writer) for passage in passages]
    for seen, unseen in folds(groups):
        assert not {groups[i] for i in seen} & {groups[i] for i in unseen}


def test_where_there_are_several_registers_they_are_kept_apart():
    groups = [Group("case" if n % 2 else "theory", f"w{n % 4}") for n in range(12)]
    sides = [
        ({groups[i].register for i in seen}, {groups[i].register for i in unseen}) for seen, unseen in folds(groups)
    ]
    assert sorted(sides, key=str) == [({"case"}, {"theory"}), ({"theory"}, {"case"})]


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
    result = figures(["vote"], nothing[:, None], nothing[:, None], np.zeros((4, 1)), None)
    assert result.codes[0].average_precision is None
    assert " - " in table(result) or table(result).count("-") >= 3


def test_codes_that_never_occur_do_not_enter_the_macro_figures():
    truth = np.column_stack([TRUTH, np.zeros(8, dtype=bool)])
    result = figures(
        ["vote", "speak"], truth, np.column_stack([GIVEN, np.zeros(8, dtype=bool)]), truth.astype(float), None
    )
    assert result.macro_f1 == pytest.approx(2 / 3)
    assert result.mean_average_precision == 1


def test_measuring_compares_polarity_where_the_code_is_right(passages):
    classifier = load_classifier(BOOK, train(passages, BOOK))
    result = measure_classifier(classifier, passages)
    assert result.micro_f1 > 0.95
    assert result.polarity_accuracy is not None


def test_the_threshold_is_where_f1_is_highest():
    probabilities = np.array([0.9, 0.6, 0.5, 0.4, 0.2, 0.2, 0.1, 0.1])
    assert 0.4 < best_threshold(probabilities, TRUTH) <= 0.5
