"""What a person sees while papers are read: how fast it goes, how long still, and few lines in a night's log."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from evitable.flows import logs
from evitable.flows.progress import MARKING, Pace, PaperProgress, time_left
from evitable.flows.stages import PaperKeys, PaperOutcome
from evitable.records import Issue

KEYS = PaperKeys(extract="ka", segment="kb", classify="kc", check="kd")
SCAN = Issue(code="pdf-scanned", stage="extract", paper="a.pdf", message="It is a scan.", hint="Use OCR.")


def outcome(path: str, issue: Issue | None = None) -> PaperOutcome:
    return PaperOutcome(path=path, keys=KEYS, issue=issue, seconds={"extract": 1.5}, megabytes={"extract": 80.0})


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have lines written for people, where there is no terminal."""
    monkeypatch.setenv(logs.JSON_LOGS, "")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.set_up_logging(json=False)
    yield
    logging.captureWarnings(capture=False)
    logs.set_up_logging(json=False)


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def code_papers(total: int, seconds: float, *, there: int = 0, failing: int = 0) -> None:
    """Count papers that each take so long; the first few of them fail."""
    now = [0.0]
    with PaperProgress(total, there=there, clock=lambda: now[0]) as progress:
        for number in range(total - there):
            now[0] += seconds
            progress.coded(outcome(f"{number}.pdf", SCAN if number < failing else None))


# ------------------------------------------------------------------------------------------------- rate and time left


def test_no_rate_is_told_before_three_papers_are_done() -> None:
    pace = Pace(0)
    for now in (2, 4):
        pace.count(now)
        assert pace.words(10, now) == ""
    pace.count(6)
    assert pace.words(10, 6) == "30 a minute, less than a minute left"


def test_the_rate_is_that_of_the_last_papers() -> None:
    pace = Pace(0)
    for number in range(1, 101):
        pace.count(number * 60)
    assert pace.per_minute(6000) == pytest.approx(1)
    for number in range(1, 61):
        pace.count(6000 + number)
    assert pace.per_minute(6060) == pytest.approx(60)


def test_the_rate_falls_while_no_paper_gets_done() -> None:
    pace = Pace(0)
    for now in (10, 20, 30):
        pace.count(now)
    assert pace.per_minute(30) == pytest.approx(6)
    assert pace.per_minute(90) == pytest.approx(2)


def test_nothing_is_left_when_all_papers_are_done() -> None:
    pace = Pace(0)
    for now in (10, 20, 30):
        pace.count(now)
    assert pace.words(0, 30) == "6.0 a minute"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.4, "less than a minute left"),
        (1.2, "about 1 min left"),
        (12.3, "about 12 min left"),
        (150, "about 2 h left"),
        (60 * 24 * 3, "about 3 days left"),
    ],
)
def test_the_time_left_is_told_no_more_exactly_than_it_can_be_known(minutes: float, words: str) -> None:
    assert time_left(minutes) == words


# ------------------------------------------------------------------------------------------ where there is no terminal


def test_lines_tell_how_many_papers_are_done_how_fast_and_how_long_still(capsys: pytest.CaptureFixture[str]) -> None:
    code_papers(500, 2.0)
    first, *_, last = lines_of(capsys)
    assert first == "  25 of 500 papers, 30 a minute, about 16 min left"
    assert last == "  500 of 500 papers, 30 a minute"


def test_there_is_a_line_for_each_twentieth_of_the_papers_and_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    code_papers(500, 0.5)
    assert [line.split()[0] for line in lines_of(capsys)] == [str(done) for done in range(25, 501, 25)]


def test_lines_are_ten_seconds_apart(capsys: pytest.CaptureFixture[str]) -> None:
    code_papers(20, 1.0)
    assert [line.split()[0] for line in lines_of(capsys)] == ["10", "20"]


def test_a_slow_run_tells_each_minute_that_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    code_papers(5000, 20.0, there=4990)
    assert [line.split()[0] for line in lines_of(capsys)] == ["4993", "4996", "4999", "5000"]


def test_papers_that_were_done_before_count_as_done_and_not_for_the_rate(capsys: pytest.CaptureFixture[str]) -> None:
    code_papers(100, 12.0, there=40)
    assert lines_of(capsys)[0] == "  45 of 100 papers, 5.0 a minute, about 11 min left"


def test_a_paper_that_fails_is_named_at_once_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    code_papers(4, 20.0, failing=2)
    lines = lines_of(capsys)
    assert lines[0] == "  not read: 0.pdf: It is a scan."
    assert lines[-1] == "  4 of 4 papers, 3.0 a minute, 2 not read"


def test_copies_that_are_marked_are_told_in_their_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    with PaperProgress(3, there=1, work=MARKING) as progress:
        progress.marked("a.pdf", SCAN)
        progress.marked("b.pdf", None)
    assert lines_of(capsys) == ["  not marked: a.pdf: It is a scan.", "  3 of 3 papers marked, 1 not marked"]


# ----------------------------------------------------------------------------------------------------- on a terminal


def test_on_a_terminal_a_bar_shows_and_other_lines_keep_above_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("COLUMNS", "80")
    with PaperProgress(4) as progress:
        for number in range(4):
            progress.coded(outcome(f"sub/{number}.pdf", SCAN if number == 1 else None))
        logs.tell("note", "Something else.")
    said = capsys.readouterr().err
    assert "Reading and coding papers" in said
    assert "4/4" in said
    assert "3.pdf" in said
    assert "  not read: sub/1.pdf: It is a scan.\n" in said
    assert "Something else.\n" in said
    assert "  4 of 4 papers, " in said.splitlines()[-1]  # the bar is gone, and what it came to stays
    assert said.splitlines()[-1].endswith("1 not read")


# ------------------------------------------------------------------------------------------------------- for machines


def test_where_logs_are_json_each_paper_is_one_event_with_what_it_cost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up_logging(json=True)
    code_papers(6, 1.0, there=4, failing=1)
    failed, done = (json.loads(line) for line in lines_of(capsys))
    assert (failed["event"], failed["level"], failed["issue"], failed["stage"]) == (
        "paper",
        "warning",
        "pdf-scanned",
        "extract",
    )
    assert failed["message"] == "0.pdf: It is a scan."
    assert (done["event"], done["level"], done["issue"], done["paper"]) == ("paper", "info", None, "1.pdf")
    assert (done["seconds"], done["megabytes"], done["cached"]) == ({"extract": 1.5}, {"extract": 80.0}, [])
    assert (done["done"], done["total"], done["failed"]) == (6, 6, 1)
