"""A simulation as plain text and as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from evitable.decide.stopping import TARGET
from evitable.training.simulate import QUIET, SAMPLE, TARGETS, WINDOW, Curve, Simulation, Stop

ORDERS = {
    "useful": "most codings to be expected first, as the review page's queue has it",
    "probable": "highest probability of a code first",
    "rare": "rare codes and close decisions first",
    "uncertain": "closest to the edge of a yes first",
    "random": "in random order",
}
"""What each order is."""


def simulation_text(result: Simulation) -> str:
    """Write what a simulation came to."""
    share = result.carrying / result.passages
    carrying = f"{result.passages} passages; {result.carrying} of them ({share:.0%}) carry {result.codings} codings."
    silent = f"On {result.silent} passages the machine says nothing; they hold {result.missed} of the codings."
    return "\n\n".join(
        [f"{carrying} {silent}", _orders(result), _codes(result), _stops(result.stops), _thorough(result.thorough)]
    )


def _orders(result: Simulation) -> str:
    width = max(len(curve.name) for curve in result.curves)
    head = f"  {'':<{width}}" + "".join(f"{f'{target:.0%}':>14}" for target in TARGETS)
    rows = [
        f"  {curve.name:<{width}}"
        + "".join(f"{f'{curve.checks[one]:,.0f} ({curve.checks[one] / result.passages:.0%})':>14}" for one in TARGETS)
        + f"  {ORDERS[curve.name]}"
        for curve in result.curves
    ]
    return "\n".join(["Passages to check until so many of the codings are found:", head, *rows])


def _codes(result: Simulation) -> str:
    first, last = result.curves[0], result.curves[-1]
    lines = [f"Passages to check until {TARGET:.0%} of a code's codings are found, {first.name} and {last.name}:"]
    width = max(len(code) for code in first.by_code)
    for code, cost in first.by_code.items():
        chance = last.by_code[code]
        if cost is None or chance is None:
            lines.append(f"  {code:<{width}}  no passage carries it")
        else:
            lines.append(f"  {code:<{width}}  {_cost(cost, result):>14}{_cost(chance, result):>14}")
    return "\n".join(lines)


def _cost(cost: float, result: Simulation) -> str:
    return f"{cost:,.0f} ({cost / result.passages:.0%})"


def _stops(stops: tuple[Stop, ...]) -> str:
    lines = (
        f"When to stop, tried in {len(stops)} reviews drawn anew from the same documents. The rule: once at most",
        f"{QUIET} of the last {WINDOW} passages carried a code, read {SAMPLE} drawn at random from all others; stop if",
        "the lower end of the 95 % interval of the share of passages with a code that are found",
        f"reaches {TARGET:.0%}; else check {WINDOW} more.",
        *_outcome(stops),
    )
    return "\n".join(lines)


def _thorough(stops: tuple[Stop, ...]) -> str:
    low = np.array([stop.low for stop in stops])
    lines = (
        f"Checking all that the machine says anything about, and {SAMPLE} of the rest drawn at random, or all of them:",
        *_outcome(stops),
        f"  the lower end of the interval was {TARGET:.0%} or more in {np.mean(low >= TARGET):.1%} of the reviews",
    )
    return "\n".join(lines)


def _outcome(stops: tuple[Stop, ...]) -> tuple[str, ...]:
    table = np.array([(stop.checked, stop.samples, stop.passages, stop.codings) for stop in stops])
    checked, samples, passages, codings = table.T
    right, by_codings = np.mean(passages >= TARGET), np.mean(codings >= TARGET)
    worst = f"{passages.min():.1%} in the worst review"
    return (
        f"  right, {TARGET:.0%} or more were found: in {right:.1%} of the reviews; of the codings: in {by_codings:.1%}",
        f"  read until then, samples included: {checked.mean():.0%} of the passages ({samples.mean():.1f} samples)",
        f"  found by then: {passages.mean():.1%} of these passages ({worst}), {codings.mean():.1%} of the codings",
    )


def curve_csv(result: Simulation) -> str:
    """Give the curves, one line for each hundredth of the passages and order."""
    rows = [("order", "passages_checked", "share_checked", "share_found")]
    for curve in result.curves:
        for percent in range(101):
            checked = round(percent / 100 * result.passages)
            rows.append((curve.name, str(checked), f"{percent / 100:.2f}", f"{curve.found[checked]:.4f}"))
    return _csv(rows)


def codes_csv(result: Simulation) -> str:
    """Give what each code costs in each order: passages to check until most of its codings are found."""
    rows = [("code", *(f"passages_{curve.name}" for curve in result.curves))]
    rows += [(code, *(_number(curve, code) for curve in result.curves)) for code in result.curves[0].by_code]
    return _csv(rows)


def _number(curve: Curve, code: str) -> str:
    cost = curve.by_code[code]
    return "" if cost is None else f"{cost:.0f}"


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
