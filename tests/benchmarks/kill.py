"""Runs that are killed: `PYTHONPATH=tests python -m benchmarks.kill --kills 30 --folder DIR`.

A review of whole specimens is run, and killed with SIGKILL at a moment chosen by chance (seeded; spread over the whole
run, from its start to the putting in place of its files). After each kill it is seen that nothing that people decided
is touched, that every file is whole, that the outputs are as a whole those of the last published run or of the new one,
that no process is left after 5 seconds, and that what was finished is not done again. Some papers come in before each
run, so that there is always work to do. After the kills an undisturbed run must give the same tables as a review that
was never disturbed.

`--everything` more kills strike all processes of a run at once, as a power cut does, most of them while it publishes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from benchmarks.variants import write_references, write_variants
from support.killing import (
    Killed,
    Lengths,
    Moment,
    Part,
    State,
    assert_in_force,
    assert_kept,
    finished,
    half_written,
    kill_run,
    lengths,
    moments,
    state,
)
from support.whole import assert_same_tables
from support.workspaces import evitable, published, record_of, specimen_review

RESULTS = Path(__file__).with_name("kills.json")
_LET_THROUGH = 4
"""Kills after which a run is let through."""
_PARTS = {
    "start": "starting",
    "code": "reading and coding",
    "publish": "making tables",
    "swap": "putting files in place",
    "end": "ending",
}


def add_papers(folder: Path, count: int) -> None:
    """Put more papers into a review: first pages, so that a run has work to do and yet ends soon."""
    corpus = folder / "corpus"
    there = sorted(corpus.rglob("*.pdf"))
    write_variants(corpus, count, first=len(there))
    write_references(corpus / "references.ris", sorted(corpus.rglob("*.pdf"), key=lambda path: path.name))


def usual_lengths(folder: Path, papers: int, more: int) -> Lengths:
    """Learn how long the parts of a run take that brings some more papers into a review."""
    specimen_review(folder, papers, pages=None)
    whole_run(folder)
    add_papers(folder, more)
    return lengths(folder)


def chosen(kills: int, everything: int, seed: int) -> list[Moment]:
    """Choose the moments: first those that strike the main process, then those that strike all processes."""
    chance = random.Random(seed + 1)
    parts: list[Part] = ["publish", "swap", "code", "swap"]
    late = [Moment(parts[number % 4], chance.random(), everything=True) for number in range(everything)]
    return moments(kills, seed) + late


def kill_all(
    folder: Path, plan: list[Moment], usual: Lengths, more: int, undisturbed: Collection[int] = ()
) -> list[dict[str, Any]]:
    """Kill one run after another, and see after each that all holds; give the log.

    A run that had ended before its moment came does not count; the next one is killed a little earlier.

    Args:
        folder: The review.
        plan: Moments, one for each kill.
        usual: How long the parts of a run take.
        more: Papers that come in before each further run.
        undisturbed: Numbers of kills after which a run is let through to its end.

    Raises:
        AssertionError: Something does not hold.
    """
    log, todo = [], list(plan)
    before = state(folder)
    while todo:
        killed = kill_run(folder, todo[0], usual)
        assert not killed.left, f"processes were left: {killed.left}"
        record = assert_in_force(folder)
        after = state(folder)
        assert_kept(before, after)
        if killed.ended:
            usual = usual.shorter()
        else:
            todo.pop(0)
            log.append(told(len(log) + 1, killed, before, after, len(record.outputs) if record else 0))
            print(json.dumps(log[-1]), flush=True)
            if len(log) in undisturbed:
                whole_run(folder)
        before = state(folder)
        assert_kept(after, before)
        add_papers(folder, more)
    return log


def told(number: int, killed: Killed, before: State, after: State, files: int) -> dict[str, Any]:
    """Give a line of the log."""
    return {
        "kill": number,
        "seconds": round(killed.seconds, 2),
        "while": _PARTS[killed.reached],
        "struck": "all processes" if killed.moment.everything else "main process",
        "processes": killed.processes,
        "run_before": before.run,
        "run_after": after.run,
        "papers_finished": finished(after.results),
        "files_in_force": files,
    }


def finish(folder: Path, undisturbed: Path) -> dict[str, Any]:
    """Run the review undisturbed, and compare its tables with those of a review that was never disturbed.

    Raises:
        AssertionError: They differ, or something was done again, or something is left.
    """
    before = state(folder)
    done = evitable("run", folder)
    assert done.returncode == 0, done.stderr
    record = record_of(folder)
    assert record is not None
    assert_kept(before, state(folder))
    cached = sum("check" in paper.cached for paper in record.papers)
    assert cached == finished(before.results), "papers that were finished were done again"
    assert half_written(folder) == []
    copy_review(folder, undisturbed)
    whole_run(undisturbed)
    same = assert_same_tables(folder, undisturbed)
    return {"papers": len(record.papers), "run": record.number, "from_before": cached, "files_equal": same}


def without_history(folder: Path, undisturbed: Path) -> int:
    """Make all files anew from the results of a review whose runs were killed, as if it were its first run.

    Returns:
        How many files equal those of a review that was never disturbed; none may differ.

    Raises:
        AssertionError: One does.
    """
    results_of = undisturbed.with_name("results-of-killed")
    copy_review(folder, results_of)
    shutil.copytree(folder / "outputs" / ".cache", results_of / "outputs" / ".cache")
    whole_run(results_of)
    files = published(results_of)
    assert files == published(undisturbed)
    return len(files)


def copy_review(source: Path, folder: Path) -> None:
    """Make another review of the same papers and settings, without outputs."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source / "corpus", folder / "corpus")
    shutil.copy(source / "review.toml", folder)


def whole_run(folder: Path) -> None:
    """Run a review, and let it come to its end."""
    done = evitable("run", folder)
    assert done.returncode == 0, done.stderr


def main() -> int:
    """Kill, and print the log."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30, help="kills of the main process")
    parser.add_argument("--everything", type=int, default=10, help="kills of all processes at once")
    parser.add_argument("--papers", type=int, default=12, help="whole specimens at the start")
    parser.add_argument("--more", type=int, default=2, help="papers that come in before each further run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True, help="for the reviews; what it holds of them is deleted")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    start = time.monotonic()
    folder = options.folder
    for name in ("lengths", "killed"):
        shutil.rmtree(folder / name, ignore_errors=True)
    usual = usual_lengths(folder / "lengths", options.papers, options.more)
    print(f"seconds of an undisturbed run: {[round(length, 1) for length in usual]}", flush=True)
    specimen_review(folder / "killed", options.papers, pages=None)
    plan = chosen(options.kills, options.everything, options.seed)
    log = kill_all(folder / "killed", plan, usual, options.more, range(0, len(plan), _LET_THROUGH))
    end = finish(folder / "killed", folder / "undisturbed")
    end["files_equal_without_history"] = without_history(folder / "killed", folder / "undisturbed")
    print(json.dumps(end))
    counts = Counter(line["while"] for line in log)
    found = {"kills": log, "end": end, "while": counts, "seconds": round(time.monotonic() - start)}
    options.results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
