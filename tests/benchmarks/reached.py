"""What a session of `bench_living` found, and what of it had to be reached (issue 6), as it was asked."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

from evitable.flows.pool import batches

STEPS = {
    "cold": "cold run",
    "new codebook": "new codebook",
    "new model": "new model",
    "one added": "one paper added",
    "warm": "nothing new",
}
"""Steps of a living review, by name."""
STAGES = {"extract": "read", "segment": "cut", "classify": "code", "check": "check quotes"}

Step = dict[str, Any]


class Verdict(NamedTuple):
    """What was asked, what was measured, and whether it was reached: yes, no, in part, or a dash if not measured."""

    asked: str
    measured: str
    reached: str


def verdict(asked: str, found: Sequence[tuple[str, bool]]) -> Verdict:
    """Put what was measured, in one case or in several, against what was asked."""
    held = {holds for _, holds in found}
    reached = {frozenset({True}): "yes", frozenset({False}): "**no**", frozenset(): "–"}.get(
        frozenset(held), "**in part**"
    )
    return Verdict(asked, "; ".join(told for told, _ in found) or "not measured", reached)


class Results:
    """The steps of a session, by name."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.found = found
        self.steps: list[Step] = found["steps"]
        self.sizes = sorted({step["papers"] for step in self.all("warm")})

    def all(self, step: str, **facts: object) -> list[Step]:
        """Give the steps of a name, with these facts."""
        return [
            one
            for one in self.steps
            if one["step"] == step and all(one.get(key) == fact for key, fact in facts.items())
        ]

    def first(self, step: str, **facts: object) -> Step | None:
        """Give the first of them; None if there is none."""
        return next(iter(self.all(step, **facts)), None)

    def figure(self, name: str, step: str, **facts: object) -> float | None:
        """Give the median of one figure over these steps; None if there is none."""
        values = [one[name] for one in self.all(step, **facts)]
        return statistics.median(values) if values else None


def verdicts(results: Results, kills: dict[str, Any] | None) -> list[Verdict]:
    """Give a row for each thing that must be reached (issue 6), as it was asked."""
    return [
        _against_peer(results),
        _two_workers(results),
        _warm(results, 500, 1.0),
        _warm(results, 5000, 5.0),
        _one_added(results),
        _memory(results),
        _growth(results),
        _kills(kills),
        _prefect(results),
        _network(results),
    ]


def _against_peer(results: Results) -> Verdict:
    found = []
    for peer in results.all("extract_text", kind="real"):
        for cold in results.all("cold", kind="real", workers=2, papers=peer["papers"]):
            times = cold["cpu"] / peer["cpu"]
            told = f"{times:.2f} times at {peer['papers']} papers ({cold['cpu']:.0f} against {peer['cpu']:.0f} CPU s)"
            found.append((told, times <= 1.1))
    asked = "Cold run of real papers, all stages and exports: CPU at most 1.1 times pdfminer.six's own `extract_text`"
    return verdict(asked, found)


def _two_workers(results: Results) -> Verdict:
    found = []
    for kind in ("whole", "real"):
        for one in results.all("cold", kind=kind, workers=1):
            for two in results.all("cold", kind=kind, workers=2, papers=one["papers"]):
                times = one["wall"] / two["wall"]
                coding = one["record"]["phases"]["code"] / two["record"]["phases"]["code"]
                told = f"{times:.2f} times at {one['papers']} {named(kind)} ({coding:.2f} in reading and coding)"
                found.append((told, times >= 1.7))
    return verdict("Two workers at least 1.7 times as fast as one", found)


def _warm(results: Results, papers: int, limit: float) -> Verdict:
    asked = f"Nothing new at {papers:,} papers: under {limit:.0f} s plus Prefect's own start-up"
    wall, start = results.figure("wall", "warm", papers=papers), results.figure("wall", "prefect", kind="no tasks")
    if wall is None or start is None:
        return verdict(asked, [])
    return verdict(asked, [(f"{wall:.2f} s in all (Prefect's start-up would be {start:.1f} s)", wall < limit + start)])


def _one_added(results: Results) -> Verdict:
    found = []
    for step in results.all("one added", papers=5000):
        own = sum(step["record"]["stages"].values())
        rest = step["wall"] - own
        found.append((f"{step['wall']:.1f} s, of which {own:.1f} s are the paper's own: {rest:.1f} s more", rest <= 10))
    return verdict("One paper added to 5,000: that paper's time plus at most 10 s", found)


def _memory(results: Results) -> Verdict:
    asked = "Memory of the main process under 500 MB at 5,000 papers"
    steps = [step for step in results.steps if step["papers"] == 5000 and "record" in step]
    if not steps:
        return verdict(asked, [])
    peak, largest = max(step["main"] for step in steps), max(step["largest"] for step in steps)
    return verdict(asked, [(f"{peak:.0f} MB (largest process that it starts: {largest:.0f} MB)", peak < 500)])


def _growth(results: Results) -> Verdict:
    asked = "It grows less than linearly with passages held"
    steps = results.all("cold", kind="first pages")
    if len(steps) < 2:
        return verdict(asked, [])
    least, most = steps[0], steps[-1]
    times = most["record"]["passages"] / least["record"]["passages"]
    main, largest = most["main"] / least["main"], most["largest"] / least["largest"]
    told = f"{times:.0f} times the passages take {main:.1f} times the memory"
    return verdict(asked, [(f"{told} (largest process that it starts: {largest:.1f} times)", main < times)])


def _kills(kills: dict[str, Any] | None) -> Verdict:
    asked = "30 `kill -9` at random moments: nothing lost, nothing half-written, tables as of an undisturbed run"
    if kills is None:
        return verdict(asked, [])
    main = sum(kill["struck"] == "main process" for kill in kills["kills"])
    rest, end = len(kills["kills"]) - main, kills["end"]
    told = f"{main} kills of the main process and {rest} of all at once; all held; {end['files_equal']} files equal"
    return verdict(asked, [(told, main >= 30)])


def _prefect(results: Results) -> Verdict:
    found = []
    for kind in ("first pages", "whole", "real"):
        for cold in results.all("cold", papers=500, kind=kind):
            if cold.get("workers") == 1:
                continue
            cost = prefect_cpu(results, cold["papers"])
            share = cost / cold["cpu"]
            told = f"{100 * share:.1f} % at {cold['papers']} {named(kind)} ({cost:.1f} of {cold['cpu']:.0f} CPU s)"
            found.append((told, share < 0.02))
    return verdict("Prefect's own cost under 2 % of a cold run of 500 papers", found)


def prefect_cpu(results: Results, papers: int) -> float:
    """Give Prefect's CPU seconds in a cold run: its start in a new review, and its part of each batch."""
    first = results.first("prefect, new")
    again = results.figure("cpu", "prefect", kind="no tasks") or 0.0
    many = results.first("prefect", kind="tasks")
    if first is None or many is None:
        return 0.0
    return float(first["cpu"]) + (len(batches(range(papers), results.found["machine"]["cores"])) + 1) * per_task(
        again, many
    )


def per_task(without: float, many: Step) -> float:
    """Give the CPU seconds of one task."""
    return max(0.0, (many["cpu"] - without) / many["tasks"])


def _network(results: Results) -> Verdict:
    found = [
        (f"{len(step['attempts'])} attempts in a whole run of {step['guarded']} processes", not step["attempts"])
        for step in results.all("network")
    ]
    return verdict("No network attempts at all", found)


def named(kind: str) -> str:
    return {"whole": "whole specimens", "real": "real papers"}.get(kind, kind)
