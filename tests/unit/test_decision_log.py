"""The log of decisions: nothing that was acknowledged is ever lost, and nothing stale goes in."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evitable.errors import UserError
from evitable.records import Anchor, Decision, sealed
from evitable.store import StaleDecisionError, Workspace, open_decisions, open_workspace
from evitable.store.decision_files import file_name, read_lines

ANCHOR = Anchor(paper_id="p1", passage_id="q1", page=1, start=0, end=9, quote="They met.", key="theymet")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "corpus").mkdir()
    return open_workspace(tmp_path)


def decision(coder: str = "ada", verdict: str = "accept", second: int = 0, **more: object) -> Decision:
    values = {"anchor": ANCHOR, "code": "c", "via": "page", "codebook_version": "b1", **more}
    time = f"2026-01-01T10:00:{second:02}.000000Z"
    return sealed(msgspec.convert({"coder": coder, "verdict": verdict, "time": time, **_plain(values)}, Decision))


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: msgspec.to_builtins(value) for name, value in values.items()}


def moved_to(place: str) -> Anchor:
    return msgspec.structs.replace(ANCHOR, passage_id=place)


def folder(workspace: Workspace) -> Path:
    return workspace.corpus / "decisions"


def test_nobody_has_decided_and_nothing_is_made(workspace: Workspace) -> None:
    assert open_decisions(workspace).read() == ()
    assert not workspace.outputs.exists()


def test_what_was_added_is_read_back_by_anybody(workspace: Workspace) -> None:
    first = decision()
    second = decision("ben", "reject", 1, base=(first.id,))
    assert open_decisions(workspace).add([first]) == (first,)
    open_decisions(workspace).add([second])
    assert open_decisions(workspace).read() == (first, second)
    assert sorted(path.name for path in folder(workspace).iterdir()) == ["ada.jsonl", "ben.jsonl"]


def test_what_is_there_already_is_not_added_twice(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    log.add([decision()])
    log.add([decision()])
    assert len(log.read()) == 1
    assert (folder(workspace) / "ada.jsonl").read_bytes().count(b"\n") == 1


def test_a_stale_decision_is_refused_and_shown_what_stands(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    (first,) = log.add([decision()])
    with pytest.raises(StaleDecisionError) as caught:
        log.add([decision("ben", "reject", 1)])
    ((refused, latest),) = caught.value.conflicts
    assert (refused.coder, latest) == ("ben", (first,))
    (second,) = log.add([decision("ben", "reject", 1, base=(first.id,))])
    with pytest.raises(StaleDecisionError):
        log.add([decision("cem", "reject", 2, base=(first.id,))])
    assert log.read() == (first, second)


def test_of_several_decisions_one_of_which_is_stale_none_goes_in(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    log.add([decision()])
    with pytest.raises(StaleDecisionError):
        log.add([decision("ben", code="d"), decision("ben", "reject", 1)])
    assert len(log.read()) == 1
    assert not (folder(workspace) / "ben.jsonl").exists()


def test_later_decisions_of_one_call_may_rest_on_earlier_ones(workspace: Workspace) -> None:
    first = decision()
    assert len(open_decisions(workspace).add([first, decision(verdict="undo", second=1, base=(first.id,))])) == 2


def test_blind_coders_do_not_stand_in_each_others_way(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    (a,) = log.add([decision("ada", blind=True)])
    (b,) = log.add([decision("ben", "reject", 1, blind=True)])
    with pytest.raises(StaleDecisionError):
        log.add([decision("ben", "accept", 2, blind=True)])
    with pytest.raises(StaleDecisionError):  # who sees all must have seen both
        log.add([decision("cem", "accept", 3, base=(a.id,))])
    log.add([decision("cem", "accept", 3, base=(a.id, b.id), adjudicates=True)])


def test_a_decision_on_text_that_moved_continues_the_line_of_its_base(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    (first,) = log.add([decision()])
    moved = msgspec.structs.replace(ANCHOR, passage_id="q2", quote="They met!")
    (second,) = log.add([decision("ben", "reject", 1, anchor=moved, base=(first.id,))])
    with pytest.raises(StaleDecisionError):
        log.add([decision("cem", "reject", 2, base=(first.id,))])
    with pytest.raises(StaleDecisionError):
        log.add([decision("cem", "reject", 2, anchor=moved)])
    log.add([decision("cem", "reject", 2, base=(second.id,))])


def test_a_decision_may_join_lines_whose_texts_have_become_one(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    (first,) = log.add([decision()])
    (beside,) = log.add([decision("ben", anchor=moved_to("q2"))])
    both = tuple(sorted((first.id, beside.id)))
    (joined,) = log.add([decision("cem", "reject", 1, anchor=moved_to("q3"), base=both)])
    for old, place in ((first, "q1"), (beside, "q2")):  # whoever has only one of the two in sight is shown what joined
        with pytest.raises(StaleDecisionError) as caught:
            log.add([decision("dee", "unsure", 2, anchor=moved_to(place), base=(old.id,))])
        assert caught.value.conflicts[0][1] == (joined,)
    log.add([decision("dee", "unsure", 2, anchor=moved_to("q2"), base=(joined.id,))])


def test_the_order_in_which_clocks_put_decisions_does_not_part_a_line(workspace: Workspace) -> None:
    first = decision(second=9)  # on a machine whose clock is fast
    second = decision("ben", "reject", 1, anchor=moved_to("q2"), base=(first.id,))
    log = open_decisions(workspace)
    log.merge([first, second])
    with pytest.raises(StaleDecisionError):
        log.add([decision("cem", "reject", 10, base=(first.id,))])
    log.add([decision("cem", "reject", 10, base=(second.id,))])


def test_copies_that_were_worked_on_apart_are_joined_and_both_stay(workspace: Workspace, tmp_path: Path) -> None:
    log = open_decisions(workspace)
    (first,) = log.add([decision()])
    shutil.copytree(workspace.corpus, tmp_path / "copy" / "corpus")
    other = open_decisions(open_workspace(tmp_path / "copy"))
    theirs = other.add([decision("ben", "reject", 1, base=(first.id,))])
    log.add([decision("ada", "unsure", 2, base=(first.id,))])
    assert log.merge(other.read()) == theirs
    assert log.merge(other.read()) == ()
    assert {one.coder for one in log.read()} == {"ada", "ben"}
    assert len(log.read()) == 3


def test_the_database_can_be_deleted(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    (first,) = log.add([decision()])
    log.add([decision("ben", "reject", 1, base=(first.id,)), decision("Ben", code="d")])
    before, files = log.read(), {path.name: path.read_bytes() for path in folder(workspace).iterdir()}
    shutil.rmtree(workspace.outputs)
    assert open_decisions(workspace).read() == before
    assert {path.name: path.read_bytes() for path in folder(workspace).iterdir()} == files
    with pytest.raises(StaleDecisionError):
        open_decisions(workspace).add([decision("cem", "reject", 3, base=(first.id,))])


@pytest.mark.parametrize("damage", ["deleted", "cut", "torn", "edited"])
def test_files_get_back_what_a_person_or_a_crash_took_from_them(workspace: Workspace, damage: str) -> None:
    log = open_decisions(workspace)
    (first,) = log.add([decision()])
    log.add([decision(verdict="reject", second=1, base=(first.id,))])
    before = log.read()
    path = folder(workspace) / "ada.jsonl"
    data = path.read_bytes()
    line = data.splitlines(keepends=True)[0]
    match damage:
        case "deleted":
            path.unlink()
        case "cut":
            path.write_bytes(line)
        case "torn":
            path.write_bytes(data[:-20])
        case "edited":
            path.write_bytes(data.replace(b'"accept"', b'"reject"'))
    assert open_decisions(workspace).read() == before
    again = open_decisions(workspace).files()["ada.jsonl"]
    assert {one.id for one in again.decisions} == {one.id for one in before}
    assert len(again.faults) == (damage == "edited")
    assert path.with_suffix(".damaged").exists() == (damage == "torn")


def test_it_is_said_that_decisions_had_gone_from_their_file(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    log = open_decisions(workspace)
    log.add([decision(), decision("ben", code="d")])
    (folder(workspace) / "ben.jsonl").unlink()
    log.read()
    assert [record.getMessage() for record in caplog.records] == [
        f"1 decisions had gone from {folder(workspace)}, and are written there again."
    ]
    log.read()
    assert len(caplog.records) == 1


def test_a_writer_that_died_before_it_wrote_its_file_is_made_good_in_silence(
    workspace: Workspace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = open_decisions(workspace)
    log.add([decision()])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("evitable.store.decisions.append", die)
        with pytest.raises(KeyboardInterrupt):
            log.add([decision("ben", code="d"), decision("cem", code="e")])
    assert not (folder(workspace) / "ben.jsonl").exists()
    assert len(open_decisions(workspace).read()) == 3
    assert {path.name for path in folder(workspace).iterdir()} == {"ada.jsonl", "ben.jsonl", "cem.jsonl"}
    assert not caplog.records


def test_a_line_that_stands_twice_counts_once(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    log.add([decision()])
    path = folder(workspace) / "ada.jsonl"
    path.write_bytes(path.read_bytes() * 3)
    assert len(log.read()) == 1
    assert log.files()["ada.jsonl"].doubled == 2


def test_many_decisions_are_known_again(workspace: Workspace) -> None:
    many = [decision(anchor=moved_to(f"q{number}")) for number in range(700)]
    log = open_decisions(workspace)
    assert len(log.merge(many)) == 700
    assert log.merge([*many[:3], decision("ben", code="d"), *many]) == (decision("ben", code="d"),)
    assert len(log.read()) == 701


def test_decisions_that_came_with_a_file_are_taken_in(workspace: Workspace) -> None:
    folder(workspace).mkdir()
    line = msgspec.json.encode(decision("ben"))
    (folder(workspace) / "from-ben.jsonl").write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n{}\r\n")
    log = open_decisions(workspace)
    assert log.read() == (decision("ben"),)
    assert [fault.number for fault in log.files()["from-ben.jsonl"].faults] == [3]
    with pytest.raises(StaleDecisionError):
        log.add([decision()])


def test_the_state_tells_that_something_was_added(workspace: Workspace) -> None:
    log = open_decisions(workspace)
    before = log.state()
    log.add([decision()])
    assert log.state() != before


def test_nothing_in_the_index_can_be_changed_or_deleted(workspace: Workspace) -> None:
    open_decisions(workspace).add([decision()])
    with sqlite3.connect(workspace.outputs / "review.sqlite3") as database:
        for statement in ("UPDATE decision SET coder = 'x'", "DELETE FROM decision"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                database.execute(statement)
    database.close()


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101])
def test_a_coder_needs_a_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(UserError, match="cannot be the name"):
        open_decisions(workspace).add([decision(name)])
    assert not folder(workspace).exists()


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_each_coder_has_a_file_of_an_own_name_that_any_disk_can_hold(one: str, other: str) -> None:
    name = file_name(one)
    assert name.lower() == name
    assert not set(name) & set('/\\:*?"<>|')
    assert name[0] != "."
    assert len(name) <= 70
    if one != other:
        assert file_name(other) != name


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reading_of_a_file(data: bytes) -> None:
    good = msgspec.json.encode(decision()) + b"\n"
    assert read_lines(good + data, "x").decisions[0] == decision()
