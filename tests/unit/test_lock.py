"""The lock of a review: one holder at a time, who says who it is, and whose death sets it free."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from evitable.errors import UserError
from evitable.records import encode
from evitable.store import Holder, Workspace, hold, holder, lock
from support.killed import ended, parted

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot part a process in two")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(lock, "_PATIENCE", 0.05)
    return Workspace(tmp_path)


def left_by(review: Workspace, **other: object) -> Holder:
    """Leave the record of a holder that is not there any more."""
    known: dict[str, object] = {"pid": 4711, "host": "office", "command": "evitable run", "started": "2026-03-01T10:00"}
    record = Holder(**(known | other))  # type: ignore[arg-type]
    review.outputs.mkdir(exist_ok=True)
    (review.outputs / ".holder.json").write_bytes(encode(record))
    return record


@contextmanager
def held_by_another(review: Workspace, then: Callable[[], object] = lambda: None) -> Iterator[int]:
    """Have another process hold a review, and do something then, until it is killed."""
    reading, writing = os.pipe()

    def work() -> None:
        with hold(review, "evitable run my-review"):
            then()
            os.write(writing, b".")
            time.sleep(60)

    child = parted(work)
    os.close(writing)
    try:
        assert os.read(reading, 1)
        yield child
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        ended(child)


def kill(child: int) -> None:
    """Kill a process, and wait until it has gone; who started it can still ask how it ended."""
    os.kill(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)


def test_a_free_review_is_held_and_set_free_again(review: Workspace) -> None:
    for _ in range(2):
        with hold(review, "evitable run") as before:
            assert before is None
    assert holder(review) is None
    assert [path.name for path in review.outputs.iterdir()] == [".lock"]


def test_it_is_set_free_when_the_work_fails(review: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), hold(review, "evitable run"):
        raise ZeroDivisionError
    with hold(review, "evitable run") as before:
        assert before is None


def test_who_comes_second_is_told_who_holds_it(review: Workspace) -> None:
    with held_by_another(review) as child:
        with pytest.raises(UserError) as caught, hold(review, "evitable run"):
            raise AssertionError
        assert f"process {child} on {socket.gethostname()}, `evitable run my-review`, since 20" in caught.value.message
        assert caught.value.message.endswith(" UTC.")
        assert "delete" not in caught.value.hint


def test_two_threads_of_one_process_exclude_each_other(review: Workspace) -> None:
    refused: list[UserError] = []

    def try_it() -> None:
        try:
            with hold(review, "evitable schedule"):
                pass
        except UserError as error:
            refused.append(error)

    with hold(review, "evitable run"):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
        with pytest.raises(UserError), hold(review, "evitable run"):
            pass
    assert "`evitable run`" in refused[0].message


def test_a_holder_that_was_killed_holds_no_longer_and_is_named(review: Workspace) -> None:
    with held_by_another(review) as child:
        kill(child)
        with hold(review, "evitable run") as died:
            assert died is not None
            assert (died.pid, died.command) == (child, "evitable run my-review")
            assert holder(review) == Holder(
                pid=os.getpid(), host=socket.gethostname(), command="evitable run", started=holder_started(review)
            )


def holder_started(review: Workspace) -> str:
    found = holder(review)
    assert found is not None
    return found.started


@pytest.mark.parametrize("way", ["fork", "program"])
def test_what_a_killed_holder_had_started_does_not_hold_it_on(review: Workspace, way: str) -> None:
    note = review.root / "started.txt"

    def start() -> None:
        if way == "fork":
            child = parted(lambda: time.sleep(60))
        else:
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False).pid
        note.write_text(str(child))

    with held_by_another(review, start) as child:
        kill(child)
        try:
            with hold(review, "evitable run") as died:
                assert died is not None
                os.kill(int(note.read_text()), 0)  # it still lives
        finally:
            os.kill(int(note.read_text()), signal.SIGKILL)


def test_a_parted_copy_of_the_holder_that_ends_sets_nothing_free(review: Workspace) -> None:
    holding = hold(review, "evitable run")
    with holding:
        assert ended(parted(lambda: holding.__exit__(None, None, None))) == 0
        assert ended(parted(atexit._run_exitfuncs)) == 0
        found = holder(review)
        assert found is not None
        assert found.pid == os.getpid()


def test_a_run_that_ends_by_way_of_ctrl_c_ends_in_good_order(review: Workspace) -> None:
    def stopped() -> None:
        with hold(review, "evitable run"):
            atexit._run_exitfuncs()
            os._exit(0)

    assert ended(parted(stopped)) == 0
    with hold(review, "evitable run") as before:
        assert before is None


def test_a_passing_look_at_the_lock_turns_no_run_away(review: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_PATIENCE", 10)
    review.outputs.mkdir()
    look = FileLock(review.outputs / ".lock", thread_local=False)
    look.acquire()
    later = threading.Timer(0.1, look.release)
    later.start()
    with hold(review, "evitable run") as before:
        assert before is None
    later.join()


def test_nobody_holds_what_was_never_held_and_a_look_makes_nothing(review: Workspace) -> None:
    assert holder(review) is None
    assert not review.outputs.exists()


def test_a_record_without_a_lock_is_of_one_that_died_and_holds_nothing(review: Workspace) -> None:
    with hold(review, "evitable run"):
        pass
    record = left_by(review)
    assert holder(review) is None
    with hold(review, "evitable run") as died:
        assert died == record


@pytest.mark.parametrize("started", ["1970-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "yesterday"])
def test_the_clock_decides_nothing(review: Workspace, started: str) -> None:
    with held_by_another(review, lambda: left_by(review, started=started)):
        found = holder(review)
        assert found is not None
        assert found.started == started
        with pytest.raises(UserError), hold(review, "evitable run"):
            pass


def test_a_holder_on_another_machine_can_be_set_aside_by_hand(review: Workspace) -> None:
    def seem_elsewhere() -> None:
        left_by(review)

    with held_by_another(review, seem_elsewhere), pytest.raises(UserError) as caught, hold(review, "evitable run"):
        pass
    assert "process 4711 on office" in caught.value.message
    assert "make sure" in caught.value.hint
    assert str(review.outputs / ".lock") in caught.value.hint
    assert str(review.outputs / ".holder.json") in caught.value.hint


@pytest.mark.parametrize("record", [b"", b"{}", b"\x00\x00", b'{"pid": "x"}'])
def test_a_record_that_cannot_be_read_keeps_nobody_out_and_lets_nobody_in(review: Workspace, record: bytes) -> None:
    def spoil() -> None:
        (review.outputs / ".holder.json").write_bytes(record)

    with held_by_another(review, spoil), pytest.raises(UserError, match="Another run holds"), hold(review, "evitable"):
        pass
    with hold(review, "evitable run") as died:
        assert died is None


def test_a_lock_that_cannot_be_taken_is_a_user_error_that_names_the_file(review: Workspace) -> None:
    (review.outputs / ".lock").mkdir(parents=True)
    with pytest.raises(UserError, match=r"\.lock"), hold(review, "evitable run"):
        pass
    (review.outputs / ".lock").rmdir()
    review.outputs.rmdir()
    review.outputs.write_bytes(b"")
    with pytest.raises(UserError, match="outputs"), hold(review, "evitable run"):
        pass
