"""A team's database on a real server: what goes wrong with servers, and publishing against one.

What the history promises in any database is tested in `tests/unit/test_history.py`, there against a server as well.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

from evitable.errors import RunFailedError, UserError
from evitable.store import (
    StaleDecisionError,
    Workspace,
    open_decisions,
    open_history,
    publish,
    recover,
    staging,
)
from support.deciding import decision
from support.histories import new_snapshot, new_study, publish_snapshot
from support.killed import ended, killed_at, parted
from support.postgres import PASSWORD, empty_database, server_or_skip
from support.runs import new_record

server = pytest.fixture(scope="session")(server_or_skip)


@pytest.fixture
def url(server: URL) -> Iterator[URL]:
    with empty_database(server) as made:
        yield made


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("EVITABLE_STORE", raising=False)
    (tmp_path / "outputs").mkdir()
    return Workspace(tmp_path)


def written(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def connect(url: URL) -> psycopg.Connection[Any]:
    return psycopg.connect(written(url).replace("+psycopg", ""), autocommit=True)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_the_address_may_be_written_in_each_of_the_usual_ways(review: Workspace, url: URL, scheme: str) -> None:
    publish_snapshot(open_history(review, written(url.set(drivername=scheme))), new_snapshot(1, new_study("s1")))
    assert open_history(review, written(url)).snapshot(1) == new_snapshot(1, new_study("s1"))
    assert list(review.outputs.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda url: url.set(password="a-wrong-one"), "refuses the user or the password", id="password"),
        pytest.param(lambda url: url._replace(password=None), "refuses the user or the password", id="no password"),
        pytest.param(lambda url: url.set(username="nobody"), "refuses the user or the password", id="user"),
        pytest.param(lambda url: url.set(port=1), "cannot be used", id="no server"),
        pytest.param(lambda url: url.set(host="no-such-host.invalid"), "cannot be used", id="no host"),
        pytest.param(lambda url: url.set(database="no_such_review"), "does not exist", id="no database"),
    ],
)
def test_a_server_that_cannot_be_used_is_a_user_error_that_tells_no_password(
    review: Workspace, url: URL, change: Callable[[URL], URL], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", os.devnull)
    changed = change(url)
    history = open_history(review, written(changed))
    for use in (history.runs, lambda: publish_snapshot(history, new_snapshot(1))):
        with pytest.raises(UserError) as caught:
            use()
        assert says in caught.value.message
        assert f"postgresql://{changed.host}/{changed.database}" in caught.value.message
        assert caught.value.hint
        for secret in (PASSWORD, "a-wrong-one"):
            assert secret not in caught.value.message + caught.value.hint


def test_a_server_that_may_only_be_read_is_a_user_error(review: Workspace, url: URL) -> None:
    publish_snapshot(open_history(review, written(url)), new_snapshot(1))
    reading = open_history(review, written(url.update_query_dict({"options": "-c default_transaction_read_only=on"})))
    assert len(reading.runs()) == 1
    with pytest.raises(UserError, match="refuses to be written"):
        publish_snapshot(reading, new_snapshot(2))


def test_several_reviews_share_a_database_by_schema(review: Workspace, url: URL) -> None:
    with connect(url) as connection:
        connection.execute("CREATE SCHEMA health")
    other = written(url.update_query_dict({"options": "-c search_path=health"}))
    publish_snapshot(open_history(review, written(url)), new_snapshot(1, new_study("s1")))
    publish_snapshot(open_history(review, other), new_snapshot(1, new_study("s2")))
    assert open_history(review, written(url)).snapshot(1) == new_snapshot(1, new_study("s1"))
    assert open_history(review, other).snapshot(1) == new_snapshot(1, new_study("s2"))


def publish_file(review: Workspace, url: URL, number: int, last_step: Callable[[], object] = lambda: None) -> None:
    """Publish a run of one file and one study, and do something just before the commit."""

    @contextmanager
    def transaction(token: str) -> Iterator[None]:
        snapshot = new_snapshot(number, new_study("s1", f"quote {number}"))
        with open_history(review, written(url)).publishing(snapshot, token):
            yield
            last_step()

    with staging(review.outputs) as staged:
        staged.add("evidence.xlsx", f"workbook {number}".encode())
        publish(review.outputs, staged, new_record(staged.hashes), transaction=transaction(staged.token))


def test_a_connection_that_is_cut_while_files_are_swapped_puts_them_back(review: Workspace, url: URL) -> None:
    publish_file(review, url, 1)
    with pytest.raises(UserError, match="cannot be used"):
        publish_file(review, url, 2, partial(terminate_others, url))
    assert (review.outputs / "evidence.xlsx").read_bytes() == b"workbook 1"
    assert len(open_history(review, written(url)).runs()) == 1
    publish_file(review, url, 2)
    assert (review.outputs / "evidence.xlsx").read_bytes() == b"workbook 2"


def terminate_others(url: URL) -> None:
    with connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot part a process in two")
@pytest.mark.slow
def test_files_and_history_agree_after_a_kill_at_any_step(review: Workspace, url: URL) -> None:
    publish_file(review, url, 1)
    step, number, outcomes = 0, 2, []
    killed = True
    while killed:
        killed = killed_at(step, review.outputs, partial(publish_file, review, url, number))
        history = open_history(review, written(url))
        wait_until_free(url)
        back = recover(review.outputs, history.committed)
        taken = len(history.runs()) == number
        assert not (back and taken)
        assert (review.outputs / "evidence.xlsx").read_bytes() == f"workbook {number - (not taken)}".encode()
        outcomes.append((back, taken))
        number += taken
        step += 1
    assert {(False, False), (True, False), (False, True)} == set(outcomes)


def wait_until_free(url: URL) -> None:
    """Wait until the server has seen that a client was killed."""
    with connect(url) as connection:
        for _ in range(500):
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
            if row == (0,):
                return
            time.sleep(0.01)
    raise AssertionError


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot part a process in two")
def test_of_two_processes_that_publish_at_once_one_is_refused_in_plain_words(
    review: Workspace, url: URL, tmp_path: Path
) -> None:
    publish_snapshot(open_history(review, written(url)), new_snapshot(1))

    def write(name: str) -> None:
        try:
            publish_snapshot(open_history(review, written(url)), new_snapshot(2, new_study(name)), name)
        except RunFailedError as error:
            (tmp_path / name).write_text(error.message)

    children = [parted(partial(write, name)) for name in ("s1", "s2")]
    assert [ended(child) for child in children] == [0, 0]
    refused = [name for name in ("s1", "s2") if (tmp_path / name).exists()]
    assert len(refused) == 1
    assert (tmp_path / refused[0]).read_text() == "Another run was published meanwhile: it has number 2."
    (other,) = {"s1", "s2"} - set(refused)
    assert open_history(review, written(url)).snapshot(2) == new_snapshot(2, new_study(other))


def test_people_share_their_decisions_through_the_server(review: Workspace, url: URL, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    mine, theirs = open_decisions(review, written(url)), open_decisions(Workspace(tmp_path / "other"), written(url))
    (first,) = mine.add([decision("ada", 1)])
    with pytest.raises(StaleDecisionError):
        theirs.add([decision("ben", 1)])
    before = mine.state()
    (second,) = theirs.add([decision("ben", 1, (first.id,))])
    assert mine.state() != before  # though nothing has changed in my files yet
    assert mine.read() == theirs.read() == (first, second)
    assert sorted(path.name for path in (review.corpus / "decisions").iterdir()) == ["ada.jsonl", "ben.jsonl"]
    states = mine.state(), theirs.state()
    assert mine.read() == theirs.read()
    assert (mine.state(), theirs.state()) == states
    with connect(url) as connection, pytest.raises(psycopg.errors.RaiseException, match="only added to"):
        connection.execute("DELETE FROM decision")
