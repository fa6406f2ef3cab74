"""The history of a review: what was published can be read back, run by run, from SQLite and from PostgreSQL alike."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, text

from evitable.errors import RunFailedError, UserError
from evitable.records import Snapshot
from evitable.store import History, Workspace, open_history
from evitable.store import database as opening
from evitable.store.publish import CommitUnknownError
from evitable.store.tables import METADATA, REVISION, STUDY_STATE
from support.histories import new_snapshot, new_study, publish_snapshot
from support.killed import KILLED, ended, parted
from support.postgres import empty_database, server_or_skip
from support.runs import new_identity

server = pytest.fixture(scope="session")(server_or_skip)


@pytest.fixture(params=["sqlite", "postgresql"])
def review(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Give a review whose history is kept in the one or the other."""
    (tmp_path / "outputs").mkdir()
    monkeypatch.delenv("EVITABLE_STORE", raising=False)
    if request.param == "sqlite":
        yield Workspace(tmp_path)
        return
    with empty_database(request.getfixturevalue("server")) as url:
        monkeypatch.setenv("EVITABLE_STORE", url.render_as_string(hide_password=False))
        yield Workspace(tmp_path)


@pytest.fixture
def file_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Give a review whose history is kept in its own file."""
    monkeypatch.delenv("EVITABLE_STORE", raising=False)
    (tmp_path / "outputs").mkdir()
    return Workspace(tmp_path)


def states(review: Workspace) -> list[tuple[Any, ...]]:
    """Give what is kept of the studies, apart from their texts."""
    url = os.environ.get("EVITABLE_STORE") or f"sqlite:///{review.outputs / 'review.sqlite3'}"
    engine = create_engine(url)
    kept = STUDY_STATE.c
    with engine.connect() as connection:
        rows = connection.execute(select(kept.study_id, kept.first_run, kept.last_run).order_by(kept.id)).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def file_of(review: Workspace) -> Path:
    return review.outputs / "review.sqlite3"


# ------------------------------------------------------------------------------------------- what is written and read


def test_where_nothing_was_published_there_is_nothing_and_nothing_is_made(review: Workspace) -> None:
    with open_history(review) as history:
        assert history.runs() == ()
        assert history.last() is None
        assert history.snapshot(1) is None
        assert not history.committed("token")
    assert list(review.outputs.iterdir()) == []


def test_a_published_run_is_read_back_equal(review: Workspace) -> None:
    snapshot = new_snapshot(
        1, new_study("sb", cells=8), new_study("sa", "“Ä” \x00 \U0001f600 '%s' :x"), new_study("sZ")
    )
    publish_snapshot(open_history(review), snapshot, "a token")
    history = open_history(review)
    assert history.runs() == (snapshot.run,)
    assert history.last() == snapshot.run
    assert history.snapshot(1) == snapshot
    assert history.snapshot(2) is None
    assert history.committed("a token")
    assert not history.committed("another token")


def test_studies_come_by_id_whatever_the_language_of_the_database(review: Workspace) -> None:
    ids = ["sb", "sB", "sä", "sa", "s_", "s1", "s10", "s2"]
    publish_snapshot(open_history(review), new_snapshot(1, *map(new_study, ids)))
    found = open_history(review).snapshot(1)
    assert found is not None
    assert [study.study_id for study in found.studies] == sorted(ids)


def test_the_papers_of_a_run_are_kept_with_its_studies_only(review: Workspace) -> None:
    snapshot = new_snapshot(1, new_study("s1"))
    identity = msgspec.structs.replace(new_identity(), papers={"Ahn 2019/s1.pdf": "0" * 64})
    whole = msgspec.structs.replace(snapshot, run=msgspec.structs.replace(snapshot.run, identity=identity))
    publish_snapshot(open_history(review), whole)
    assert open_history(review).last() == snapshot.run


def test_a_run_without_studies_is_a_run(review: Workspace) -> None:
    publish_snapshot(open_history(review), new_snapshot(1))
    assert open_history(review).snapshot(1) == new_snapshot(1)


def test_every_run_can_still_be_read_when_studies_came_changed_left_and_returned(review: Workspace) -> None:
    runs = [
        new_snapshot(1, new_study("s1"), new_study("s2"), new_study("s3")),
        new_snapshot(2, new_study("s1", "changed"), new_study("s2"), new_study("s4")),
        new_snapshot(3),
        new_snapshot(4, new_study("s1"), new_study("s3"), new_study("s4", "changed")),
    ]
    history = open_history(review)
    for run in runs:
        publish_snapshot(history, run)
    assert [history.snapshot(number) for number in (1, 2, 3, 4)] == runs
    assert [run.number for run in history.runs()] == [1, 2, 3, 4]
    assert history.last() == runs[-1].run


def test_what_did_not_change_is_not_written_again(review: Workspace) -> None:
    history = open_history(review)
    publish_snapshot(history, new_snapshot(1, new_study("s1"), new_study("s2")))
    publish_snapshot(history, new_snapshot(2, new_study("s1"), new_study("s2", "changed"), new_study("s3")))
    publish_snapshot(history, new_snapshot(3, new_study("s1"), new_study("s2", "changed")))
    assert states(review) == [("s1", 1, None), ("s2", 1, 1), ("s2", 2, None), ("s3", 2, 2)]


SOME = st.dictionaries(st.sampled_from(["s1", "s2", "s3"]), st.sampled_from(["a", "b"]))


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(SOME, max_size=5))
def test_the_snapshot_of_any_run_is_what_was_published(
    tmp_path_factory: pytest.TempPathFactory, runs: list[dict[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("review")
    (root / "outputs").mkdir()
    history = open_history(Workspace(root), "sqlite:///outputs/review.sqlite3")
    published: list[Snapshot] = []
    for number, run in enumerate(runs, start=1):
        published.append(new_snapshot(number, *(new_study(study, quote) for study, quote in run.items())))
        publish_snapshot(history, published[-1])
    assert [history.snapshot(number) for number in range(1, len(runs) + 1)] == published


# -------------------------------------------------------------------------------------------------- all, or nothing


def test_nothing_is_written_when_the_files_could_not_be_put_in_place(review: Workspace) -> None:
    history = open_history(review)
    publish_snapshot(history, new_snapshot(1, new_study("s1")))
    with pytest.raises(OSError, match="locked"), history.publishing(new_snapshot(2, new_study("s2")), "lost"):
        raise OSError("locked")
    assert [run.number for run in history.runs()] == [1]
    assert not history.committed("lost")
    assert history.snapshot(1) == new_snapshot(1, new_study("s1"))
    publish_snapshot(history, new_snapshot(2, new_study("s3")))
    assert states(review) == [("s1", 1, 1), ("s3", 2, None)]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_run_that_is_not_the_next_is_refused_before_any_file_is_touched(review: Workspace, number: int) -> None:
    history = open_history(review)
    publish_snapshot(history, new_snapshot(1))
    with (
        pytest.raises(RunFailedError, match="Another run was published meanwhile"),
        history.publishing(new_snapshot(number), "token"),
    ):
        raise AssertionError
    assert [run.number for run in history.runs()] == [1]


def test_while_a_run_is_published_others_read_the_last_one_and_none_can_publish(
    review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_snapshot(open_history(review), new_snapshot(1, new_study("s1")))
    monkeypatch.setattr(opening, "_PATIENCE", 1)
    other = open_history(review)
    with open_history(review).publishing(new_snapshot(2, new_study("s2")), "first"):
        assert other.snapshot(1) == new_snapshot(1, new_study("s1"))
        assert other.snapshot(2) is None
        with (
            pytest.raises(RunFailedError, match="Another process is writing"),
            other.publishing(new_snapshot(2, new_study("s3")), "second"),
        ):
            raise AssertionError
    assert other.snapshot(2) == new_snapshot(2, new_study("s2"))


def test_of_two_runs_at_once_the_second_waits_and_is_then_refused(review: Workspace) -> None:
    publish_snapshot(open_history(review), new_snapshot(1))
    refused: list[str] = []
    begun = threading.Event()

    def second() -> None:
        begun.set()
        try:
            publish_snapshot(open_history(review), new_snapshot(2, new_study("second")), "second")
        except RunFailedError as error:
            refused.append(error.message)

    thread = threading.Thread(target=second)
    with open_history(review).publishing(new_snapshot(2, new_study("first")), "first"):
        thread.start()
        begun.wait()
        time.sleep(0.3)  # by now it waits; on a machine that is busier than that it finds the run there
    thread.join()
    assert refused == ["Another run was published meanwhile: it has number 2."]
    assert open_history(review).snapshot(2) == new_snapshot(2, new_study("first"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot part a process in two")
def test_a_writer_that_is_killed_has_written_nothing(review: Workspace) -> None:
    publish_snapshot(open_history(review), new_snapshot(1, new_study("s1")))

    def die() -> None:
        with open_history(review).publishing(new_snapshot(2, new_study("s2", cells=500)), "killed"):
            os.kill(os.getpid(), signal.SIGKILL)

    assert ended(parted(die)) == KILLED
    history = open_history(review)
    assert not history.committed("killed")
    assert history.snapshot(1) == new_snapshot(1, new_study("s1"))
    publish_snapshot(history, new_snapshot(2, new_study("s3")))
    assert history.snapshot(2) == new_snapshot(2, new_study("s3"))


def lose_commits(patch: pytest.MonkeyPatch, *, after: bool, gone: bool = False) -> None:
    """Let the answer to a commit get lost, before or after it was carried out, and all later ones if it is gone."""
    commit = opening.Connection.commit

    def lost(connection: Any) -> None:
        if after:
            commit(connection)
        if gone:
            patch.setattr(opening, "_revision", broken)
        broken()

    def broken(*_: object) -> str:
        raise opening.DBAPIError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    patch.setattr(opening.Connection, "commit", lost)


@pytest.mark.parametrize("after", [True, False])
def test_a_commit_whose_answer_got_lost_is_looked_up(
    review: Workspace, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    history = open_history(review)
    publish_snapshot(history, new_snapshot(1))
    lose_commits(monkeypatch, after=after)
    if after:
        publish_snapshot(history, new_snapshot(2))
    else:
        with pytest.raises(UserError):
            publish_snapshot(history, new_snapshot(2))
    assert len(history.runs()) == (2 if after else 1)


def test_a_commit_that_cannot_be_looked_up_either_is_said_to_be_unknown(
    review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = open_history(review)
    publish_snapshot(history, new_snapshot(1))
    lose_commits(monkeypatch, after=True, gone=True)
    with pytest.raises(CommitUnknownError):
        publish_snapshot(history, new_snapshot(2))


# ---------------------------------------------------------------------------------------------------------- tables


def test_the_migrations_end_with_the_tables_that_the_program_uses(review: Workspace) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations").replace("%", "%%"))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]
    publish_snapshot(open_history(review), new_snapshot(1))
    engine = create_engine(os.environ.get("EVITABLE_STORE") or f"sqlite:///{file_of(review)}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(review: Workspace) -> None:
    publish_snapshot(open_history(review), new_snapshot(1))
    engine = create_engine(os.environ.get("EVITABLE_STORE") or f"sqlite:///{file_of(review)}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UserError, match="newer version") as caught:
        open_history(review).runs()
    assert "Install" in caught.value.hint
    with pytest.raises(UserError, match="newer version"):
        publish_snapshot(open_history(review), new_snapshot(2))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM run")) == 1
    engine.dispose()


def test_two_processes_may_make_the_tables_at_once(review: Workspace) -> None:
    histories = [open_history(review) for _ in range(4)]
    done: list[str] = []

    def publish(history: History, token: str) -> None:
        try:
            publish_snapshot(history, new_snapshot(1), token)
            done.append(token)
        except RunFailedError:
            pass

    threads = [threading.Thread(target=publish, args=(history, str(n))) for n, history in enumerate(histories)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert histories[0].committed(done[0])


# ------------------------------------------------------------------------------------------------------ a file's faults


def test_a_file_is_written_ahead_waits_for_others_and_leaves_nothing_beside_it(file_review: Workspace) -> None:
    publish_snapshot(open_history(file_review), new_snapshot(1))
    assert [path.name for path in file_review.outputs.iterdir()] == ["review.sqlite3"]
    with sqlite3.connect(file_of(file_review)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize("damage", ["no database", "torn"])
def test_a_damaged_file_can_be_moved_away(file_review: Workspace, damage: str) -> None:
    studies = [new_study(f"s{number}", "quote " * 50) for number in range(200)]
    publish_snapshot(open_history(file_review), new_snapshot(1, *studies))
    data = file_of(file_review).read_bytes()
    if damage == "torn":
        file_of(file_review).write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    else:
        file_of(file_review).write_bytes(b"not a database" * 100)
    with pytest.raises(UserError, match="damaged") as caught:
        open_history(file_review).snapshot(1)
    assert str(file_of(file_review)) in caught.value.message
    assert "Move it away" in caught.value.hint
    with pytest.raises(UserError, match="damaged"):
        publish_snapshot(open_history(file_review), new_snapshot(2))
    file_of(file_review).rename(file_review.outputs / "aside.sqlite3")
    publish_snapshot(open_history(file_review), new_snapshot(1))
    assert open_history(file_review).snapshot(1) == new_snapshot(1)


@pytest.mark.parametrize("column", ["body", "counts", "identity"])
def test_what_cannot_be_understood_is_said_to_be_damaged(file_review: Workspace, column: str) -> None:
    publish_snapshot(open_history(file_review), new_snapshot(1, new_study("s1")))
    with sqlite3.connect(file_of(file_review)) as connection:
        connection.execute(f"UPDATE {'study_state' if column == 'body' else 'run'} SET {column} = '{{\"x\": []}}'")
    connection.close()
    with pytest.raises(UserError, match="damaged"):
        open_history(file_review).snapshot(1)


def with_pragma(patch: pytest.MonkeyPatch, pragma: str) -> None:
    opened = opening._open_sqlite

    def limited(connection: Any, record: object) -> None:
        opened(connection, record)
        connection.execute(f"PRAGMA {pragma}").close()

    patch.setattr(opening, "_open_sqlite", limited)


def test_a_full_disk_is_said_to_be_full_and_the_last_run_stays(
    file_review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_snapshot(open_history(file_review), new_snapshot(1, new_study("s1")))
    with_pragma(monkeypatch, "max_page_count = 20")
    with pytest.raises(UserError, match="The disk is full"):
        publish_snapshot(open_history(file_review), new_snapshot(2, new_study("s2", "quote " * 50_000)))
    assert open_history(file_review).runs() == (new_snapshot(1, new_study("s1")).run,)


def test_a_file_that_may_not_be_written_is_a_user_error(
    file_review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_snapshot(open_history(file_review), new_snapshot(1))
    with_pragma(monkeypatch, "query_only = ON")
    with pytest.raises(UserError, match="cannot be opened for writing") as caught:
        publish_snapshot(open_history(file_review), new_snapshot(2))
    assert "permissions" in caught.value.hint
    assert len(open_history(file_review).runs()) == 1


def test_a_folder_in_the_place_of_the_file_is_a_user_error(file_review: Workspace) -> None:
    file_of(file_review).mkdir()
    with pytest.raises(UserError, match="cannot be opened"):
        open_history(file_review).runs()


@pytest.mark.parametrize("name", ["50% of it", "a b", "Übersicht", "what?#x", "a:b"])
def test_the_folder_of_a_review_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("EVITABLE_STORE", raising=False)
    review = Workspace(tmp_path / name)
    review.outputs.mkdir(parents=True)
    publish_snapshot(open_history(review), new_snapshot(1))
    assert file_of(review).exists()
    assert [path.name for path in tmp_path.iterdir()] == [name]


# ------------------------------------------------------------------------------------------------------- addresses


def test_the_environment_wins_over_the_settings(file_review: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVITABLE_STORE", "sqlite:///team.sqlite3")
    publish_snapshot(open_history(file_review, "mysql://office/review"), new_snapshot(1))
    assert (file_review.root / "team.sqlite3").exists()  # below the review, wherever the program was started
    assert not file_of(file_review).exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("my database", "not the address"),
        ("://secret", "not the address"),
        ("postgresql://user:secret@host:port/review", "not the address"),
        ("mysql://user:secret@host/review", '"mysql"'),
        ("oracle+cx_oracle://user:secret@host", '"oracle+cx_oracle"'),
        ("postgresql+asyncpg://user:secret@host/review", '"postgresql+asyncpg"'),
        ("sqlite://", '"sqlite"'),
    ],
)
def test_an_address_that_is_of_no_use_is_a_user_error_that_tells_no_password(
    file_review: Workspace, url: str, says: str
) -> None:
    with pytest.raises(UserError) as caught:
        open_history(file_review, url)
    assert says in caught.value.message
    assert '"store" in review.toml' in caught.value.message
    assert "postgresql+psycopg://" in caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint


def test_a_driver_that_is_not_installed_is_named_with_what_to_type(
    file_review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UserError, match="not installed") as caught:
        open_history(file_review, "postgresql://user:secret@host/review")
    assert 'pip install "evitable[postgres]"' in caught.value.hint


def test_a_worker_does_not_load_the_database() -> None:
    asked = "import evitable.flows.worker, sys; sys.exit('sqlalchemy' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", asked], env=environment, check=False).returncode == 0
