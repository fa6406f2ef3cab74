"""`evitable decisions`: what people have decided, listed, checked, and joined with other copies of the review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evitable.errors import UserError

if TYPE_CHECKING:
    from evitable.records import Decision, Placement, Resolved
    from evitable.store import DecisionLog, Workspace
    from evitable.store.decision_files import FaultyLine
    from evitable.store.published import Published

_QUOTE = 60
"""Characters of a quote that are shown."""


@click.group()
def decisions() -> None:
    """List, check and join what people have decided on codings.

    Decisions lie in corpus/decisions, one file per coder, and are only ever added to. Make them on the review page
    (`evitable review`) or in the sheet To verify (`evitable import`).

    \b
    Examples:
      evitable decisions list my-review
      evitable decisions merge my-review ~/from-ben/ben.jsonl
      evitable decisions check my-review
    """


@decisions.command("list")
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--coder", help="Only decisions of this coder.")
@click.option("--code", help="Only decisions on this code, by its name in files.")
@click.option("--paper", help="Only decisions on papers whose path or study's name holds this text.")
@click.option("--orphans", is_flag=True, help="Only decisions whose text is not found any more, with the nearest text.")
@click.option("--disputed", is_flag=True, help="Only decisions on codings on which people do not agree.")
@click.option("--json", "as_json", is_flag=True, help="Give whole decisions, one JSON object a line, for programs.")
def list_decisions(folder: Path, *, as_json: bool, **wanted: object) -> None:
    """List decisions, the oldest first.

    \b
    Examples:
      evitable decisions list my-review --coder ada
      evitable decisions list my-review --disputed
      evitable decisions list my-review --orphans
    """
    import msgspec  # noqa: PLC0415

    state = _State(folder, placed=bool(wanted["orphans"] or wanted["disputed"]))
    found = [one for one in state.log if state.is_wanted(one, **wanted)]  # type: ignore[arg-type]
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    for one in found:
        click.echo("\n".join(state.lines(one, orphans=bool(wanted["orphans"]))))
    click.echo(f"{len(found):,} of {len(state.log):,} decisions.")


@decisions.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="FILE...")
def merge(folder: Path, files: Sequence[Path]) -> None:
    """Take in decisions from another copy of the review: JSONL files, or folders that hold them.

    Nothing is replaced. Where both copies went on from the same decision, both stay, and the coding is disputed until
    somebody decides with both in sight. A filled workbook comes back with `evitable import`.

    \b
    Examples:
      evitable decisions merge my-review ~/from-ben/ben.jsonl
      evitable decisions merge my-review ~/from-ben/corpus/decisions
    """
    _merge(folder, files)


@decisions.command("import")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="FILE...")
def import_decisions(folder: Path, files: Sequence[Path]) -> None:
    """Do what `evitable decisions merge` does.

    \b
    Examples:
      evitable decisions import my-review ~/from-ben/ben.jsonl
    """
    _merge(folder, files)


@decisions.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
def check(folder: Path) -> None:
    """Check each decision: that it is whole, and fits the texts and the codebook of now.

    Exits with 1 if anything needs a person. No decision is changed; those that have gone from their files, and that the
    database still has, are written back.

    \b
    Examples:
      evitable decisions check my-review
    """
    state = _State(folder, placed=True)
    found = list(state.faults())
    for line in (*state.remarks(), *found):
        click.echo(line)
    people = {one.coder for one in state.log}
    click.echo(f"{len(state.log):,} decisions by {len(people)} coders; {len(found)} matters need a person.")
    if found:
        raise click.exceptions.Exit(1)


def _merge(folder: Path, files: Sequence[Path]) -> None:
    from evitable.decide.resolving import tips  # noqa: PLC0415
    from evitable.store import open_decisions, open_workspace, read_bytes  # noqa: PLC0415
    from evitable.store.decision_files import decision_paths, read_lines  # noqa: PLC0415

    workspace = open_workspace(folder)
    paths = [path for given in files for path in (decision_paths(given) if given.is_dir() else [given])]
    if not paths:
        raise UserError("There are no files of decisions there.", "They end with .jsonl, and lie in corpus/decisions.")
    read = [read_lines(read_bytes(path), path.name) for path in paths]
    log = open_decisions(workspace, workspace.settings().store)
    given_ones = [one for file in read for one in file.decisions]
    new = log.merge(given_ones)
    items = {one.item for one in new}
    by_item: dict[str, list[Decision]] = {}
    for one in log.read():
        if one.item in items and not one.blind:
            by_item.setdefault(one.item, []).append(one)
    forks = sum(len(tips(said)) > 1 for said in by_item.values())
    click.echo(f"{len(new):,} new decisions, {len({one.id for one in given_ones}) - len(new):,} known already.")
    for fault in (fault for file in read for fault in file.faults):
        click.echo(_fault_line(fault))
    if forks:
        click.echo(f"{forks:,} codings were decided on in both copies: see `evitable decisions list --disputed`.")
    if new:
        click.echo("Run `evitable run` to see them in the tables.")


def _fault_line(fault: FaultyLine) -> str:
    return f"{fault.file}, line {fault.number}: not used, for {fault.why}."


class _State:
    """The decisions on a review, and what they come to on the texts of its published run."""

    def __init__(self, folder: Path, *, placed: bool) -> None:
        """Read the log; find the decisions in the texts only where `placed` is wanted, since that takes time."""
        from evitable.decide.resolving import by_paper  # noqa: PLC0415
        from evitable.store import open_decisions, open_workspace  # noqa: PLC0415

        self._workspace: Workspace = open_workspace(folder)
        self._settings = self._workspace.settings()
        self._files: DecisionLog = open_decisions(self._workspace, self._settings.store)
        self.log = self._files.read()
        self._published = self._open() if self.log else None
        papers = self._published.papers if self._published else ()
        self._paths = {one.paper_id: one.path for one in papers}
        self._studies = {one.paper_id: one.study for one in papers}
        self._placed: dict[str, Placement] = {}
        self._resolved: dict[tuple[str, str], Resolved] = {}
        for paper_id, said in by_paper(self.log if placed else ()).items():
            self._resolve(paper_id, said)

    def _open(self) -> Published | None:
        from evitable.store.published import open_published  # noqa: PLC0415

        try:
            return open_published(self._workspace, self._settings)
        except UserError:  # nothing is published: decisions can be listed all the same
            return None

    def _resolve(self, paper_id: str, said: Sequence[Decision]) -> None:
        from evitable.decide.resolving import place_decisions, resolve  # noqa: PLC0415

        if self._published is None or paper_id not in self._published.by_id:
            return
        published = self._published
        placed = place_decisions(said, published.passages(paper_id), lambda: published.document(paper_id))
        self._placed |= placed
        self._resolved |= {(one.place, one.code): one for one in resolve(said, placed)}

    def _answer(self, decision: Decision) -> Resolved | None:
        placement = self._placed.get(decision.anchor.place)
        return self._resolved.get((placement.place, decision.code)) if placement else None

    def is_wanted(
        self, one: Decision, *, coder: str | None, code: str | None, paper: str | None, orphans: bool, disputed: bool
    ) -> bool:
        """Tell whether a decision is to be listed."""
        answer = self._answer(one)
        status = answer.status if answer else ""
        return (
            (not coder or one.coder == coder)
            and (not code or one.code == code)
            and (
                not paper or any(paper in known.get(one.anchor.paper_id, "") for known in (self._paths, self._studies))
            )
            and (not orphans or status == "orphaned")
            and (not disputed or status == "disputed")
        )

    def lines(self, one: Decision, *, orphans: bool = False) -> Iterator[str]:
        """Say what was decided; of an orphan the nearest text as well."""
        path = self._paths.get(one.anchor.paper_id, "a paper that is not in the published run")
        way = f", {one.polarity}" if one.polarity else ""
        blind = ", blind" if one.blind else ""
        what = f"{one.verdict} {one.code}".strip()
        yield f"{one.time[:16].replace('T', ' ')}  {one.coder}: {what}{way}{blind}  {path}, PDF page {one.anchor.page}"
        yield f"    “{_short(one.anchor.quote)}”" + (f"  Note: {one.note}" if one.note else "")
        placement = self._placed.get(one.anchor.place)
        if orphans and placement:
            pages = ", ".join(map(str, placement.pages)) or "none"
            nearest = f"“{_short(placement.quote)}”, PDF page {pages}" if placement.quote else "nothing like it"
            yield f"    nearest text now ({placement.likeness:.0f} % alike): {nearest}"

    def remarks(self) -> Iterator[str]:
        """Say what is worth knowing, and needs nobody."""
        doubled = sum(file.doubled for file in self._files.files().values())
        if doubled:
            yield f"{doubled:,} lines stand more than once in a file; each counts once."

    def faults(self) -> Iterator[str]:
        """Say what needs a person."""
        from evitable.decide.resolving import tips  # noqa: PLC0415
        from evitable.flows.config import load_codebook  # noqa: PLC0415

        for name, file in self._files.files().items():
            yield from map(_fault_line, file.faults)
            if file.torn:
                yield f"{name}: the last line is cut off, and not used; the next decision puts it aside."
        there = {one.id for one in self.log}
        yield from self._count("rest on decisions that are not here", lambda one: not there.issuperset(one.base))
        codebook = load_codebook(self._workspace.root, self._settings.codebook)
        codes = {"", *(code.name for code in codebook.code)}
        yield from self._count("are on codes that the codebook does not have", lambda one: one.code not in codes)
        if self._published is None:
            if self.log:
                yield "No run is published, so that the decisions cannot be compared with texts: run `evitable run`."
            return
        yield from self._count("are on papers not in the published run", lambda o: o.anchor.paper_id not in self._paths)
        latest = {one.id for one in tips(self.log)}
        for status, words in (
            ("orphaned", "are on text that is not found any more (`evitable decisions list --orphans`)"),
            ("disputed", "are on codings in dispute (`evitable decisions list --disputed`)"),
        ):
            yield from self._count(words, _has_status(self._answer, latest, status))

    def _count(self, words: str, holds: Callable[[Decision], bool]) -> Iterable[str]:
        count = sum(map(holds, self.log))
        return [f"{count:,} decisions {words}."] if count else []


def _has_status(
    answer: Callable[[Decision], Resolved | None], latest: set[str], status: str
) -> Callable[[Decision], bool]:
    def holds(one: Decision) -> bool:
        found = answer(one)
        return one.id in latest and found is not None and found.status == status

    return holds


def _short(quote: str) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= _QUOTE else f"{plain[:_QUOTE].rstrip()} …"
