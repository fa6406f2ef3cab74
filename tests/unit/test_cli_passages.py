"""The commands for passages, `classify`, `evaluate` and `train`, as a reviewer meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evitable.flows.config import shipped_model
from support.command_line import CODEBOOK, Command, assert_refused, contents, make_review, write_lines

# --------------------------------------------------------------------------------------------------------- classify


def classified(run: Command, *lines: str, review: str = "") -> list[dict[str, Any]]:
    write_lines("in.jsonl", *lines)
    said = run("classify", "in.jsonl", "--out", "out.jsonl", *(["--review", review] if review else []))
    assert (said.code, said.err) == (0, "")
    return [json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_classify_answers_each_passage_by_dimension_with_probabilities_and_polarity(run: Command) -> None:
    make_review("birds", codebook=CODEBOOK)
    lines = [
        '{"id": "p1", "text": "They come in spring, when food and seeds are scarce."}',
        '{"id": "p2", "text": "In autumn food is plenty."}',
        '{"id": "p3", "text": "Nothing of the kind."}',
    ]
    first, second, third = classified(run, *lines, review="birds")
    assert first["id"] == "p1"
    assert first["codes"] == {"season": ["spring"], "cause": ["food"]}
    assert first["probabilities"] == {"spring": 0.5, "food": 0.6667}
    assert first["polarity"] == {"food": "hinders"}
    assert (second["codes"], second["polarity"]) == ({"season": [], "cause": ["food"]}, {"food": "facilitates"})
    assert (third["codes"], third["polarity"]) == ({"season": [], "cause": []}, {})
    assert third["probabilities"] == {"spring": 0.0, "food": 0.0}


def test_classify_with_the_shipped_model_gives_a_probability_for_each_of_the_thirteen_codes(run: Command) -> None:
    text = "Patients and nurses redesigned the clinic together in a co-design workshop."
    (answer,) = classified(run, json.dumps({"id": "p1", "text": text}))
    assert set(answer["codes"]) == {"phase", "level", "factor"}
    assert "co_design" in answer["codes"]["phase"]
    assert len(answer["probabilities"]) == 13
    assert all(0 <= probability <= 1 for probability in answer["probabilities"].values())
    assert set(answer["codes"]["factor"]) <= set(answer["polarity"])
    assert set(answer["polarity"]) <= {*answer["codes"]["factor"], *answer["unsure"]}
    assert answer["basis"] in {"finding", "recommendation", "mention"}


def test_classify_keeps_ids_and_order_and_skips_blank_lines(run: Command) -> None:
    make_review("birds", codebook=CODEBOOK)
    lines = ['{"id": "z", "text": "x"}', "", '{"id": 7, "text": ""}', '{"id": "a", "text": "y", "more": 1}']
    assert [answer["id"] for answer in classified(run, *lines, review="birds")] == ["z", 7, "a"]


def test_classify_of_an_empty_file_gives_an_empty_file(run: Command) -> None:
    make_review("birds", codebook=CODEBOOK)
    assert classified(run, review="birds") == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("oops", "not JSON"),
        ('{"id": "b", "text": "x"', "not JSON"),
        ('{"id": "b"}', 'lacks "id" or "text"'),
        ('{"text": "x"}', 'lacks "id" or "text"'),
        ('{"id": "b", "text": 5}', 'lacks "id" or "text"'),
        ('["b", "x"]', 'lacks "id" or "text"'),
    ],
)
def test_classify_names_a_bad_line_by_its_number_and_writes_nothing(run: Command, line: str, words: str) -> None:
    make_review("birds", codebook=CODEBOOK)
    write_lines("in.jsonl", '{"id": "a", "text": "x"}', "", line, '{"id": "c", "text": "x"}')
    said = run("classify", "in.jsonl", "--out", "out.jsonl", "--review", "birds")
    assert_refused(said, "in.jsonl, line 3", words)
    assert not Path("out.jsonl").exists()


def test_classify_refuses_what_cannot_be_read_or_written(run: Command) -> None:
    make_review("birds", codebook=CODEBOOK)
    good = write_lines("in.jsonl", '{"id": "a", "text": "x"}')
    assert_refused(run("classify", "nowhere.jsonl", "--out", "out.jsonl", "--review", "birds"), "nowhere.jsonl")
    assert_refused(run("classify", good, "--out", "out.jsonl", "--review", "nowhere"), "nowhere", "evitable new")
    assert_refused(run("classify", good, "--out", "in.jsonl/out.jsonl", "--review", "birds"), "out.jsonl")


# --------------------------------------------------------------------------------------------------------- evaluate


def test_evaluate_prints_a_row_for_each_code_and_the_figures_over_all(run: Command) -> None:
    make_review("birds", codebook=CODEBOOK)
    write_lines(
        "gold.jsonl",
        '{"id": "1", "text": "They come in spring.", "season": ["spring"]}',
        '{"id": "2", "text": "They come in spring.", "season": []}',
        '{"id": "3", "text": "Food is scarce.", "cause": ["food"], "polarity": {"food": "hinders"}}',
    )
    said = run("evaluate", "--gold", "gold.jsonl", "--review", "birds")
    assert (said.code, said.err) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in said.out.splitlines() if line.strip()}
    assert rows["code"] == ["people", "machine", "precision", "recall", "F1", "95", "%", "AP", "kappa", "Brier", "ECE"]
    assert rows["spring"][:5] == ["1", "2", "0.50", "1.00", "0.67"]
    assert rows["spring"][6:] == ["0.50", "0.40", "0.167", "0.000"]
    assert rows["food"][:5] == ["1", "1", "1.00", "1.00", "1.00"]
    assert "3 passages of 3 documents" in said.out
    assert "macro F1 0.833" in said.out
    assert "polarity right on 100%" in said.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("oops", ["not JSON"]),
        ('{"id": "b"}', ["lacks the key"]),
        ('{"id": "b", "text": "x", "season": ["winter"]}', ['"winter" is no code of season', "There are: spring"]),
        ('{"id": "a", "text": "x"}', ['"a" stands already in gold.jsonl, line 1']),
        ('{"id": "b", "text": "x", "polarity": {"food": "hinders"}}', ["polarity", '"food"']),
    ],
)
def test_evaluate_names_a_bad_line_by_its_number(run: Command, line: str, words: list[str]) -> None:
    make_review("birds", codebook=CODEBOOK)
    write_lines("gold.jsonl", '{"id": "a", "text": "x"}', line)
    assert_refused(run("evaluate", "--gold", "gold.jsonl", "--review", "birds"), "gold.jsonl, line 2", *words)


def test_evaluate_refuses_a_file_that_is_not_there(run: Command) -> None:
    assert_refused(run("evaluate", "--gold", "nowhere.jsonl"), "nowhere.jsonl", "cannot be read")


# ------------------------------------------------------------------------------------------------------------ train


def test_train_refuses_where_there_are_no_coded_passages(run: Command) -> None:
    Path("empty").mkdir()
    assert_refused(run("train", "--data", "empty"), "no coded passages", "empty", "--data")


def test_train_never_writes_over_the_model_that_comes_with_the_program(run: Command) -> None:
    """The program's own folder is a review too; its models/ holds the shipped model."""
    shipped = shipped_model("coproduction")
    assert shipped is not None
    before = contents(shipped)
    assert_refused(run("train", str(shipped.parents[1])), "comes with the program", "evitable new")
    assert contents(shipped) == before


def test_train_refuses_a_folder_that_is_no_review(run: Command) -> None:
    assert_refused(run("train", "nowhere"), "nowhere", "evitable new")
