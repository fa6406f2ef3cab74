"""Publishing a run: all its files and its place in the history, or nothing, whenever it is killed."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from evitable.errors import RunFailedError, UserError
from evitable.records import encode
from evitable.store import (
    Workspace,
    open_history,
    publish,
    recover,
    staging,
    write_new,
)
from evitable.store.publish import CommitUnknownError
from support.disk import all_files, fail_replace, fill_disk
from support.histories import new_snapshot, new_study, publish_snapshot
from support.killed import KILLED, ended, killed_at, parted
from support.runs import new_record, publish_files

OLD = {"evidence.xlsx": b"old workbook", "figures/map.svg": b"old map", "run.json": b"old record"}
NEW = {"evidence.xlsx": b"new workbook", "figures/map.svg": b"new map"}


def hashed(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


NEW_RECORD = encode(new_record(hashed(NEW)))


def put_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


# ---------------------------------------------------------------------------------------------- a run, or nothing


def test_publishing_into_a_new_folder_makes_it_with_all_its_files(tmp_path: Path) -> None:
    publish_files(tmp_path / "outputs", NEW.items())
    assert all_files(tmp_path / "outputs") == {**NEW, "run.json": NEW_RECORD}
    assert not [path for path in (tmp_path / "outputs").iterdir() if path.name.startswith(".")]


def test_publishing_replaces_all_files_of_the_last_run_and_keeps_what_is_not_its_own(tmp_path: Path) -> None:
    put_files(tmp_path, {**OLD, ".cache/extract/ab/kab.json": b"result"})
    publish_files(tmp_path, NEW.items())
    assert all_files(tmp_path) == {**NEW, "run.json": NEW_RECORD, ".cache/extract/ab/kab.json": b"result"}


def test_the_record_of_the_run_takes_its_place_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_files(tmp_path, OLD)
    placed: list[str] = []
    replace = os.replace

    def watched(source: Any, target: Any, **options: Any) -> None:
        replace(source, target, **options)
        if ".publish-" not in str(target):
            placed.append(Path(target).relative_to(tmp_path).as_posix())

    monkeypatch.setattr(os, "replace", watched)
    publish_files(tmp_path, {**NEW, "zebra.csv": b"last in the alphabet"}.items())
    assert sorted(placed[:-1]) == ["evidence.xlsx", "figures/map.svg", "zebra.csv"]
    assert placed[-1] == "run.json"


@pytest.mark.parametrize("fits", [0, 1, 2])
def test_a_disk_that_fills_up_while_files_are_staged_leaves_the_last_run_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: int
) -> None:
    put_files(tmp_path, OLD)
    fill_disk(monkeypatch, fits)
    with pytest.raises(UserError) as caught:
        publish_files(tmp_path, NEW.items())
    assert os.strerror(errno.ENOSPC) in caught.value.message
    assert all_files(tmp_path) == OLD
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_rename_that_is_refused_leaves_the_last_run_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_files(tmp_path, OLD)
    fail_replace(monkeypatch)
    with pytest.raises(UserError) as caught:
        publish_files(tmp_path, NEW.items())
    assert "open" in caught.value.hint
    assert all_files(tmp_path) == OLD
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_outputs_folder_that_is_a_file_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_bytes(b"a file")
    with pytest.raises(UserError, match="outputs"):
        publish_files(tmp_path / "outputs", NEW.items())
    assert all_files(tmp_path) == {"outputs": b"a file"}


def test_what_a_run_no_longer_writes_is_taken_away_and_what_it_keeps_stays(tmp_path: Path) -> None:
    put_files(
        tmp_path, {"old/a.pdf": b"gone", "old/b.pdf": b"stays", "mine.txt": b"a person's", "deep/x/c.pdf": b"gone"}
    )
    before = ["old/a.pdf", "old/b.pdf", "deep/x/c.pdf", "evidence.xlsx"]
    record = publish_files(tmp_path, NEW.items(), before=before, stay={"old/b.pdf": "hash of b"})
    assert all_files(tmp_path) == {
        **NEW,
        "old/b.pdf": b"stays",
        "mine.txt": b"a person's",
        "run.json": encode(new_record({**hashed(NEW), "old/b.pdf": "hash of b"})),
    }
    assert record.outputs["old/b.pdf"] == "hash of b"
    assert not (tmp_path / "deep").exists()


def test_a_record_that_was_tampered_with_deletes_nothing_outside_the_outputs(tmp_path: Path) -> None:
    put_files(tmp_path, {"corpus/paper.pdf": b"a paper"})
    publish_files(
        tmp_path / "outputs",
        NEW.items(),
        before=["../corpus/paper.pdf", str(tmp_path / "corpus/paper.pdf")],
    )
    assert (tmp_path / "corpus" / "paper.pdf").read_bytes() == b"a paper"


def test_a_file_that_was_made_elsewhere_is_moved_into_place(tmp_path: Path) -> None:
    put_files(tmp_path, {".cache/highlight/k.pdf": b"marked"})
    record = publish_files(tmp_path, [("highlighted/a.pdf", tmp_path / ".cache" / "highlight" / "k.pdf")])
    assert (tmp_path / "highlighted" / "a.pdf").read_bytes() == b"marked"
    assert not (tmp_path / ".cache" / "highlight" / "k.pdf").exists()
    assert record.outputs == hashed({"highlighted/a.pdf": b"marked"})


# ------------------------------------------------------------------------------------- a run that is killed half-way

LAST = {
    "evidence.xlsx": b"old workbook",
    "figures/map.svg": b"old map",
    "highlighted/a.pdf": b"gone",
    "highlighted/b.pdf": b"stays",
    "run.json": encode(new_record({})),
}
NEXT = {
    "evidence.xlsx": b"new workbook",
    "figures/map.svg": b"new map",
    "changes.csv": b"new file",
    "tables/codes.csv": b"new file in a new folder",
}
STAYS = {"highlighted/b.pdf": "hash of b"}
AFTER = {
    **NEXT,
    "highlighted/b.pdf": b"stays",
    "run.json": encode(new_record(dict(sorted({**hashed(NEXT), **STAYS}.items())))),
}
BEFORE = [name for name in LAST if name != "run.json"]
MINE = {"my notes.txt": b"a person's"}
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot part a process in two")


def published(outputs: Path) -> dict[str, bytes]:
    """Give the files that a person finds in the outputs."""
    return {name: data for name, data in all_files(outputs).items() if not name.startswith(("review.sqlite3", "."))}


def review_with_one_run(folder: Path) -> Workspace:
    review = Workspace(folder)
    put_files(review.outputs, {**LAST, **MINE})
    publish_snapshot(open_history(review), new_snapshot(1, new_study("s1")))
    return review


def publish_next(review: Workspace, *, history: bool) -> None:
    with staging(review.outputs) as staged:
        for name, content in NEXT.items():
            staged.add(name, content)
        snapshot = new_snapshot(2, new_study("s1", "another quote"), new_study("s2"))
        transaction = open_history(review).publishing(snapshot, staged.token) if history else None
        record = new_record(dict(sorted({**staged.hashes, **STAYS}.items())))
        publish(review.outputs, staged, record, BEFORE, transaction)


def recover_all(review: Workspace) -> bool:
    return recover(review.outputs, open_history(review).committed)


def no_links(patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    patch.setattr(os, "link", refuse)


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize("history", [True, False], ids=["run", "export"])
@pytest.mark.parametrize("links", [True, False], ids=["links", "copies"])
def test_a_publication_that_is_killed_at_any_step_is_done_or_undone_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, history: bool, links: bool
) -> None:
    if not links:
        no_links(monkeypatch)
    review_with_one_run(tmp_path / "first")
    seen = []
    for step in itertools.count():
        review = Workspace(tmp_path / str(step))
        shutil.copytree(tmp_path / "first", review.root)
        killed = killed_at(step, review.outputs, partial(publish_next, review, history=history))
        mixed = published(review.outputs) not in ({**LAST, **MINE}, {**AFTER, **MINE})
        back = recover_all(review)
        last = open_history(review).last()
        assert last is not None
        new = published(review.outputs) == {**AFTER, **MINE}
        assert new or published(review.outputs) == {**LAST, **MINE}
        assert not (back and new)
        assert last.number == (2 if new and history else 1)
        assert not list(review.outputs.glob(".publish-*"))
        assert not recover_all(review)
        seen.append((mixed, back, new))
        if not killed:
            break
    assert seen[-1] == (False, False, True)
    assert {(False, False, False), (True, True, False), (False, False, True)} <= set(seen)
    publish_next(review, history=False)  # what was recovered can be published into again
    assert published(review.outputs) == {**AFTER, **MINE}


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize("links", [True, False], ids=["links", "copies"])
def test_a_recovery_that_is_itself_killed_at_any_step_comes_to_the_same_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        no_links(monkeypatch)
    first = review_with_one_run(tmp_path / "first")

    def die_before_the_commit() -> None:
        monkeypatch.setattr(sqlalchemy.Connection, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
        publish_next(first, history=True)

    assert ended(parted(die_before_the_commit)) == KILLED
    assert published(first.outputs) == {**AFTER, **MINE}
    for step in itertools.count():
        review = Workspace(tmp_path / str(step))
        shutil.copytree(first.root, review.root)
        killed = killed_at(step, review.outputs, partial(recover_all, review))
        for again in range(step % 5):  # and once more, a little later each time
            killed_at(again, review.outputs, partial(recover_all, review))
        recover_all(review)
        assert published(review.outputs) == {**LAST, **MINE}
        assert not list(review.outputs.glob(".publish-*"))
        if not killed:
            break
    assert step > 10


@pytest.mark.parametrize("name", ["evidence.xlsx", "tables/codes.csv", "run.json"])
@pytest.mark.parametrize("history", [True, False], ids=["run", "export"])
def test_a_file_that_cannot_be_replaced_leaves_files_and_history_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, history: bool
) -> None:
    review = review_with_one_run(tmp_path)
    replace = os.replace

    def locked(source: Any, target: Any, **options: Any) -> None:
        if Path(target) == review.outputs / name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        replace(source, target, **options)

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(UserError, match="cannot be replaced"):
        publish_next(review, history=history)
    assert published(review.outputs) == {**LAST, **MINE}
    assert [run.number for run in open_history(review).runs()] == [1]
    assert not list(review.outputs.glob(".publish-*"))


def test_a_file_that_cannot_be_taken_away_leaves_files_and_history_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = review_with_one_run(tmp_path)
    unlink = os.unlink

    def locked(path: Any, **options: Any) -> None:
        if str(path) == str(review.outputs / "highlighted" / "a.pdf"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        unlink(path, **options)

    monkeypatch.setattr(os, "unlink", locked)
    with pytest.raises(UserError, match="cannot be replaced"):
        publish_next(review, history=True)
    assert published(review.outputs) == {**LAST, **MINE}
    assert [run.number for run in open_history(review).runs()] == [1]


def test_a_history_that_refuses_the_run_leaves_all_files(tmp_path: Path) -> None:
    review = review_with_one_run(tmp_path)
    publish_snapshot(open_history(review), new_snapshot(2))
    with pytest.raises(RunFailedError, match="number 2"):
        publish_next(review, history=True)
    assert published(review.outputs) == {**LAST, **MINE}
    assert not list(review.outputs.glob(".publish-*"))


def test_a_commit_that_fails_puts_all_files_back(tmp_path: Path) -> None:
    review = review_with_one_run(tmp_path)

    @contextmanager
    def refused() -> Iterator[None]:
        yield
        assert published(review.outputs) != {**LAST, **MINE}
        raise UserError("The disk is full.", "")

    with pytest.raises(UserError, match="disk is full"):
        publish_files(review.outputs, NEXT.items(), before=BEFORE, stay=STAYS, transaction=refused())
    assert published(review.outputs) == {**LAST, **MINE}
    assert not list(review.outputs.glob(".publish-*"))


@pytest.mark.parametrize("taken", [True, False])
def test_a_commit_whose_end_nobody_knows_is_judged_when_the_history_is_back(tmp_path: Path, taken: bool) -> None:
    review = review_with_one_run(tmp_path)

    @contextmanager
    def lost() -> Iterator[None]:
        yield
        raise CommitUnknownError("The database was lost.", "")

    with pytest.raises(CommitUnknownError):
        publish_files(review.outputs, NEXT.items(), before=BEFORE, stay=STAYS, transaction=lost())
    asked: list[str] = []

    def unreachable(token: str) -> bool:
        asked.append(token)
        raise UserError("The database cannot be used.", "")

    with pytest.raises(UserError):
        recover(review.outputs, unreachable)
    assert published(review.outputs) == {**AFTER, **MINE}  # nothing is done on a guess
    assert recover(review.outputs, lambda token: taken and token == asked[0]) is not taken
    assert published(review.outputs) == {**(AFTER if taken else LAST), **MINE}


def test_the_last_files_are_back_even_where_the_highlighted_copies_had_gone(tmp_path: Path) -> None:
    review = review_with_one_run(tmp_path)
    (review.outputs / "highlighted" / "b.pdf").unlink()
    with pytest.raises(ZeroDivisionError):
        publish_files(review.outputs, NEXT.items(), before=BEFORE, transaction=failing())
    assert (review.outputs / "highlighted" / "a.pdf").read_bytes() == b"gone"


@contextmanager
def failing() -> Iterator[None]:
    yield
    raise ZeroDivisionError


def test_recovery_waits_for_a_publication_that_is_still_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["evitable.store.publish"], "_PATIENCE", 0.05)
    review = review_with_one_run(tmp_path)
    with staging(review.outputs) as staged:
        staged.add("evidence.xlsx", b"new workbook")
        with pytest.raises(UserError, match="still"):
            recover_all(review)
        assert (staged.new / "evidence.xlsx").exists()


def test_a_journal_that_cannot_be_read_says_where_the_old_files_are(tmp_path: Path) -> None:
    folder = tmp_path / ".publish-0a"
    put_files(folder, {"journal.json": b"{", "old/evidence.xlsx": b"old workbook"})
    with pytest.raises(UserError, match="damaged") as caught:
        recover(tmp_path, lambda _: False)
    assert str(folder / "old") in caught.value.hint
    assert (folder / "old" / "evidence.xlsx").exists()


def test_where_nothing_was_published_there_is_nothing_to_recover(tmp_path: Path) -> None:
    assert not recover(tmp_path / "not made yet", lambda _: False)
    assert not (tmp_path / "not made yet").exists()


def test_files_that_other_processes_have_written_are_published_with_the_rest(tmp_path: Path) -> None:
    with staging(tmp_path) as staged:
        staged.add("evidence.xlsx", b"workbook")
        staged.adopt({"figures/map.svg": write_new(staged.new / "figures" / "map.svg", b"map")})
        assert staged.hashes == hashed({"evidence.xlsx": b"workbook", "figures/map.svg": b"map"})
        publish(tmp_path, staged, new_record(staged.hashes))
    assert published(tmp_path).keys() == {"evidence.xlsx", "figures/map.svg", "run.json"}
