"""The page of the benchmarks: `PYTHONPATH=tests python -m benchmarks.plot_living` makes it again from `living.json`."""

from __future__ import annotations

import json
import statistics
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figure_living import figure
from benchmarks.reached import STAGES, STEPS, Results, named, per_task, verdicts

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIGURE = "figures/benchmarks.svg"
_HOW = """Each figure is of a whole command, `evitable run DIR`, with all processes that it starts. Wall time is what a
person waits; CPU time is the sum over all cores. The papers are made from the bundled specimens: the first page with a
short paragraph of its own (“first pages”), or all pages with one (“whole specimens”)."""
_RUNS = """“New codebook” is the shipped one with one phrase more in an attribute: all papers are coded again, none is
read again. “New model” is the shipped one under another id. Memory is the most that a process held; “largest child” is
mostly the process that writes tables and report, and ends with that."""
_KILLED = """After each of them the decisions, every published file and what was finished were as before. {from_before}
of {papers} papers were there at the last run, which nobody disturbed; {files_equal} files of it equal those of a review
that was never disturbed, byte for byte but for what tells of the runs themselves."""


def write_page(source: Path, docs: Path, kills: Path = HERE / "kills.json") -> None:
    """Write `benchmarks.md` and its figure.

    Args:
        source: Results of a session.
        docs: Folder of the page.
        kills: Results of the kill test, if there are any.
    """
    results = Results(json.loads(source.read_bytes()))
    killed = json.loads(kills.read_bytes()) if kills.exists() else None
    (docs / FIGURE).parent.mkdir(parents=True, exist_ok=True)
    (docs / FIGURE).write_bytes(figure(results))
    (docs / "benchmarks.md").write_text("\n".join(page(results, killed)), encoding="utf-8")


def page(results: Results, kills: dict[str, Any] | None) -> list[str]:
    """Give the lines of the page."""
    rows = [tuple(verdict) for verdict in verdicts(results, kills)]
    return [
        "# What a living review costs",
        "",
        *_prose(_about(results.found)),
        "",
        "```",
        results.found["command"],
        *(["PYTHONPATH=tests python -m benchmarks.kill --folder DIR"] if kills else []),
        "```",
        "",
        *_prose(_HOW),
        "",
        "## What had to be reached",
        "",
        *table(("asked", "measured", "reached"), rows),
        "",
        "## Runs",
        "",
        f"![Wall time and memory by number of papers, and CPU by stage]({FIGURE})",
        "",
        *runs_table(results),
        "",
        *_prose(_RUNS),
        "",
        *parts(results, kills),
    ]


def _about(found: dict[str, Any]) -> str:
    machine = found["machine"]
    return (
        "This page is written by a program; do not edit it. All figures but those of kills, which have a session of "
        "their own, come from one session on one machine: "
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB of memory, {machine['system']}, "
        f"Python {machine['python']}; {found['date']}, {found['minutes']} minutes, load {found['load_before']} before."
    )


def _prose(text: str) -> list[str]:
    return textwrap.wrap(text, 120, break_on_hyphens=False)


def parts(results: Results, kills: dict[str, Any] | None) -> list[str]:
    """Give the smaller tables."""
    lines = ["## Where a cold run's time goes", "", *phases_table(results), ""]
    lines += ["## CPU by stage against pdfminer.six", "", *stages_table(results), ""]
    if results.all("cold", workers=1):
        lines += ["## One worker and two", "", *workers_table(results), ""]
    lines += ["## Prefect by itself", "", *prefect_table(results), ""]
    if kills:
        lines += ["## Runs that were killed", "", *kills_table(kills), ""]
    return lines


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Give a table in Markdown."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def runs_table(results: Results) -> list[str]:
    """One row for each step and size."""
    rows = []
    for step, name in STEPS.items():
        for papers in results.sizes:
            kind = "first pages"
            found = [one for one in results.all(step, kind=kind) if one["papers"] == papers]
            if found:
                middle = [
                    statistics.median(one[key] for one in found) for key in ("wall", "cpu", "main", "largest", "tree")
                ]
                rows.append(
                    (name, f"{papers:,}", f"{middle[0]:.1f}", f"{middle[1]:.1f}", *(f"{m:.0f}" for m in middle[2:]))
                )
    return table(("what", "papers", "wall s", "CPU s", "main MB", "largest child MB", "all at once MB"), rows)


def phases_table(results: Results) -> list[str]:
    """Wall seconds of the parts of a run, by its own record."""
    steps = [one for step in ("cold", "one added") for one in results.all(step, kind="first pages")]
    names = list(dict.fromkeys(name for one in steps for name in one["record"]["phases"]))
    rows = []
    for one in steps:
        known = one["record"]["phases"]
        other = one["wall"] - sum(known.values())
        cells = [f"{known.get(name, 0.0):.1f}" for name in names]
        rows.append((STEPS[one["step"]], f"{one['papers']:,}", *cells, f"{other:.1f}"))
    return table(("wall s", "papers", *names, "rest"), rows)


def stages_table(results: Results) -> list[str]:
    """CPU per paper by stage, and that of the peer."""
    rows = []
    for one in results.all("stages"):
        cpu, papers = one["cpu_by_stage"], one["papers"]
        ours = sum(cpu[stage] for stage in STAGES)
        cells = [f"{1000 * cpu[stage] / papers:.0f}" for stage in STAGES]
        peer = cpu["extract_text"]
        rows.append((f"{one['kind']} ({papers})", *cells, f"{1000 * peer / papers:.0f}", f"{ours / peer:.2f}"))
    head = ("CPU ms per paper", *STAGES.values(), "pdfminer.six `extract_text`", "all stages to that")
    return table(head, rows)


def workers_table(results: Results) -> list[str]:
    """Cold runs by number of workers."""
    rows = [
        (
            f"{one['papers']} {named(one['kind'])}",
            str(one["workers"]),
            f"{one['wall']:.1f}",
            f"{one['cpu']:.1f}",
            f"{one['record']['phases']['code']:.1f}",
        )
        for kind in ("whole", "real")
        for one in results.all("cold", kind=kind)
    ]
    return table(("cold run of", "workers", "wall s", "CPU s", "wall s of reading and coding"), rows)


def prefect_table(results: Results) -> list[str]:
    """What Prefect costs with nothing to do."""
    rows = []
    for name, step, facts in (
        ("start, in the first review on a machine", "prefect, first", {}),
        ("start, in a new review", "prefect, new", {}),
        ("start, in a review that has run", "prefect", {"kind": "no tasks"}),
    ):
        cells = [results.figure(key, step, **facts) or 0.0 for key in ("wall", "cpu", "main")]
        rows.append((name, f"{cells[0]:.2f}", f"{cells[1]:.2f}", f"{cells[2]:.0f}"))
    many, without = results.first("prefect", kind="tasks"), results.figure("cpu", "prefect", kind="no tasks")
    if many and without is not None:
        rows.append(("each batch of papers", "", f"{per_task(without, many):.4f}", ""))
    return table(("Prefect", "wall s", "CPU s", "MB"), rows)


def kills_table(kills: dict[str, Any]) -> list[str]:
    """How many runs were killed while they did what."""
    counts: dict[tuple[str, str], int] = {}
    for kill in kills["kills"]:
        key = (kill["while"], kill["struck"])
        counts[key] = counts.get(key, 0) + 1
    rows = [(doing, struck, str(count)) for (doing, struck), count in sorted(counts.items())]
    end = kills["end"]
    return [
        *table(("killed while", "what was killed", "times"), rows),
        "",
        *_prose(_KILLED.format(**end)),
    ]


def main() -> int:
    """Write the page again."""
    write_page(HERE / "living.json", ROOT / "docs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
