"""Ctrl-C: the run ends, nothing is left behind, and what is finished is kept."""

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

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")]


@pytest.mark.skipif(not HAS_PROC, reason="needs /proc to count processes")
def test_ctrl_c_ends_the_run_with_one_sentence_and_leaves_no_worker(tmp_path):
    (tmp_path / "corpus").mkdir()
    for number in range(40):  # enough that it is still at work when it is stopped
        data = (ROOT / "corpus" / "moeller-2018.pdf").read_bytes()
        (tmp_path / "corpus" / f"{number}.pdf").write_bytes(data + f"% {number}".encode())
    shutil.copy(ROOT / "corpus" / "references.ris", tmp_path / "corpus")
    run = subprocess.Popen(
        [sys.executable, "-m", "evitable", "run", tmp_path],
        cwd=ROOT / "pipeline",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in run.stderr:
        if "40 to do" in line:
            break
    while not workers_of(run.pid) and run.poll() is None:
        time.sleep(0.05)
    started = started_by(run.pid)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 130
    assert said.strip().splitlines()[-1] == "evitable: stopped. What is finished is kept; run again to go on."
    assert "Traceback" not in said
    assert alive(started) == set()
    assert not (tmp_path / "outputs" / "evidence.xlsx").exists()
