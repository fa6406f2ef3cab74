"""Papers coded by one process, by two, and by the workers of a Dask cluster: the same results, and a worker may die."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.processes import HAS_PROC, alive, started_by, workers_of

ROOT = Path(__file__).parents[2]
PAPERS = 12
BATCH = 2  # of 12 papers for two workers
NAMES = ("moeller-2018", "tremblay-2021")

pytestmark = pytest.mark.slow


def new_review(folder: Path, settings: str) -> Path:
    """Make a review of many papers with different contents, and one that is no paper."""
    (folder / "corpus").mkdir(parents=True)
    for number in range(PAPERS - 1):
        data = (ROOT / "corpus" / f"{NAMES[number % 2]}.pdf").read_bytes()
        (folder / "corpus" / f"{number:02}.pdf").write_bytes(data + f"\n% {number}".encode())
    (folder / "corpus" / "none.pdf").write_text("This is no PDF.")
    shutil.copy(ROOT / "corpus" / "references.ris", folder / "corpus")
    (folder / "review.toml").write_text(settings)
    return folder


def entries(folder: Path) -> dict[str, bytes]:
    """Give all results that are kept."""
    cache = folder / "outputs" / ".cache"
    return {path.relative_to(cache).as_posix(): path.read_bytes() for path in cache.glob("*/??/*.json")}


def kept(folder: Path) -> dict[Path, int]:
    """Give what is known to have become of papers, each with the number of its file: a new file has another."""
    found = {}
    for path in (folder / "outputs" / ".cache" / "outcome").glob("*/k*.json"):
        found[path] = path.stat().st_ino
    return found


def parent_of(pid: int) -> int:
    """Give the process that started another one."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


class Runs:
    """Several reviews coded, the last of them on Dask, where a worker is killed in the middle."""

    def __init__(self, root: Path) -> None:
        self.one = new_review(root / "one", "workers = 1\n")
        self.two = new_review(root / "two", "workers = 2\n")
        self.dask = new_review(root / "dask", 'workers = 2\nrunner = "dask"\n')
        script = ROOT / "tests" / "support" / "coding_runs.py"
        self.process = subprocess.Popen(
            [sys.executable, script, root / "home", "code", self.one, self.two, self.dask],
            env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.before = self.kill_a_worker()
        self.started = started_by(self.process.pid)
        said, self.stderr = self.process.communicate(timeout=300)
        self.outcomes = {line["folder"]: line["outcomes"] for line in map(json.loads, said.splitlines())}

    def kill_a_worker(self) -> dict[Path, int]:
        """Kill a worker of Dask that is at work, and give what was kept then."""
        while self.process.poll() is None:
            if len(kept(self.dask)) >= BATCH and (workers := workers_of(self.process.pid)):
                os.kill(parent_of(max(workers)), signal.SIGKILL)
                return kept(self.dask)
            time.sleep(0.03)
        return {}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    if not HAS_PROC:
        pytest.skip("needs /proc to find the workers")
    pytest.importorskip("prefect_dask")
    return Runs(tmp_path_factory.mktemp("dask"))


def test_all_ways_give_the_same_results_byte_for_byte(runs: Runs) -> None:
    one = entries(runs.one)
    assert len(one) == 5 * (PAPERS - 1) + 1
    assert entries(runs.two) == one
    assert entries(runs.dask) == one
    expected = {f"{number:02}.pdf": None for number in range(PAPERS - 1)} | {"none.pdf": "pdf-not-pdf"}
    assert runs.outcomes == {str(folder): expected for folder in (runs.one, runs.two, runs.dask)}


def test_a_killed_worker_costs_its_batch_only(runs: Runs) -> None:
    assert BATCH <= len(runs.before) < PAPERS, runs.stderr
    after = kept(runs.dask)
    again = [path for path, number in runs.before.items() if after[path] != number]
    assert len(again) <= BATCH


def test_nothing_is_left_behind_and_nobody_sees_a_traceback(runs: Runs) -> None:
    assert runs.process.returncode == 0
    assert "Traceback" not in runs.stderr
    assert alive(runs.started) == set()
