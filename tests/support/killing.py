"""A review whose runs are killed with SIGKILL at chosen moments, and what must hold after each of them."""

from __future__ import annotations

import hashlib
import io
import os
import random
import secrets
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, suppress
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from evitable.flows.config import run_config
from evitable.flows.holding import holding
from evitable.records import RunRecord
from evitable.store import open_history, open_workspace
from support.processes import alive
from support.whole import is_whole
from support.workspaces import command, evitable, published, record_of

Part = Literal["start", "code", "publish", "swap", "end"]
PARTS: tuple[Part, ...] = get_args(Part)
_MARK = "EVITABLE_TEST_RUN"


class Lengths(NamedTuple):
    """Seconds that parts of a run take: until the first worker, the publisher, the swap of files, the end of that."""

    start: float
    code: float
    publish: float
    swap: float

    def shorter(self) -> Lengths:
        """Give lengths to go by after a run that had ended before it was to be killed."""
        return Lengths(*(length * 0.8 for length in self))


class Moment(NamedTuple):
    """When a run is killed, and what of it.

    Attributes:
        part: Of the run.
        share: Of that part's usual length.
        everything: Whether all its processes are killed at once, as by a power cut; else the main process alone.
    """

    part: Part
    share: float
    everything: bool = False


class Killed(NamedTuple):
    """A run that was killed.

    Attributes:
        moment: The one that was chosen.
        seconds: After its start.
        reached: The part that it was in.
        ended: Whether it had ended by then.
        processes: How many it consisted of.
        left: Commands of those that were still there 5 s later.
    """

    moment: Moment
    seconds: float
    reached: Part
    ended: bool
    processes: int
    left: tuple[str, ...]


class State(NamedTuple):
    """What is to be kept of a review: the run in force, what people decided, and the results by name."""

    run: int
    decisions: dict[str, bytes]
    results: dict[str, tuple[int, int]]


def moments(count: int, seed: int) -> list[Moment]:
    """Choose moments spread over the whole run, most of them where it works and where it publishes."""
    chance = random.Random(seed)
    weights: dict[Part, int] = {"start": 1, "code": 4, "publish": 4, "swap": 1}
    spread = [part for part, weight in weights.items() for _ in range(weight)]
    parts = [spread[number % len(spread)] for number in range(count)]
    chance.shuffle(parts)
    return [Moment(part, chance.random()) for part in parts]


def lengths(folder: Path) -> Lengths:
    """Have a run done undisturbed, and take the time of its parts."""
    run = _Run(folder)
    begun = {"start": time.monotonic()}
    while run.process.poll() is None:
        begun.setdefault(run.part(), time.monotonic())
        time.sleep(0.002)
    assert run.process.returncode == 0, run.log()
    ends = [begun.get(part, time.monotonic()) for part in PARTS[1:]]
    return Lengths(*(end - begun.get(part, end) for part, end in zip(PARTS, ends, strict=False)))


def kill_run(folder: Path, moment: Moment, usual: Lengths) -> Killed:
    """Start a run, kill it at a moment, and see which of its processes stay."""
    run = _Run(folder)
    start = since = time.monotonic()
    while run.process.poll() is None and PARTS.index(run.part()) < PARTS.index(moment.part):
        since = time.monotonic()
        time.sleep(0.002)
    wait = since + moment.share * getattr(usual, moment.part) - time.monotonic()
    with suppress(subprocess.TimeoutExpired):
        run.process.wait(max(0.0, wait))
    reached, ended, there = run.part(), run.process.poll() is not None, run.processes()
    for pid in (run.process.pid, *there) if moment.everything else (run.process.pid,):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    seconds = time.monotonic() - start
    run.process.wait()
    return Killed(moment, seconds, reached, ended, len(there), tuple(_left(run)))


def state(folder: Path) -> State:
    """Give what a kill must not touch."""
    record = record_of(folder)
    cache = folder / "outputs" / ".cache"
    results = {
        path.relative_to(cache).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in cache.rglob("*.json")
        if path.parent != cache and not path.name.startswith(".")
    }
    decisions = {path.name: path.read_bytes() for path in (folder / "corpus" / "decisions").iterdir()}
    return State(record.number if record else 0, decisions, results)


def finished(results: Mapping[str, tuple[int, int]]) -> int:
    """Count the papers that are done."""
    return sum(name.startswith("outcome/") for name in results)


def assert_in_force(folder: Path) -> RunRecord | None:
    """See that the outputs are those of one run, the old or the new one, as every command finds them; give its record.

    Before that, and before anything is put right: that every file that a person could open is whole.
    """
    for name, data in published(folder).items():
        assert is_whole(name, data), f"{name} is not whole"
    told = evitable("status", folder)
    assert (told.returncode, "Traceback" in told.stderr) == (0, False), told.stderr
    workspace = open_workspace(folder)
    config = run_config(workspace)
    with redirect_stderr(io.StringIO()), holding(workspace, config, "a look after a kill"):
        pass  # whoever holds the review puts right first what a killed run left
    record = record_of(folder)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in published(folder).items()}
    assert hashes == (record.outputs if record else {})
    last = open_history(workspace, config.settings.store).last()
    assert (last.number if last else 0) == (record.number if record else 0)
    assert not list((folder / "outputs").glob(".publish-*"))
    return record


def assert_kept(before: State, after: State) -> None:
    """See that nothing that a run had finished was made again, and that nothing that people decided was touched."""
    assert after.decisions == before.decisions
    changed = [name for name, facts in before.results.items() if after.results.get(name) != facts]
    assert changed == []
    assert after.run >= before.run


def half_written(folder: Path) -> list[str]:
    """Name what a write that was cut short has left."""
    return sorted(str(path) for pattern in (".part-*", ".publish-*", ".try-*") for path in folder.rglob(pattern))


class _Run:
    """A run in a process group of its own; what it starts is known by a mark in its environment."""

    def __init__(self, folder: Path) -> None:
        self._mark = secrets.token_hex(8)
        self._log = folder / "killed-runs.log"
        self._outputs = folder / "outputs"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command("run", folder),
                stdout=log,
                stderr=log,
                env={**os.environ, _MARK: self._mark},
                start_new_session=True,
            )
        self._part: Part = "start"

    def processes(self) -> set[int]:
        """Give all of its processes, also those whose parent has gone."""
        mark = f"{_MARK}={self._mark}".encode()
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.add(int(folder.name))
        return found

    def part(self) -> Part:
        """Give the part that it has come to."""
        if any(self._outputs.glob(".publish-*/journal.json")):
            self._part = "swap"
        elif self._part == "swap":
            self._part = "end"
        elif PARTS.index(self._part) < PARTS.index("publish"):
            commands = " ".join(_commands(self.processes()))
            if "evitable.flows.publisher" in commands:
                self._part = "publish"
            elif "evitable.flows.worker" in commands:
                self._part = "code"
        return self._part

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")


def _commands(processes: Iterable[int]) -> list[str]:
    found = []
    for pid in processes:
        with suppress(OSError):
            found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


def _left(run: _Run, seconds: float = 5.0) -> list[str]:
    """Give the commands of a run's processes that are still at work some seconds after it was killed."""
    end = time.monotonic() + seconds
    while (left := alive(run.processes(), within=0)) and time.monotonic() < end:
        time.sleep(0.05)
    return _commands(left)
