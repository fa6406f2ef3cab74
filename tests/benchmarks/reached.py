"""What a session of `bench_living` found, and what of it had to be reached (issue 6), as it was asked."""

from __future__ import annotations

import statistics
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
    """What was asked, what was measured, and whether it was reached; None where it was not measured."""

    asked: str
    measured: str
    reached: bool | None


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
    asked = "Cold run of real papers, all stages and exports: CPU at most 1.1 times pdfminer.six's own `extract_text`"
    told, reached = [], None
    for peer in results.all("extract_text", kind="real"):
        cold = results.first("cold", kind="real", workers=2, times=peer["times"])
        if cold is not None:
            ratio = cold["cpu"] / peer["cpu"]
            told.append(f"{ratio:.2f} times at {peer['papers']} papers ({cold['cpu']:.0f} against {peer['cpu']:.0f} s)")
            reached = ratio <= 1.1
    return Verdict(asked, "; ".join(told) or "no real papers were given", reached)


def _two_workers(results: Results) -> Verdict:
    asked = "Two workers at least 1.7 times as fast as one"
    told, reached = [], None
    for kind in ("specimens", "real"):
        for one in results.all("cold", kind=kind, workers=1):
            two = results.first("cold", kind=kind, workers=2, papers=one["papers"])
            if two is not None:
                ratio = one["wall"] / two["wall"]
                told.append(
                    f"{ratio:.2f} times at {one['papers']} {named(kind)} ({_coding(one, two)} reading and coding)"
                )
                reached = ratio >= 1.7
    return Verdict(asked, "; ".join(told), reached)


def _coding(one: Step, two: Step) -> str:
    return f"{one['record']['phases']['code'] / two['record']['phases']['code']:.2f} in"


def _warm(results: Results, papers: int, limit: float) -> Verdict:
    asked = f"Nothing new at {papers:,} papers: under {limit:.0f} s plus Prefect's own start-up"
    wall, start = results.figure("wall", "warm", papers=papers), results.figure("wall", "prefect", kind="no tasks")
    if wall is None or start is None:
        return Verdict(asked, "not measured", None)
    return Verdict(asked, f"{wall:.2f} s in all (Prefect's start-up would be {start:.1f} s)", wall < limit + start)


def _one_added(results: Results) -> Verdict:
    asked = "One paper added to 5,000: that paper's time plus at most 10 s"
    step = results.first("one added", papers=5000)
    if step is None:
        return Verdict(asked, "not measured", None)
    own = sum(step["record"]["stages"].values())
    rest = step["wall"] - own
    return Verdict(
        asked, f"{step['wall']:.1f} s, of which {own:.1f} s are the paper's own: {rest:.1f} s more", rest <= 10
    )


def _memory(results: Results) -> Verdict:
    asked = "Memory of the main process under 500 MB at 5,000 papers"
    steps = [step for step in results.steps if step["papers"] in {5000, 5001} and "record" in step]
    if not steps:
        return Verdict(asked, "not measured", None)
    peak, largest = max(step["main"] for step in steps), max(step["largest"] for step in steps)
    return Verdict(asked, f"{peak:.0f} MB (largest process that it starts: {largest:.0f} MB)", peak < 500)


def _growth(results: Results) -> Verdict:
    asked = "It grows less than linearly with passages held"
    steps = results.all("cold", kind="first pages")
    if len(steps) < 2:
        return Verdict(asked, "not measured", None)
    least, most = steps[0], steps[-1]
    times = most["record"]["passages"] / least["record"]["passages"]
    told = f"{times:.0f} times the passages: main process {most['main'] / least['main']:.1f} times as large"
    told += f", largest process that it starts {most['largest'] / least['largest']:.1f} times"
    return Verdict(asked, told, most["main"] / least["main"] < times)


def _kills(kills: dict[str, Any] | None) -> Verdict:
    asked = "30 `kill -9` at random moments: nothing lost, nothing half-written, tables as of an undisturbed run"
    if kills is None:
        return Verdict(asked, "not measured", None)
    main = sum(kill["struck"] == "main process" for kill in kills["kills"])
    rest, end = len(kills["kills"]) - main, kills["end"]
    told = f"{main} kills of the main process and {rest} of all at once; all held; {end['files_equal']} files equal"
    return Verdict(asked, told, main >= 30)


def _prefect(results: Results) -> Verdict:
    asked = "Prefect's own cost under 2 % of a cold run of 500 papers"
    told, reached = [], None
    for kind in ("first pages", "whole"):
        cold = results.first("cold", papers=500, kind=kind)
        if cold is not None:
            cost = prefect_cpu(results, cold["papers"])
            told.append(
                f"{100 * cost / cold['cpu']:.1f} % at 500 {named(kind)} ({cost:.1f} of {cold['cpu']:.0f} CPU s)"
            )
            reached = cost / cold["cpu"] < 0.02
    return Verdict(asked, "; ".join(told) or "not measured", reached)


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
    step = results.first("network")
    asked = "No network attempts at all"
    if step is None:
        return Verdict(asked, "not measured", None)
    attempts = len(step["attempts"])
    return Verdict(asked, f"{attempts} attempts in a whole run of {step['guarded']} processes", attempts == 0)


def named(kind: str) -> str:
    return {"specimens": "whole specimens", "whole": "whole specimens", "real": "real papers"}.get(kind, kind)
