"""The review in memory: what others add is seen, and each passage is where its queue has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from evitable.codebook import Codebook
from evitable.decide.placing import anchor_of
from evitable.errors import UserError
from evitable.records import Decision
from evitable.store import open_decisions, open_workspace
from evitable.web.desk import Desk, Kept, Review
from evitable.web.worklists import Where, Worklists
from support.page import BOOK, GIVEN, OTHER, made_review

TIME = "2026-01-01T10:00:00.000000Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A review of two papers with six passages each."""
    return made_review(tmp_path / "review").root


@pytest.fixture
def desk(folder: Path) -> Desk:
    return desk_at(folder)


def desk_at(folder: Path, codebook: Codebook = BOOK) -> Desk:
    workspace = open_workspace(folder)
    return Desk(workspace, open_decisions(workspace), lambda: codebook)


def decision(desk: Desk, at: int, verdict: Any = "accept", coder: str = "ada", **more: Any) -> Decision:
    """Decide on the passage of that number, of all in the review."""
    state = desk.now().passages[at]
    document = desk.document(state.paper_id)
    work = desk.work(state.paper_id)
    passage = work.passages[state.place]
    values = {"code": GIVEN.name, "time": TIME, "codebook_version": "c", **more}
    values["said"] = work.machine(state.place, values["code"])
    anchor = anchor_of(document, passage.start, passage.end, passage.id)
    return Decision(anchor=anchor, verdict=verdict, coder=coder, via="page", **values)


def status(review: Review, at: int) -> list[str]:
    return [one.status for one in review.passages[at].codes]


def test_passages_are_in_the_order_of_studies_and_texts(desk: Desk) -> None:
    review = desk.now()
    assert [one.study for one in review.passages] == ["s1"] * 6 + ["s2"] * 6
    assert [len(one.codes) for one in review.passages[:6]] == [2, 2, 1, 0, 0, 0]
    assert all(review.passages[at] == one for at, one in enumerate(review.passages))
    assert all(review.at[one.paper_id, one.place] == at for at, one in enumerate(review.passages))
    assert review.studies == {"s1": "Group 1", "s2": "Group 2"}
    assert review.current


def test_how_far_the_reading_has_come_is_told(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    workspace = open_workspace(folder)
    Desk(workspace, open_decisions(workspace), lambda: BOOK, lambda done, every: told.append((done, every)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_what_another_process_has_decided_is_seen_without_a_restart(desk: Desk, folder: Path) -> None:
    before = desk.now()
    open_decisions(open_workspace(folder)).add([decision(desk, 0)])
    after = desk.now()
    assert (status(before, 0)[0], status(after, 0)[0]) == ("machine", "accepted")
    assert after.version > before.version
    assert after.states[after.passages[6].paper_id] is before.states[after.passages[6].paper_id]


def test_nothing_is_read_again_while_nothing_changes(desk: Desk) -> None:
    assert desk.now() is desk.now()


def test_a_new_run_is_seen_without_a_restart_and_keeps_what_people_decided(desk: Desk, folder: Path) -> None:
    desk.add([decision(desk, 0)])
    made_review(folder, papers=3, number=2)
    after = desk.now()
    assert after.published.record.run_id == "run-2"
    assert len(after.passages) == 18
    assert status(after, 0)[0] == "accepted"


def test_a_run_that_cannot_be_read_is_said_once_it_is_asked_for_and_mended_by_the_next(
    desk: Desk, folder: Path
) -> None:
    papers = folder / "outputs" / "papers.json"
    good = papers.read_bytes()
    papers.write_bytes(b"{")
    for _ in range(2):
        with pytest.raises(UserError, match="damaged"):
            desk.now()
    papers.write_bytes(good + b" ")
    assert len(desk.now().passages) == 12


def test_a_paper_whose_text_is_gone_from_the_cache_is_said(folder: Path) -> None:
    for path in (folder / "outputs" / ".cache" / "segment").rglob("*.json"):
        path.unlink()
    with pytest.raises(UserError, match="not in the cache"):
        desk_at(folder)


def test_a_review_without_a_run_is_said(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "review.toml").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="no published run"):
        desk_at(tmp_path)


def test_a_paper_that_is_not_the_one_that_was_read_is_not_shown(desk: Desk, folder: Path) -> None:
    paper = desk.now().published.papers[0]
    with pytest.raises(UserError, match="cannot be read"):
        desk.pdf(paper)
    (folder / "corpus" / paper.path).write_bytes(b"%PDF of something else")
    with pytest.raises(UserError, match="has changed"):
        desk.pdf(paper)
    (folder / "corpus" / paper.path).write_bytes(b"1")
    assert desk.pdf(paper) == b"1"


def test_codes_that_the_codebook_does_not_have_any_more_are_left_out(folder: Path) -> None:
    smaller = msgspec.structs.replace(BOOK, code=tuple(one for one in BOOK.code if one.name != GIVEN.name))
    review = desk_at(folder, smaller).now()
    assert not review.current
    assert GIVEN.name not in {code.code for one in review.passages for code in one.codes}


def test_so_many_values_are_kept_the_least_lately_used_dropped_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(name) for name in "abc"] == [1, None, 3]
    kept.clear()
    assert kept.get("a") is None


def addresses(lists: Worklists, desk: Desk, where: Where, coder: str = "ada") -> Sequence[str]:
    """Go through a queue from its first passage to its last without deciding anything."""
    found = [lists.enter(desk.now(), where, coder)]
    while True:
        paper, place = found[-1].split("?")[0].split("/")[2:]
        after = lists.neighbours(desk.now(), where, coder, (paper, place)).after
        if not after.startswith("/passage/"):
            return found
        found.append(after)


def test_a_queue_leads_through_each_of_its_passages_once(desk: Desk) -> None:
    lists = Worklists()
    assert len(set(addresses(lists, desk, Where("uncertain")))) == 6
    assert len(addresses(lists, desk, Where("uncertain", study="s2"))) == 3
    assert len(addresses(lists, desk, Where("sample"))) == 6


def test_what_was_decided_meanwhile_is_passed_over_and_nothing_moves(desk: Desk) -> None:
    lists, where = Worklists(), Where("study")
    review = desk.now()
    lists.enter(review, where, "ada")
    here = (review.passages[0].paper_id, review.passages[0].place)
    before = lists.neighbours(review, where, "ada", here)
    desk.add([decision(desk, 1, code=one.code) for one in review.passages[1].codes])
    after = lists.neighbours(desk.now(), where, "ada", here)
    assert (before.number, before.of) == (after.number, after.of) == (1, 6)
    assert review.passages[1].place in before.after
    assert review.passages[2].place in after.after


def test_who_has_decided_on_a_passage_can_go_back_to_it(desk: Desk) -> None:
    lists, where = Worklists(), Where("study")
    review = desk.now()
    lists.enter(review, where, "ada")
    desk.add([decision(desk, 0, code=one.code) for one in review.passages[0].codes])
    second = (review.passages[1].paper_id, review.passages[1].place)
    assert review.passages[0].place in lists.neighbours(desk.now(), where, "ada", second).before


def test_the_end_of_a_queue_leads_to_the_queue_itself(desk: Desk) -> None:
    last = desk.now().passages[8]
    found = Worklists().neighbours(desk.now(), Where("study"), "ada", (last.paper_id, last.place))
    assert (found.number, found.of, found.after) == (6, 6, "/queue/study")


def test_a_passage_that_is_not_in_the_queue_leads_into_it(desk: Desk) -> None:
    uncoded = desk.now().passages[4]
    found = Worklists().neighbours(desk.now(), Where("study"), "ada", (uncoded.paper_id, uncoded.place))
    assert found.number == 0
    assert found.after.startswith("/passage/")
    alone = Worklists().neighbours(desk.now(), Where(), "ada", (uncoded.paper_id, uncoded.place))
    assert (alone.number, alone.before, alone.after) == (0, "", "/")


def test_what_one_coder_has_read_in_full_is_left_for_the_other(desk: Desk) -> None:
    lists = Worklists()
    complete = decision(desk, 0, "complete", code="", blind=True)
    desk.add([complete])
    assert len(addresses(lists, desk, Where("blind"), "ada")) == 11
    assert len(addresses(lists, desk, Where("blind"), "ben")) == 12


def test_an_address_says_where_one_is() -> None:
    where = Where("code", study="s1 & more", code=OTHER.name)
    assert where.address == f"/queue/code?study=s1+%26+more&code={OTHER.name}"
    assert where.passage("p/1", "q?1") == f"/passage/p%2F1/q%3F1?queue=code&study=s1+%26+more&code={OTHER.name}"
    assert (Where().address, Where().query) == ("/", "")


def test_a_queue_that_does_not_exist_is_said(desk: Desk) -> None:
    with pytest.raises(UserError, match="no queue"):
        Worklists().enter(desk.now(), Where("nothing"), "ada")
