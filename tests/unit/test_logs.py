"""Logs: lines for people, or one JSON object a line for programs, with the same fields, and never text of a paper."""

from __future__ import annotations

import datetime
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evitable.flows import logs
from support.command_line import Command, make_review
from support.workspaces import evitable, specimen_review

Events = Callable[[], list[dict[str, Any]]]
FIRST = ["time", "level", "event", "message", "pid", "review", "run"]


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave logging as it was: it is one for all tests."""
    for name in (logs.JSON_LOGS, "EVITABLE_LOG_ABOUT"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    logging.captureWarnings(capture=False)
    logs.set_up_logging(json=False)


def take_down() -> None:
    """Leave logging as in a process that has just begun."""
    for logger in (logging.getLogger("evitable"), logging.getLogger()):
        for handler in [one for one in logger.handlers if isinstance(one, logs.StandardErrorHandler)]:
            logger.removeHandler(handler)


@pytest.fixture
def events(capsys: pytest.CaptureFixture[str]) -> Events:
    """Have logs written as JSON, and give a function that reads what came since."""
    logs.set_up_logging(json=True)
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


# --------------------------------------------------------------------------------------------------------- for people


def test_people_read_messages_and_are_told_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up_logging(json=False)
    logs.tell("plan", "3 papers to do.", papers=3)
    logs.tell("phase", phase="scan", seconds=1.5)
    logs.tell("percent", "100 % done %s")
    logging.getLogger("evitable.flows.elsewhere").warning("Batch %d was lost.", 7)
    assert capsys.readouterr().err == "3 papers to do.\n100 % done %s\nBatch 7 was lost.\n"


def test_the_first_event_sets_logging_up_as_the_process_was_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    take_down()
    monkeypatch.setenv(logs.JSON_LOGS, "1")
    logs.tell("plan", "3 papers to do.")
    assert json.loads(capsys.readouterr().err)["event"] == "plan"


# ------------------------------------------------------------------------------------------------------- for programs


def test_each_event_is_one_json_object_with_the_same_fields_first(events: Events) -> None:
    logs.tell("plan", "3 papers\nto do, Montréal.", papers=3, paths=("a.pdf",), folder=Path("x"))
    logs.tell("phase", level=logging.WARNING, phase="scan")
    plan, phase = events()
    assert list(plan)[:7] == list(phase)[:7] == FIRST
    assert (plan["level"], plan["event"], plan["message"]) == ("info", "plan", "3 papers\nto do, Montréal.")
    assert (plan["papers"], plan["paths"], plan["folder"]) == (3, ["a.pdf"], "x")
    assert (phase["level"], phase["message"], phase["phase"]) == ("warning", "phase", "scan")
    assert datetime.datetime.fromisoformat(plan["time"]).utcoffset() == datetime.timedelta(0)


def test_what_it_is_all_about_is_on_every_line_from_then_on(events: Events) -> None:
    logs.about(review="pumps", run=None)
    logs.tell("start")
    logs.about(run=4)
    logs.tell("plan")
    assert [(event["review"], event["run"]) for event in events()] == [("pumps", None), ("pumps", 4)]


def test_records_and_warnings_of_libraries_go_the_same_way(events: Events) -> None:
    logging.getLogger("somewhere.else").warning("The disk is %s.", "slow")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn("This is old.", stacklevel=1)
    record, warning = events()
    assert (record["event"], record["message"], record["logger"]) == ("log", "The disk is slow.", "somewhere.else")
    assert (warning["level"], warning["logger"]) == ("warning", "py.warnings")
    assert "This is old." in warning["message"]


def test_libraries_that_write_lines_of_their_own_write_them_no_more(events: Events) -> None:
    library = logging.getLogger("a.library.that.prints")
    library.addHandler(logging.StreamHandler(sys.stderr))
    library.propagate = False
    logs.set_up_logging(json=True)
    library.warning("printed")
    assert [event["message"] for event in events()] == ["printed"]


def test_of_an_error_its_kind_is_told_and_nothing_that_might_quote_a_paper(
    events: Events, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ValueError("the words of a paper")
    except ValueError:
        logging.getLogger("a.library").exception("It failed.")
    said = capsys.readouterr().err
    assert json.loads(said)["error"] == "ValueError"
    assert "words of a paper" not in said
    assert "Traceback" not in said


def test_a_fault_of_the_program_is_one_line_too(events: Events) -> None:
    try:
        raise ValueError("the words of a paper")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    (crash,) = events()
    assert (crash["event"], crash["level"], crash["error"]) == ("crashed", "critical", "ValueError")
    assert "test_logs.py:" in crash["place"]
    assert "words of a paper" not in json.dumps(crash)


def test_a_result_is_written_as_its_event_would_be() -> None:
    logs.about(review="pumps", run=2)
    line = logs.event_line("published", "Run 2: 1 study.", counts={"studies": 1})
    assert "\n" not in line
    event = json.loads(line)
    assert list(event)[:7] == FIRST
    assert (event["event"], event["run"], event["counts"]) == ("published", 2, {"studies": 1})


def test_a_refusal_is_one_json_object_with_what_to_do(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.JSON_LOGS, "1")
    take_down()
    said = run("status", "nowhere")
    event = json.loads(said.err)
    assert (said.code, said.out) == (2, "")
    assert (event["level"], event["event"], event["exit_code"]) == ("error", "failed", 2)
    assert event["message"] == "There is no folder nowhere."
    assert "evitable new nowhere" in event["hint"]


def test_a_refused_run_with_json_logs_is_one_json_object(run: Command) -> None:
    make_review("my-review", papers=1, settings="time_limt = 3\n")
    event = json.loads(run("run", "my-review", "--json-logs").err)
    assert (event["level"], event["event"]) == ("error", "failed")
    assert 'Did you mean "time_limit"?' in event["message"] + event["hint"]


def test_a_dry_run_with_json_logs_gives_the_plan_as_one_json_object(run: Command) -> None:
    make_review("my-review", papers=2)
    plan = json.loads(run("run", "my-review", "--dry-run", "--json-logs").out)
    assert (plan["event"], plan["papers"], plan["todo"]) == ("plan", 2, 2)
    assert [step["path"] for step in plan["steps"]] == ["paper-0.pdf", "paper-1.pdf"]


# ----------------------------------------------------------------------------------------------------- one console


def test_handlers_with_a_console_of_their_own_print_by_the_one_that_shows_a_bar() -> None:
    own, bar = Console(file=io.StringIO()), Console(file=io.StringIO())
    handler = logging.StreamHandler(io.StringIO())
    handler.console = own  # type: ignore[attr-defined]
    library = logging.getLogger("a.library.with.a.console")
    library.addHandler(handler)
    with logs.through(bar):
        assert handler.console is bar  # type: ignore[attr-defined]
    assert handler.console is own  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------------------------- a whole run


@pytest.mark.slow
def test_each_line_of_a_run_with_json_logs_is_an_event_and_no_text_of_a_paper_is_in_them(tmp_path: Path) -> None:
    specimen_review(tmp_path / "pumps", 2, settings='exports = ["csv", "pdf"]\n')
    (tmp_path / "pumps" / "corpus" / "broken.pdf").write_bytes(b"%PDF-1.4 torn")
    done = evitable("run", tmp_path / "pumps", "--json-logs", environment={"PREFECT_LOGGING_LEVEL": "INFO"})
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert all(list(event)[:7] == FIRST for event in events)
    began = [event["event"] for event in events].index("start")
    assert {event["review"] for event in events[began:]} == {"pumps"}
    assert {event["run"] for event in events if event["event"] in {"plan", "paper", "marked", "published"}} == {1}
    papers = {event["paper"]: event for event in events if event["event"] == "paper"}
    assert len(papers) == 3
    assert papers.pop("broken.pdf")["issue"] == "pdf-damaged"
    assert all({"extract", "segment", "classify", "check"} == set(paper["seconds"]) for paper in papers.values())
    phases = [event["phase"] for event in events if event["event"] == "phase"]
    assert phases[:3] == ["start", "scan", "plan"]
    assert {"code", "aggregate", "export", "publish"} <= set(phases)
    assert any(event.get("logger") == "prefect.flow_runs" for event in events)
    result = json.loads(done.stdout)
    assert (result["event"], result["run"], result["counts"]["papers_not_read"]) == ("published", 1, 1)
    again = evitable("run", tmp_path / "pumps", "--json-logs")
    assert again.stderr == ""
    assert json.loads(again.stdout)["event"] == "unchanged"
