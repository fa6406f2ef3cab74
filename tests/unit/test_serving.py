"""Schedules without Prefect: what is read from the command line, seen in the folder, and said of the runs."""

from __future__ import annotations

import datetime
import os
import sqlite3
from contextlib import closing
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest
import yaml

from evitable.cli.schedule import length
from evitable.errors import RunFailedError, UserError
from evitable.flows import database
from evitable.flows.alone import alone
from evitable.flows.database import keep
from evitable.flows.environment import set_environment
from evitable.flows.lines import clock, done_words, ended_line, failed_words
from evitable.flows.run_report import artifact_name, change_rows, failure_rows, link, run_report
from evitable.flows.watching import Watch, look_at
from evitable.records import CellChange, CellState, Changes, Issue, PaperTiming, RunRecord
from evitable.store import Workspace
from support.runs import new_record

EVENING = datetime.datetime(2026, 3, 2, 18, 5).astimezone()


@pytest.fixture
def review(tmp_path: Path) -> Workspace:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "ahn-2019.pdf").write_bytes(b"%PDF-1.4 a paper")
    (corpus / "references.ris").write_text("TY  - JOUR\nER  - \n")
    (tmp_path / "review.toml").write_text('title = "Made up"\n')
    return Workspace(tmp_path)


def run_of(papers: dict[str, str], number: int = 1, **counts: int) -> RunRecord:
    record = new_record({})
    identity = msgspec.structs.replace(record.identity, papers=papers)
    return msgspec.structs.replace(record, number=number, identity=identity, counts={"papers_not_read": 0, **counts})


def cell(change: str, quote: str = "They designed it together.", **states: None) -> CellChange:
    state = CellState(
        dimension="phase",
        code="design",
        passages=1,
        verified=0,
        polarity=(0, 0, 0),
        best=0.9,
        quote=quote,
        pages="3",
    )
    found = {"before": state, "after": state} | states
    return CellChange(
        study_id="s1",
        study="Ahn 2019",
        dimension="phase",
        code="design",
        change=change,  # type: ignore[arg-type]
        causes=() if change == "unchanged" else ("new paper",),
        before=found["before"],
        after=found["after"],
    )


def changes_of(*cells: CellChange) -> Changes:
    return Changes(
        before=7,
        before_started="2026-03-01T06:00:00+00:00",
        after=8,
        causes=(),
        papers_new=("ahn-2019.pdf",),
        papers_gone=(),
        papers_renamed=(),
        studies_new=("Ahn 2019",),
        studies_gone=(),
        cells=cells,
    )


UNREAD = PaperTiming(
    path="a|b.pdf",
    seconds={},
    cached=(),
    issue=Issue(code="pdf-empty", stage="extract", paper="a|b.pdf", message="It is *empty*.", hint="Get it again."),
)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("30m", 1800), ("1h", 3600), (" 2 H ", 7200), ("1d", 86400)]
)
def test_a_length_of_time_is_a_number_and_its_unit(text, seconds):
    assert length(text, "--every").total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "h", "0h", "-1h", "1.5h", "1w", "60", "every hour", "1h 30m", "9999999d"])
def test_another_length_of_time_is_refused_with_an_example(text):
    with pytest.raises(UserError) as refused:
        length(text, "--every")
    assert "--every" in refused.value.message
    assert "30m" in refused.value.hint


@pytest.mark.parametrize(
    "options", [[], ["--every", "1h", "--watch"], ["--every", "1h", "--cron", "0 6 * * 1"], ["--every", "soon"]]
)
def test_a_schedule_needs_exactly_one_way_of_saying_when(run, review, options):
    ended = run("schedule", str(review.root), *options)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert not review.outputs.exists()


def test_a_second_schedule_of_a_review_is_refused_until_the_first_has_ended(review):
    with alone(review), pytest.raises(UserError, match="already"), alone(review):
        pass
    with alone(review):
        pass


def test_files_that_do_not_change_are_nothing_new(review):
    watch = Watch()
    assert not any(watch.changed(look_at(review)) for _ in range(3))


def test_a_new_paper_is_taken_up_when_two_looks_found_it_the_same(review):
    watch = Watch()
    watch.changed(look_at(review))
    paper = review.corpus / "late.pdf"
    paper.write_bytes(b"%PDF")
    assert not watch.changed(look_at(review))
    paper.write_bytes(b"%PDF and it still grows")
    assert not watch.changed(look_at(review))
    assert watch.changed(look_at(review))
    assert watch.changed(look_at(review)), "it is there to be taken up until a run has done so"
    watch.taken(look_at(review))
    assert not watch.changed(look_at(review))


@pytest.mark.parametrize(
    "name",
    [
        "corpus/ahn-2019.pdf",
        "corpus/deep/down.PDF",
        "corpus/references.ris",
        "review.toml",
        "codebook.toml",
        "models/own/model.json",
    ],
)
def test_a_look_shows_all_that_decides_the_tables(review, name):
    before = look_at(review)
    path = review.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"something longer than what was there before")
    assert look_at(review) != before


def test_a_look_shows_the_codebook_and_the_model_that_the_settings_name(review):
    (review.root / "review.toml").write_text('codebook = "ours.toml"\nmodel = "trained"\n')
    before = look_at(review)
    (review.root / "ours.toml").write_text("new")
    with_codebook = look_at(review)
    assert with_codebook != before
    (review.root / "trained").mkdir()
    (review.root / "trained" / "model.json").write_text("{}")
    assert look_at(review) != with_codebook


def test_a_look_does_not_show_what_decides_nothing(review):
    before = look_at(review)
    review.outputs.mkdir()
    (review.outputs / "evidence.xlsx").write_bytes(b"a workbook")
    (review.corpus / ".late.pdf.part").write_bytes(b"a hidden file")
    (review.root / "notes.txt").write_text("mine")
    assert look_at(review) == before


def test_a_paper_that_is_gone_is_seen(review):
    before = look_at(review)
    (review.corpus / "ahn-2019.pdf").unlink()
    assert look_at(review) != before


def test_broken_settings_do_not_stop_the_looking(review):
    before = look_at(review)
    (review.root / "review.toml").write_text("title = ")
    assert look_at(review) != before


def test_a_corpus_that_cannot_be_listed_is_said_in_plain_words(review):
    review.corpus.rename(review.root / "elsewhere")
    with pytest.raises(UserError, match="corpus"):
        look_at(review)


def test_the_first_run_counts_its_papers():
    assert done_words(None, run_of({"a.pdf": "1", "b.pdf": "2"})) == "run 1: 2 new papers"


def test_a_run_says_what_came_what_left_and_what_became_of_cells():
    before = run_of({"a.pdf": "1", "b.pdf": "2"}, 7)
    after = run_of({"a.pdf": "1", "c.pdf": "3"}, 8, cells_new=3, cells_changed=1, cells_lost=0, papers_not_read=1)
    said = done_words(before, after)
    assert said == "run 8: 1 new paper, 1 paper gone, 3 cells new, 1 cell changed, 1 paper not read"


def test_a_paper_that_was_only_renamed_is_not_new():
    assert done_words(run_of({"a.pdf": "1"}, 7), run_of({"b.pdf": "1"}, 8)) == "run 8: tables made anew"


def test_a_run_without_anything_new_says_so():
    assert done_words(run_of({"a.pdf": "1"}), None) == "nothing new"


@pytest.mark.parametrize("kind", [UserError, RunFailedError])
def test_a_failed_run_says_what_went_wrong_and_what_to_do(kind):
    assert failed_words(kind("The disk is full.", "Make room.")) == "The disk is full. Make room."


@pytest.mark.parametrize(
    ("state", "message", "said"),
    [
        ("COMPLETED", "run 8: 1 new paper", "18:05 run 8: 1 new paper; next run 19:05"),
        ("FAILED", "The disk is full. Make room.", "18:05 failed: The disk is full. Make room; next run 19:05"),
        ("CRASHED", "It was killed.", "18:05 failed: It was killed; next run 19:05"),
        ("CANCELLED", "Deployment concurrency limit reached.", "18:05 not started: a run is under way; next run 19:05"),
        ("CANCELLED", "By a person.", "18:05 cancelled; next run 19:05"),
    ],
)
def test_the_end_of_a_run_is_one_line_with_its_time(monkeypatch, state, message, said):
    line = ended_line(EVENING, state, message, "next run 19:05")
    assert line.replace(clock(EVENING), "18:05") == said
    assert "\n" not in line


def test_nothing_is_said_of_a_next_run_where_none_is_known():
    assert ended_line(EVENING, "COMPLETED", "nothing new", "").endswith("nothing new")


def test_a_time_of_another_day_is_written_with_its_day():
    assert clock(EVENING, EVENING.date()) == "18:05"
    assert clock(EVENING, datetime.date(2026, 3, 1)) == "Mon 02 Mar 18:05"


@pytest.mark.parametrize(
    ("folder", "name"), [("My Review (2026)", "my-review-2026"), ("r_1", "r-1"), ("総説", "review")]
)
def test_a_review_has_a_name_that_prefect_allows_in_keys(folder, name):
    assert artifact_name(Path("/reviews") / folder) == name


def test_a_link_to_a_file_is_an_address():
    assert link(Path("/my reviews/ü/evidence.xlsx")) == "file:///my%20reviews/%C3%BC/evidence.xlsx"


def test_the_report_of_a_run_tells_counts_changes_failures_and_versions(tmp_path):
    record = msgspec.structs.replace(run_of({}, 8, studies=1200), papers=(UNREAD,))
    report = run_report(record, changes_of(cell("new", before=None)), tmp_path / "my-review" / "outputs")
    assert report.startswith("# Run 8 of my-review\n")
    assert "- studies: 1,200\n" in report
    assert "1 new, 0 changed" in report
    assert "- a\\|b.pdf: It is \\*empty\\*.\n" in report
    assert "- Evitable 0\n" in report


def test_a_run_whose_changes_are_not_known_has_a_report_without_them(tmp_path):
    report = run_report(run_of({}, 8), None, tmp_path)
    assert "What changed" not in report
    assert "Not read" not in report


def test_papers_that_were_not_read_are_rows_with_what_to_do():
    read = PaperTiming(path="c.pdf", seconds={}, cached=())
    assert failure_rows([read, UNREAD]) == [
        {"paper": "a|b.pdf", "what": "It is *empty*.", "what to do": "Get it again.", "code": "pdf-empty"}
    ]
    assert failure_rows([read]) == [{"paper": "all papers were read"}]
    assert len(failure_rows([UNREAD] * 201)) == 200


def test_cells_that_changed_are_rows_the_new_ones_first():
    rows = change_rows(changes_of(cell("unchanged"), cell("lost", after=None), cell("new", before=None)))
    assert [row["change"] for row in rows] == ["new", "lost"]
    assert rows[0]["quote"] == "They designed it together."
    assert rows[0]["why"] == "new paper"
    assert change_rows(changes_of(cell("unchanged"))) == [{"change": "no cell changed"}]


def test_a_table_of_changes_has_two_hundred_rows_at_most_and_short_quotes():
    rows = change_rows(changes_of(*[cell("new", "word " * 100, before=None)] * 201))
    assert len(rows) == 200
    assert len(rows[0]["quote"]) < 310


def test_telemetry_is_off_whatever_was_set_and_the_rest_stays_as_the_user_set_it(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"DO_NOT_TRACK": "0", "PREFECT_LOGGING_LEVEL": "INFO", "no_proxy": "intranet"})
    set_environment(tmp_path / "home")
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ["PREFECT_LOGGING_LEVEL"] == "INFO"
    assert os.environ["PREFECT_HOME"] == str(tmp_path / "home")
    assert os.environ["no_proxy"] == "intranet,127.0.0.1,localhost"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Prefect's folder, with a database that the installed version made."""
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(database, "user_cache_path", lambda *_, **__: tmp_path / "cache" / "evitable")
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as made:
        made.execute("create table alembic_version (version_num)")
        made.execute("insert into alembic_version values ('1')")
        made.commit()
    (tmp_path / "database-made-by.txt").write_text(version("prefect"))
    return tmp_path


def looked_through(home: Path) -> bool:
    """Tell whether Prefect is to look its database through when the server starts."""
    set_environment(home)
    return os.environ.get("PREFECT_SERVER_DATABASE_MIGRATE_ON_START") != "false"


def test_a_database_of_this_version_is_not_looked_through_again(home):
    assert not looked_through(home)


def test_a_database_of_another_version_is_looked_through(home):
    (home / "database-made-by.txt").write_text("0.0.1")
    assert looked_through(home)


def test_a_database_that_was_never_finished_is_looked_through(home):
    with closing(sqlite3.connect(home / "prefect.db")) as made:
        made.execute("delete from alembic_version")
        made.commit()
    assert looked_through(home)
    assert (home / "prefect.db").exists()


def test_the_first_database_of_a_machine_is_looked_through(home):
    (home / "prefect.db").unlink()
    assert looked_through(home)
    assert not (home / "prefect.db").exists()


def another_review(home: Path) -> Path:
    """Give the folder of a review that is new, on a machine that has run one."""
    with closing(sqlite3.connect(home / "prefect.db")) as made:
        made.execute("create table flow_run (name)")
        made.execute("insert into flow_run values ('a run of the first review')")
        made.commit()
    keep(home)
    new = home / "another"
    new.mkdir()
    return new


def test_another_review_on_the_same_machine_gets_the_tables_and_nothing_that_was_in_them(home):
    new = another_review(home)
    assert not looked_through(new)
    with closing(sqlite3.connect(new / "prefect.db")) as copy:
        assert copy.execute("select * from alembic_version").fetchall() == [("1",)]
        assert copy.execute("select * from flow_run").fetchall() == []
    assert b"the first review" not in (new / "prefect.db").read_bytes()


def test_a_damaged_empty_database_is_not_copied_and_made_anew(home, tmp_path):
    new = another_review(home)
    [empty] = (tmp_path / "cache").rglob("*.db")
    empty.write_bytes(empty.read_bytes()[:5000])
    assert looked_through(new)
    assert not (new / "prefect.db").exists()
    keep(home)
    assert not looked_through(new)


def test_a_review_works_where_no_empty_database_can_be_kept(home, tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    assert looked_through(another_review(home))


def test_a_damaged_database_is_taken_away_to_be_made_anew(home):
    (home / "database-made-by.txt").unlink()
    (home / "prefect.db").write_bytes(b"garbage")
    (home / "prefect.db-wal").write_bytes(b"more of it")
    assert looked_through(home)
    assert not list(home.glob("prefect.db*"))


def test_a_persons_own_prefect_folder_is_left_alone(home, tmp_path_factory):
    os.environ["PREFECT_HOME"] = str(home)
    (home / "prefect.db").write_bytes(b"garbage")
    assert looked_through(tmp_path_factory.mktemp("ours"))
    assert (home / "prefect.db").read_bytes() == b"garbage"


def test_a_server_of_a_team_looks_after_its_own_database(home):
    os.environ["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    assert looked_through(home)


def test_the_deployment_for_teams_names_a_flow_that_exists_and_lets_one_run_go_on_at_a_time():
    root = Path(__file__).parents[2]
    [deployment] = yaml.safe_load((root / "prefect.yaml").read_text())["deployments"]
    module, _, name = deployment["entrypoint"].rpartition(".")
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    assert f"\ndef {name}(folder: str" in Path(spec.origin).read_text()
    assert list(deployment["parameters"]) == ["folder"]
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
