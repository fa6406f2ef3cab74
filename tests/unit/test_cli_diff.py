"""`evitable diff`: what one published run changed of another."""

from __future__ import annotations

import csv
import importlib
import io
from pathlib import Path

import msgspec
import pytest

from evitable.aggregate import snapshot_of
from evitable.records import (
    Evidence,
    Snapshot,
)
from evitable.store import History, open_history, open_workspace
from support.command_line import Command, assert_refused, make_review
from support.histories import publish_snapshot
from support.review import published, small_review


def new_history() -> History:
    root = make_review("my-review")
    (root / "outputs").mkdir()
    return open_history(open_workspace(root))


@pytest.fixture
def three_runs(run: Command) -> Command:
    """A review in `my-review` of which three runs were published."""
    history = new_history()
    review = small_review()
    now = snapshot_of(review.evidence, published(review, 3))
    empty = Evidence(studies=(), codings=(), counts=(), map_dimensions=(), map=())
    publish_snapshot(history, snapshot_of(empty, published(review, 1)))
    earlier = tuple(study for study in now.studies if study.key != "Tamura 2021")
    publish_snapshot(history, Snapshot(run=published(review, 2, model_id="m0"), studies=earlier))
    fewer = tuple(
        msgspec.structs.replace(study, cells=study.cells[1:]) if study.key == "Okoro 2021" else study
        for study in now.studies
    )
    publish_snapshot(history, Snapshot(run=now.run, studies=fewer))
    return run


def test_diff_compares_the_last_two_runs(three_runs: Command) -> None:
    said = three_runs("diff", "my-review")
    assert (said.code, said.err) == (0, "")
    assert "run 2 (2026-03-02 06:00 UTC) → run 3" in said.out
    assert "Cells     4 new, 0 changed, 1 lost, 4 unchanged" in said.out
    assert "1 came in: tamura.pdf" in said.out
    assert "  Okoro 2021: Co-commissioning\n      1 passage; probability 0.88; why: new model" in said.out


def test_diff_compares_the_runs_that_are_named_in_that_order(three_runs: Command) -> None:
    assert "Cells     8 new, 0 changed, 0 lost, 0 unchanged" in three_runs("diff", "1", "3", "my-review").out
    assert "Cells     0 new, 0 changed, 8 lost, 0 unchanged" in three_runs("diff", "3", "1", "my-review").out
    assert "run 1 (2026-03-01 06:00 UTC) → run 3" in three_runs("diff", "1", "my-review").out


def test_diff_lists_one_kind_of_cells(three_runs: Command) -> None:
    said = three_runs("diff", "my-review", "--changes", "lost")
    assert "Lost cells" in said.out
    assert "New cells" not in said.out


def test_diff_shows_the_first_cells_and_says_how_to_see_the_others(
    three_runs: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("evitable.cli.diff"), "_CELLS", 1)
    assert "and 3 more; all of them with --changes new" in three_runs("diff", "my-review").out
    assert " more; " not in three_runs("diff", "my-review", "--changes", "new").out


def test_diff_writes_a_table(three_runs: Command) -> None:
    said = three_runs("diff", "1", "3", "my-review", "--csv", "since.csv", "--changes", "new")
    assert said.out.endswith("Written: since.csv\n")
    rows = list(csv.DictReader(io.StringIO(Path("since.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == 8
    assert {row["code"] for row in rows} >= {"Co-design", "Managerial tools"}


def test_diff_names_the_runs_that_there_are_where_one_is_not(three_runs: Command) -> None:
    assert_refused(three_runs("diff", "2", "9", "my-review"), "There is no run 9", "Published runs: 1, 2, 3.")


def test_diff_refuses_what_it_cannot_understand(three_runs: Command) -> None:
    for words_ in (["1", "2", "3"], ["my-review", "other"]):
        said = three_runs("diff", *words_)
        assert (said.code, said.out) == (2, "")
        assert "two numbers of runs at most" in said.err


def test_diff_of_a_review_without_runs_says_what_to_do(run: Command) -> None:
    make_review("my-review")
    assert_refused(run("diff", "my-review"), "No run has been published yet", "evitable run")


def test_diff_of_a_review_with_one_run_says_that_there_is_nothing_to_compare(run: Command) -> None:
    review = small_review()
    publish_snapshot(new_history(), snapshot_of(review.evidence, published(review, 1)))
    assert_refused(run("diff", "my-review"), "Only one run has been published")
