"""How a review stands, as a page for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from evitable.flows.standing import Published, Since, Standing
from evitable.records import PaperTiming, RunCosts

_STAGES = {"extract": "read", "segment": "passages", "classify": "code", "check": "quotes"}
_PHASES = {
    "start": "starting",
    "scan": "looking through the corpus",
    "plan": "planning",
    "code": "reading and coding",
    "aggregate": "counting",
    "highlight": "marking copies",
    "compare": "comparing with the run before",
    "export": "writing files",
}
_NAMED = 3
"""Papers that are named; of more, their number."""

Part = Table | Text


def page(standing: Standing, command: str) -> Iterator[Part]:
    """Give the page, part by part.

    Args:
        standing: How the review stands.
        command: That would run it.
    """
    yield Text(standing.title, style="bold")
    yield _summary(standing, command)
    last = standing.published
    if last is None or not last.costs.stages:
        return
    yield _heading(f"What run {last.number} cost")
    yield _costs(last.costs)
    if any(stage.papers for stage in last.costs.stages.values()):
        yield _heading(f"Stages of run {last.number}, over all its papers")
        yield _stages(last.costs)
        yield _heading("The papers that took longest")
        yield _slowest(last.slowest)
    if last.issues:
        yield _heading(f"Issues of run {last.number}; each is in outputs/issues.csv")
        yield _issues(last)


def lasting(seconds: float) -> str:
    """Say how long something took, no more exactly than matters."""
    if seconds < 0.005:
        return "0 s"
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def amount(size: int) -> str:
    """Say how large something is."""
    megabytes = size / 1_000_000
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes:.{0 if megabytes >= 10 else 1}f} MB"


def _summary(standing: Standing, command: str) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(ratio=1)
    papers, references = _many(standing.papers, "paper"), _many(standing.references, "reference")
    rows = [
        ("corpus", f"{papers}, {references}"),
        ("codebook", standing.codebook),
        ("model", standing.model),
        ("ocr", standing.ocr),
        ("published", _published(standing.published) if standing.published else f"nothing yet. Run: {command}"),
        ("since then", "\n".join(_news(standing.since, command)) if standing.published else ""),
        ("to do", _todo(standing.since) if not standing.published else ""),
        ("under way", _under_way(standing)),
        ("kept", _kept(standing)),
    ]
    for name, text in rows:
        if text:
            table.add_row(f"  {name}", Text(text))
    return table


def _published(last: Published) -> str:
    counts = last.counts
    not_read = f", {_many(counts['papers_not_read'], 'paper')} not read" if counts["papers_not_read"] else ""
    return (
        f"run {last.number} of {_moment(last.started)}, took {lasting(last.seconds)}\n"
        f"{_many(counts['studies'], 'study', 'studies')}, {_many(counts['passages'], 'passage')}, "
        f"{_many(counts['codings'], 'coding')}{not_read}"
    )


def _news(since: Since, command: str) -> Iterator[str]:
    """Say what is new since the published run, line by line."""
    if since.papers_new:
        yield f"{_many(len(since.papers_new), 'new paper')}: {_named(since.papers_new)}"
    if since.papers_gone:
        yield f"{_many(len(since.papers_gone), 'paper')} gone: {_named(since.papers_gone)}"
    if since.papers_renamed:
        moves = [f"{old} is now {new}" for old, new in since.papers_renamed]
        yield f"{_many(len(moves), 'paper')} moved or renamed: {_named(moves)}"
    if since.settings:
        yield f"changed settings: {_named(since.settings)}"
    if since.libraries:
        yield f"other versions of: {_named(since.libraries)}"
    told = {"papers came, left or moved": True, "new settings": bool(since.settings)}
    yield from (reason for reason in since.reasons if not told.get(reason))
    if since.todo:
        yield f"{_many(since.todo, 'paper')} to do. What and why: {command} --dry-run"
    if since.todo or since.reasons:
        yield f"The tables are not up to date. Run: {command}"
    else:
        yield "nothing has changed: the tables are up to date."
    if since.failed_before:
        yield f"{_many(since.failed_before, 'paper')} could not be read. Try again: {command} --retry"


def _todo(since: Since) -> str:
    return f"{_many(since.todo, 'paper')}; {since.done} done" if since.done else ""


def _under_way(standing: Standing) -> str:
    by = standing.under_way
    if by is None:
        return ""
    far = f"\n{standing.since.done} of {standing.papers} papers done" if standing.since.todo else ""
    return f"`{by.command}` since {_moment(by.started)}, process {by.pid} on {by.host}{far}"


def _kept(standing: Standing) -> str:
    if not standing.kept:
        return ""
    results = sum(kept.entries for kept in standing.kept.values())
    size = sum(kept.bytes for kept in standing.kept.values())
    return f"{_many(results, 'result')} of papers and stages, {amount(size)}, so that nothing is done twice"


def _costs(costs: RunCosts) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(ratio=1, style="dim")
    whole = sum(costs.phases.values()) or 1.0
    for name, seconds in costs.phases.items():
        if seconds >= whole / 100:
            table.add_row(f"  {_PHASES.get(name, name)}", lasting(seconds), _details(costs) if name == "export" else "")
    table.add_row("  CPU time", lasting(costs.cpu_main + costs.cpu_workers), "all processors together")
    if costs.megabytes_main:
        worker = f"; the largest worker {costs.megabytes_worker:.0f} MB" if costs.megabytes_worker else ""
        table.add_row("  memory", f"{costs.megabytes_main:.0f} MB", f"the main process{worker}")
    papers = f"{costs.papers_done} done, {costs.papers_cached} were done before, {costs.papers_failed} not read"
    table.add_row("  papers", str(costs.papers_done + costs.papers_cached + costs.papers_failed), papers)
    return table


def _details(costs: RunCosts) -> str:
    longest = sorted(costs.exports.items(), key=lambda item: -item[1])[:_NAMED]
    return ", ".join(f"{name} {lasting(seconds)}" for name, seconds in longest)


def _stages(costs: RunCosts) -> Table:
    table = _table("  stage", "done", "before", "in all", "median", "longest", "memory", left="slowest paper")
    table.columns[0].justify = "left"
    for name, stage in costs.stages.items():
        times = [lasting(seconds) if stage.papers else "" for seconds in (stage.seconds, stage.median, stage.longest)]
        memory = f"{stage.megabytes:.0f} MB" if stage.megabytes else ""
        table.add_row(
            f"  {_STAGES.get(name, name)}",
            str(stage.papers),
            str(stage.cached),
            *times,
            memory,
            _on_one_line(stage.slowest),
        )
    return table


def _slowest(papers: Sequence[PaperTiming]) -> Table:
    table = _table("  in all", *_STAGES.values(), "memory", left="paper")
    for paper in papers:
        times = [lasting(paper.seconds[stage]) if paper.seconds.get(stage) else "" for stage in _STAGES]
        memory = f"{max(paper.megabytes.values()):.0f} MB" if paper.megabytes else ""
        name = paper.path if paper.issue is None else f"{paper.path} ({paper.issue.code})"
        table.add_row(lasting(sum(paper.seconds.values())), *times, memory, _on_one_line(name))
    return table


def _issues(last: Published) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column(max_width=24)
    table.add_column(ratio=1)
    for kind in last.issues:
        more = f" and {kind.count - len(kind.first)} more" if kind.count > len(kind.first) else ""
        text = Text(kind.message).append(f"\n{'; '.join(kind.first)}{more}", style="dim")
        table.add_row(f"  {kind.count}", kind.code, text)
    return table


def _table(*numbers: str, left: str) -> Table:
    """Make a table of columns of numbers, and a last one of text that is cut where the terminal is too narrow."""
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(left)
    return table


def _on_one_line(text: str) -> Text:
    """Have a text cut where its column, which gives way to the others, is too narrow."""
    return Text(text, no_wrap=True, overflow="ellipsis")


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _moment(iso: str) -> str:
    return f"{iso[:10]} {iso[11:16]} UTC"
