"""Two people at the page, an import and a run that publishes, all at once; and writers that are killed."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from evitable.store import open_decisions, open_history, open_workspace
from support import deciding
from support.histories import new_snapshot, new_study, publish_snapshot

pytestmark = pytest.mark.slow
SHARED, IMPORTED = 300, 400


def writer(folder: Path, coder: str, first: int, count: int, at_once: int = 1) -> subprocess.Popen[str]:
    arguments = [str(folder), coder, str(first), str(count), str(at_once)]
    return subprocess.Popen([sys.executable, deciding.__file__, *arguments], stdout=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> tuple[list[str], list[str]]:
    """Give the ids that a writer was told are in, and the items on which it met a conflict."""
    out, _ = process.communicate(timeout=240)
    words = [line.split() for line in out.splitlines() if line.count(" ") == 1]
    return [name for kind, name in words if kind == "made"], [name for kind, name in words if kind == "conflict"]


def test_of_a_thousand_decisions_none_is_lost_or_doubled_and_each_conflict_is_told(tmp_path: Path) -> None:
    for name in ("corpus", "outputs"):
        (tmp_path / name).mkdir()
    people = [writer(tmp_path, coder, 0, SHARED) for coder in ("ada", "ben")]
    imported = writer(tmp_path, "cem", SHARED, IMPORTED, at_once=80)
    workspace, number = open_workspace(tmp_path), 0
    with open_history(workspace) as history:
        while any(process.poll() is None for process in (*people, imported)):
            number += 1
            publish_snapshot(history, new_snapshot(number, new_study(f"s{number}")))
            time.sleep(0.05)
    (ada, ada_met), (ben, ben_met), (cem, cem_met) = map(told, (*people, imported))
    log = open_decisions(workspace).read()
    assert len(log) == 2 * SHARED + IMPORTED == 1000
    assert Counter(one.id for one in log) == Counter(ada + ben + cem)
    # Both decide on the same items, so that on each of them exactly one came second, and was told so.
    assert Counter(ada_met + ben_met) == Counter(f"q{item}" for item in range(SHARED))
    assert cem_met == []
    assert number > 1
    shutil.rmtree(workspace.outputs)
    assert open_decisions(workspace).read() == log


def test_what_a_killed_writer_was_told_is_in_stays_in(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    chance, acknowledged = random.Random(7), []
    for kill in range(8):
        process = writer(tmp_path, "ada", 1000 * kill, 500, at_once=chance.choice([1, 25]))
        assert process.stdout is not None
        acknowledged.append(process.stdout.readline().split()[1])  # it is at work
        time.sleep(chance.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        acknowledged += told(process)[0]
    workspace = open_workspace(tmp_path)
    log = open_decisions(workspace).read()
    names = [one.id for one in log]
    assert set(acknowledged) <= set(names)
    assert len(set(names)) == len(names)
    assert len(acknowledged) > 20
    shutil.rmtree(workspace.outputs)
    assert open_decisions(workspace).read() == log
