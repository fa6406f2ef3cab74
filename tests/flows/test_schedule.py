"""A schedule as a person starts it, and what it leaves on Prefect's server."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evitable.store import hold, open_workspace
from support.processes import HAS_PROC, alive, started_by
from support.workspaces import command, evitable, record_of, specimen_review

pytestmark = pytest.mark.slow

PATIENCE = 120

# Prefect takes its settings when it is imported: a process of its own, with a home of its own.
ON_A_SERVER = """
import json, sys, time
from pathlib import Path
from evitable.flows.environment import end_prefect, prepare_prefect
prepare_prefect(Path(sys.argv[1]), lasting=True)
try:
    import datetime
    from prefect import flow
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import StateType
    from prefect.states import Pending, Running
    from evitable.errors import UserError
    from evitable.flows.artifacts import show_run
    from evitable.flows.rounds import ENDED, UNDER_WAY, runs_of
    from evitable.flows.serving import When, clear, deployment_of
    from evitable.store import Workspace
    from support.runs import new_record

    deployment = deployment_of(Workspace(Path(sys.argv[1])), When(every=datetime.timedelta(seconds=10)))
    with get_client(sync_client=True) as client:
        def apply():
            return deployment.apply()
        def runs(id, states):
            return client.read_flow_runs(flow_run_filter=runs_of(id, states))
        said = {}
        id = apply()
        end = time.monotonic() + 60
        while not runs(id, [StateType.SCHEDULED]) and time.monotonic() < end:
            time.sleep(0.5)
        said["scheduled"] = len(runs(id, [StateType.SCHEDULED]))
        first, second = (client.create_flow_run_from_deployment(id) for _ in range(2))
        for state in (Pending(), Running()):
            client.set_flow_run_state(first.id, state)
        said["second"] = client.set_flow_run_state(second.id, Pending()).state.type.value
        clear(client, deployment.full_name)
        said["left"] = len(runs(id, UNDER_WAY))
        said["first"] = client.read_flow_run(first.id).state_type.value
        third = client.create_flow_run_from_deployment(apply())
        said["third"] = client.set_flow_run_state(third.id, Pending()).state.type.value
        clear(client, deployment.full_name)
        said["waiting"] = len(runs(id, [StateType.SCHEDULED]))
        said["deployments"] = len(client.read_deployments())
        outputs = Path(sys.argv[1]) / "My review" / "outputs"
        record = new_record({"evidence.xlsx": "0"})

        @flow
        def publish():
            show_run(record, None, outputs)

        publish()
        said["artifacts"] = {shown.key: shown.data for shown in client.read_artifacts()}
    try:
        deployment_of(Workspace(Path(sys.argv[1])), When(cron="every monday"))
    except UserError as error:
        said["refused"] = error.message
    print(json.dumps(said))
finally:
    end_prefect()
"""


class Schedule:
    """A schedule in a process of its own, and what it has said so far."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            command("schedule", folder, *options),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, text: str, after: int = 0) -> int:
        """Wait for a line with this text that comes after so many lines; give how many lines there are with it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            for number, line in enumerate(self.lines[after:], start=after + 1):
                if text in line:
                    return number
            time.sleep(0.05)
        raise AssertionError(f"It did not say {text!r}, but:\n" + "\n".join(self.lines))

    def end(self, number: signal.Signals) -> int:
        """Send a signal as a terminal does, to all processes of the schedule, and wait for the end."""
        os.killpg(self.process.pid, number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def kill(self) -> None:
        """End whatever is left."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


@pytest.fixture
def review(tmp_path: Path) -> Path:
    folder = tmp_path / "my-review"
    specimen_review(folder, 1, settings='exports = ["csv"]\nworkers = 1\n')
    return folder


@pytest.fixture
def watching(review: Path) -> Iterator[Schedule]:
    schedule = Schedule(review, "--watch", "--watch-every", "1s")
    yield schedule
    schedule.kill()


@pytest.mark.skipif(not HAS_PROC, reason="needs /proc to count processes")
def test_a_schedule_runs_when_files_change_and_says_how_each_run_ended(review, watching):
    told = watching.wait_for("run 1: 1 new paper, 9 cells new; next run when files change")
    (review / "review.toml").write_text('exports = ["csv"]\nworkers = 2\n', encoding="utf-8")
    told = watching.wait_for("nothing new; next run when files change", told)
    assert record_of(review).number == 1
    specimen_review(review, 2, settings='exports = ["csv"]\nworkers = 2\n')
    told = watching.wait_for("run 2: 1 new paper", told)
    assert record_of(review).counts["studies"] == 2
    with hold(open_workspace(review), "a person's own run"):
        (review / "review.toml").write_text('exports = ["csv"]\n', encoding="utf-8")
        told = watching.wait_for("failed: ", told)
    assert "a person's own run" in watching.lines[told - 1]
    assert watching.lines[told - 1].endswith("; will be tried again in 30 s")
    started = started_by(watching.process.pid)
    assert watching.end(signal.SIGINT) == 0
    assert watching.lines[-1] == "The schedule has ended. What is published stays."
    assert "Traceback" not in "\n".join(watching.lines)
    assert alive(started) == set()
    assert left_on_the_server(review) == {"deployments": 0, "runs that wait": 0}


@pytest.mark.skipif(not HAS_PROC, reason="needs /proc to count processes")
def test_a_schedule_that_is_ended_in_the_middle_of_a_run_ends_it_too(review):
    specimen_review(review, 30, pages=None, settings='exports = ["csv"]\n')
    schedule = Schedule(review, "--cron", "0 6 * * 1")
    try:
        schedule.wait_for("30 to do")
        started = started_by(schedule.process.pid)
        assert started
        refused = evitable("schedule", review, "--watch")
        assert refused.returncode == 2
        assert "goes on already" in refused.stderr
        assert schedule.end(signal.SIGTERM) == 0
        assert alive(started) == set()
    finally:
        schedule.kill()
    assert record_of(review) is None
    assert left_on_the_server(review) == {"deployments": 0, "runs that wait": 0}


def test_prefect_plans_runs_refuses_a_second_one_forgets_a_killed_schedule_and_shows_a_run(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", ON_A_SERVER, tmp_path],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])
    assert said.pop("scheduled") >= 3
    shown = said.pop("artifacts")
    assert sorted(shown) == ["my-review-not-read", "my-review-run", "my-review-workbook-file"]
    assert shown["my-review-run"].startswith("# Run 1 of My review")
    assert "file://" in shown["my-review-workbook-file"]
    assert said.pop("refused") == '"every monday" is no cron line that can be understood.'
    assert said == {
        "second": "CANCELLED",
        "left": 0,
        "first": "CRASHED",
        "third": "PENDING",
        "waiting": 0,
        "deployments": 0,
    }


@pytest.mark.parametrize("command", [("schedule", "--every", "1h"), ("run",)])
def test_a_server_that_does_not_answer_is_named_in_plain_words(review, command):
    there = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_HOME": str(review / "home")}
    ended = evitable(command[0], review, *command[1:], environment=there)
    assert ended.returncode == 2
    assert "The Prefect server at http://127.0.0.1:9/api does not answer." in ended.stderr
    assert "Traceback" not in ended.stderr


def left_on_the_server(review: Path) -> dict[str, int]:
    """Count what is left in the database of the server that a schedule started."""
    database = sqlite3.connect(review / "outputs" / ".prefect" / "prefect.db")
    questions = {
        "deployments": "select count(*) from deployment",
        "runs that wait": "select count(*) from flow_run where state_type not in "
        "('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')",
    }
    counts = {name: database.execute(question).fetchone()[0] for name, question in questions.items()}
    database.close()
    return counts
