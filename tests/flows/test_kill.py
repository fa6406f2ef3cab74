"""Runs that are killed with SIGKILL: nothing is lost, nothing is half there, and the next run carries on."""

import io
import os
import zipfile

import pytest

from benchmarks.kill import finish, kill_all
from support.killing import Lengths, Moment, State, assert_kept, moments
from support.processes import HAS_PROC
from support.whole import is_whole
from support.workspaces import specimen_review


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or not HAS_PROC, reason="needs SIGKILL, and /proc to find processes")
def test_killed_runs_leave_the_last_run_in_force_and_end_in_the_tables_of_an_undisturbed_review(tmp_path):
    folder = tmp_path / "killed"
    specimen_review(folder, 4, settings='workers = 1\nexports = ["xlsx", "csv", "html"]\n')
    plan = [Moment("code", 0.8), Moment("publish", 0.0), Moment("swap", 0.0, everything=True)]
    log = kill_all(folder, plan, Lengths(start=2, code=2, publish=2, swap=0.02), more=1, undisturbed={1})
    assert [line["kill"] for line in log] == [1, 2, 3]
    assert log[1]["run_after"] == log[1]["run_before"] == 1  # what publishes must not go on alone
    end = finish(folder, tmp_path / "undisturbed")
    assert end["from_before"] > 4


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", "<a>" * 100)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("evidence.xlsx", zipped()),
        ("issues.csv", b'paper,message\na.pdf,"two\nlines"\n'),
        ("report.html", b"<html><p>All of it.</p></html>\n"),
        ("data/datapackage.json", b'{"name": "birds"}\n'),
        ("annotations.jsonl", b'{"id": 1}\n{"id": 2}\n'),
        ("figures/map.svg", b"<svg></svg>\n"),
    ],
)
def test_a_file_that_is_cut_short_is_seen_not_to_be_whole(name, data):
    assert is_whole(name, data)
    assert not is_whole(name, data[:-4])


def test_a_decision_that_changed_and_a_result_that_was_made_again_are_seen():
    before = State(1, {"ann.jsonl": b"{}\n"}, {"outcome/a.json": (7, 1)})
    assert_kept(before, State(2, {"ann.jsonl": b"{}\n"}, {"outcome/a.json": (7, 1), "outcome/b.json": (8, 2)}))
    for after in (
        State(2, {"ann.jsonl": b""}, {"outcome/a.json": (7, 1)}),
        State(2, {"ann.jsonl": b"{}\n"}, {"outcome/a.json": (9, 1)}),
        State(2, {"ann.jsonl": b"{}\n"}, {}),
        State(0, {"ann.jsonl": b"{}\n"}, {"outcome/a.json": (7, 1)}),
    ):
        with pytest.raises(AssertionError):
            assert_kept(before, after)


def test_moments_are_spread_over_the_whole_run_and_the_same_each_time():
    chosen = moments(30, seed=1)
    assert chosen == moments(30, seed=1) != moments(30, seed=2)
    assert {moment.part for moment in chosen} == {"start", "code", "publish", "swap"}
    assert all(0 <= moment.share < 1 for moment in chosen)
