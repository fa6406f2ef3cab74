"""`evitable decisions`: listed, joined, checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from evitable.records import Decision, Passage
from evitable.settings import Settings
from evitable.store import open_decisions, open_workspace
from evitable.store.published import open_published
from support.command_line import Command, assert_refused, make_review
from support.decisions import People, anchored
from support.review_page import published_review


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "my-review"
    published_review(folder, papers=1, length=4)
    return folder


@pytest.fixture
def passages(run: Command, published: Path) -> tuple[Passage, ...]:
    """The passages of a review in `my-review`, on which nobody has decided."""
    shutil.copytree(published, "my-review")
    found = open_published(open_workspace(Path("my-review")), Settings())
    return found.passages(found.papers[0].paper_id)


def keep(*decisions: Decision) -> None:
    open_decisions(open_workspace(Path("my-review"))).merge(decisions)


def test_a_review_without_decisions_has_nothing_to_list_and_nothing_wrong(
    run: Command, passages: tuple[Passage, ...]
) -> None:
    assert run("decisions", "list", "my-review").out == "0 of 0 decisions.\n"
    assert run("decisions", "check", "my-review").code == 0


def test_decisions_are_listed_oldest_first_and_by_what_is_wanted(run: Command, passages: tuple[Passage, ...]) -> None:
    people = People()
    people.decide("ada", "accept", passages[0], note="Clear.")
    people.decide("ben", "reject", passages[1], "group")
    keep(*people.made)
    lines = run("decisions", "list", "my-review").out.splitlines()
    assert lines[0].startswith("2026-01-01 10:00  ada: accept co_design  ")
    assert lines[1].endswith("  Note: Clear.")
    assert lines[2].startswith("2026-01-01 10:00  ben: reject group")
    assert run("decisions", "list", "my-review", "--coder", "ben").out.endswith("1 of 2 decisions.\n")
    assert run("decisions", "list", "my-review", "--code", "co_design").out.endswith("1 of 2 decisions.\n")
    assert run("decisions", "list", "my-review", "--paper", "nowhere").out == "0 of 2 decisions.\n"
    study = open_published(open_workspace(Path("my-review")), Settings()).papers[0].study
    assert run("decisions", "list", "my-review", "--paper", study).out.endswith("2 of 2 decisions.\n")
    whole = run("decisions", "list", "my-review", "--json").out.splitlines()
    assert [json.loads(line)["coder"] for line in whole] == ["ada", "ben"]


def test_orphans_are_shown_beside_the_nearest_text_and_checked(run: Command, passages: tuple[Passage, ...]) -> None:
    people = People()
    other = passages[0].text[:60] + " and then nothing of the kind was ever seen again by anybody of the whole town."
    lost = msgspec.structs.replace(anchored(passages[0]), passage_id="qgone", quote=other, key="x" * 200)
    people.decide("ada", "accept", lost)
    people.decide("ada", "accept", passages[1])
    keep(*people.made)
    said = run("decisions", "list", "my-review", "--orphans").out
    assert "nearest text now" in said
    assert said.endswith("1 of 2 decisions.\n")
    checked = run("decisions", "check", "my-review")
    assert checked.code == 1
    assert "1 decisions are on text that is not found any more" in checked.out


def test_a_dispute_between_copies_is_listed_after_they_are_joined(run: Command, passages: tuple[Passage, ...]) -> None:
    people = People()
    first = people.decide("ada", "accept", passages[0])
    keep(first)
    theirs = People()
    ben = theirs.decide("ben", "reject", passages[0], base=())
    Path("ben.jsonl").write_bytes(msgspec.json.encode(ben) + b"\n" + b"not json\n")
    said = run("decisions", "merge", "my-review", "ben.jsonl")
    assert said.out.startswith("1 new decisions, 0 known already.\nben.jsonl, line 2: not used")
    assert "1 codings were decided on in both copies" in said.out
    assert run("decisions", "list", "my-review", "--disputed").out.endswith("2 of 2 decisions.\n")
    assert run("decisions", "import", "my-review", "ben.jsonl").out.startswith("0 new decisions, 1 known already.")


def test_a_folder_without_files_of_decisions_is_refused(run: Command) -> None:
    make_review("my-review")
    Path("empty").mkdir()
    assert_refused(run("decisions", "merge", "my-review", "empty"), "no files of decisions")


def test_what_was_changed_by_hand_or_fits_nothing_needs_a_person(run: Command, passages: tuple[Passage, ...]) -> None:
    people = People()
    people.decide("ada", "accept", passages[0], "no_such_code", base=("dunknown",))
    people.decide("ada", "accept", msgspec.structs.replace(anchored(passages[0]), paper_id="pother"))
    keep(*people.made)
    path = Path("my-review/corpus/decisions/ada.jsonl")
    path.write_bytes(path.read_bytes() + b'{"id":"dmade"}\n{"cut')
    said = run("decisions", "check", "my-review")
    assert said.code == 1
    for words in ("line 3: not used", "cut off", "not here", "codebook does not have", "not in the published run"):
        assert words in said.out


def test_doubled_lines_need_nobody(run: Command, passages: tuple[Passage, ...]) -> None:
    people = People()
    people.decide("ada", "accept", passages[0])
    keep(*people.made)
    path = Path("my-review/corpus/decisions/ada.jsonl")
    path.write_bytes(path.read_bytes() * 2)
    said = run("decisions", "check", "my-review")
    assert said.out.startswith("1 lines stand more than once in a file")
    assert said.code == 0
