"""The figure of the benchmarks: wall time and memory by number of papers, and CPU by stage."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from benchmarks.reached import STAGES, STEPS, Results

_STYLES = {  # Okabe and Ito 2008: told apart by those who see fewer colours, and by their marks
    "cold": ("#0072B2", "o"),
    "new codebook": ("#D55E00", "s"),
    "new model": ("#CC79A7", "D"),
    "one added": ("#009E73", "^"),
    "warm": ("#000000", "v"),
}


def figure(results: Results) -> bytes:
    """Draw wall time and memory by number of papers, and CPU by stage."""
    style = {"svg.hashsalt": "evitable", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False}
    with plt.rc_context({**style, "axes.spines.right": False}):
        drawing, axes = plt.subplots(1, 3, figsize=(11, 4), layout="constrained")
        panels: Sequence[Callable[[Axes, Results], None]] = (_draw_time, _draw_memory, _draw_stages)
        for axis, panel in zip(axes, panels, strict=True):
            panel(axis, results)
        buffer = io.BytesIO()
        drawing.savefig(buffer, format="svg", metadata={"Date": None, "Title": "What a living review costs"})
        plt.close(drawing)
    return buffer.getvalue()


def _draw_time(axis: Axes, results: Results) -> None:
    for step, (colour, mark) in _STYLES.items():
        points = [(size, results.figure("wall", step, papers=size, kind="first pages")) for size in results.sizes]
        seen = [(size, wall) for size, wall in points if wall is not None]
        axis.plot(*zip(*seen, strict=True), color=colour, marker=mark, label=STEPS[step])
    _papers_axis(axis, results, "Wall time (s)")
    axis.set_yscale("log")
    axis.yaxis.set_major_formatter("{x:g}")
    _legend(axis)


def _draw_memory(axis: Axes, results: Results) -> None:
    for key, name, colour, mark in (
        ("main", "main process", "#0072B2", "o"),
        ("largest", "largest child", "#D55E00", "s"),
    ):
        peaks = [results.figure(key, "cold", papers=size, kind="first pages") or 0.0 for size in results.sizes]
        axis.plot(results.sizes, peaks, color=colour, marker=mark, label=name)
    axis.axhline(500, color="#666666", linestyle=":", linewidth=1)
    axis.annotate("500 MB", (results.sizes[0], 500), (0, 3), textcoords="offset points", fontsize=8, color="#444444")
    _papers_axis(axis, results, "Memory in a cold run (MB)")
    axis.set_ylim(bottom=0)
    _legend(axis)


def _draw_stages(axis: Axes, results: Results) -> None:
    colours = ("#0072B2", "#56B4E9", "#009E73", "#F0E442")
    rows = results.all("stages")
    names = []
    for place, one in enumerate(rows):
        left, cpu = 0.0, one["cpu_by_stage"]
        for (stage, name), colour in zip(STAGES.items(), colours, strict=True):
            width = 1000 * cpu[stage] / one["papers"]
            label = None if place else name
            axis.barh(2 * place, width, left=left, color=colour, edgecolor="#333333", linewidth=0.4, label=label)
            left += width
        peer = 1000 * cpu["extract_text"] / one["papers"]
        axis.barh(2 * place + 0.8, peer, color="#BBBBBB", hatch="//", edgecolor="#333333", linewidth=0.4)
        names += [(2 * place, one["kind"]), (2 * place + 0.8, "pdfminer.six")]
    axis.set_yticks([at for at, _ in names], [name for _, name in names])
    axis.invert_yaxis()
    axis.set_xlabel("CPU per paper (ms)")
    _legend(axis)


def _legend(axis: Axes) -> None:
    axis.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)


def _papers_axis(axis: Axes, results: Results, label: str) -> None:
    axis.set_xscale("log")
    axis.set_xticks(results.sizes, [f"{size:,}" for size in results.sizes])
    axis.minorticks_off()
    axis.set_xlabel("Papers")
    axis.set_ylabel(label)
