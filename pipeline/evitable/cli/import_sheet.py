"""`evitable import`: decisions that people have written into a spreadsheet come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evitable.cli.sheet_report import SheetReport
    from evitable.codebook import Codebook
    from evitable.decide.sheet_plan import Item, Plan, Wish
    from evitable.records import Anchor, Decision, Passage, Placement, Prediction, PublishedPaper, Resolved
    from evitable.store import DecisionLog
    from evitable.store.published import Published


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--coder", required=True, help="Who has decided: the name is kept with each decision.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row.")
@click.option("--skip-faults", is_flag=True, help="Take the rows that are in order, though others are not.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write each row's outcome here, as CSV.")
def import_sheet(
    file: Path, folder: Path, *, coder: str, dry_run: bool, skip_faults: bool, report_file: Path | None
) -> None:
    """Take in decisions from the sheet To verify: a workbook (.xlsx, .ods) or evidence-to-verify.csv, filled in.

    Rows may be sorted, and rows and columns deleted or inserted; a missing row says nothing. First you are told what
    becomes of each row. Then all decisions are taken, or, if a row needs a person, none. Importing a file twice changes
    nothing.

    \b
    Examples:
      evitable import evidence.xlsx my-review --coder ada --dry-run
      evitable import evidence.xlsx my-review --coder ada
      evitable import evidence.ods my-review --coder ada --skip-faults --report rows.csv
    """
    from evitable.cli.sheet_report import SheetReport  # noqa: PLC0415
    from evitable.decide.sheet_plan import plan_sheet  # noqa: PLC0415
    from evitable.decide.sheets import read_sheets  # noqa: PLC0415
    from evitable.export.tables.table import code_titles  # noqa: PLC0415
    from evitable.flows.config import load_codebook  # noqa: PLC0415
    from evitable.store import open_decisions, open_workspace, read_bytes, write_bytes  # noqa: PLC0415
    from evitable.store.decision_files import check_coder  # noqa: PLC0415
    from evitable.store.published import open_published  # noqa: PLC0415

    coder = check_coder(coder)
    workspace = open_workspace(folder)
    settings = workspace.settings()
    codebook = load_codebook(workspace.root, settings.codebook)
    published = open_published(workspace, settings)
    sheets = read_sheets(read_bytes(file))
    log = open_decisions(workspace, settings.store)
    present = _Present(published, codebook, log.read(), {row["coding id"] for row in sheets.rows})
    plan = plan_sheet(sheets, present, codebook, code_titles(codebook), published.record.title)
    said = SheetReport(plan, code_titles(codebook))
    said.show()
    if report_file:
        write_bytes(report_file, said.csv())
        click.echo(f"Written: {report_file}")
    if dry_run:
        click.echo("Nothing was changed: this was a dry run.")
    elif plan.faults and not skip_faults:
        click.echo("Nothing was changed. Mend these rows and import the file again, or give --skip-faults.")
    else:
        _apply(plan, present, log, coder, said)
        return
    if plan.faults:
        click.get_current_context().exit(1)


def _apply(plan: Plan, present: _Present, log: DecisionLog, coder: str, said: SheetReport) -> None:
    """Add the decisions that a plan asks for, all or none."""
    from evitable.store.decisions import StaleDecisionError  # noqa: PLC0415

    if not plan.wishes:
        click.echo("Nothing was changed: there is nothing new in the file.")
        return
    try:
        log.add(list(present.decisions(plan.wishes, coder)))
    except StaleDecisionError as error:
        said.show_conflicts(error.conflicts)
        click.echo("Nothing was changed: others have decided while this was read. Import the file again.")
        click.get_current_context().exit(1)
    count = len(plan.wishes)
    added = f"{count:,} decisions by {coder} were" if count > 1 else f"1 decision by {coder} was"
    click.echo(f"{added} added. Run `evitable run` to see them in the tables.")


class _Paper:
    """What stands now on one paper."""

    def __init__(self, published: Published, paper: PublishedPaper, decisions: Sequence[Decision]) -> None:
        from evitable.decide.resolving import by_item, place_decisions, resolve  # noqa: PLC0415

        self.paper = paper
        self.passages: dict[str, Passage] = {one.id: one for one in published.passages(paper.paper_id)}
        self.said: dict[tuple[str, str], Prediction] = {
            (one.passage_id, one.code): one for one in published.coding(paper.paper_id).predictions
        }
        placed: dict[str, Placement] = place_decisions(
            decisions, tuple(self.passages.values()), lambda: published.document(paper.paper_id)
        )
        self.items = by_item(decisions, placed)
        self.resolved: dict[tuple[str, str], Resolved] = {
            (one.place, one.code): one for one in resolve(decisions, placed)
        }

    def item(self, place: str, code: str) -> Item:
        """Give what stands on a code of a passage."""
        from evitable.decide.resolving import standing  # noqa: PLC0415
        from evitable.decide.sheet_plan import Item  # noqa: PLC0415
        from evitable.records import Said  # noqa: PLC0415

        answer, one = self.resolved.get((place, code)), self.said.get((place, code))
        said = None
        if one is not None:
            said = Said(probability=one.probability, unsure=one.unsure, polarity=one.polarity, model_id=one.model_id)
        if answer is None:
            return Item(self.paper.paper_id, self.paper.study, place, code, said=said)
        return Item(
            paper_id=self.paper.paper_id,
            study=self.paper.study,
            place=place,
            code=code,
            status=answer.status,
            polarity=answer.polarity,
            voices=standing(self.items[place, code]),
            revision=answer.revision,
            said=said,
        )


class _Present:
    """What stands now in a review, on the codings that a sheet names."""

    def __init__(
        self, published: Published, codebook: Codebook, decisions: Sequence[Decision], wanted: Set[str]
    ) -> None:
        from evitable.decide.resolving import by_paper  # noqa: PLC0415

        self._published = published
        self._codebook = codebook
        self._log = {one.id for one in decisions}
        decided = by_paper(decisions)
        self._papers = {
            paper.paper_id: _Paper(published, paper, decided.get(paper.paper_id, ())) for paper in published.papers
        }
        self._found = self._find(wanted, self._spoken())
        if missed := wanted - self._found.keys():  # of another model, or of the machine's no: any code on any passage
            self._found |= self._find(missed, self._possible())

    def item(self, name: str) -> Item | None:
        """Give the item of a coding id; None for an unknown one."""
        found = self._found.get(name)
        return self._papers[found[0]].item(*found[1:]) if found else None

    def beside(self, item: Item, code: str) -> Item:
        """Give another code on the same passage."""
        return self._papers[item.paper_id].item(item.place, code)

    def knows(self, decision: str) -> bool:
        """Tell whether a decision of this id is in the log."""
        return decision in self._log

    def decisions(self, wishes: Iterable[Wish], coder: str) -> Iterator[Decision]:
        """Make the decisions that are wished, paper by paper, since each needs its paper's text."""
        from datetime import UTC, datetime  # noqa: PLC0415

        from evitable.decide.sheet_plan import decision_of  # noqa: PLC0415

        time = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        for paper_id, those in _by_paper(wishes).items():
            anchors = self._anchors(paper_id, {wish.item.place for wish in those})
            for wish in those:
                yield decision_of(wish, anchors[wish.item.place], coder, time, self._codebook)

    def _anchors(self, paper_id: str, places: Set[str]) -> dict[str, Anchor]:
        """Give the anchors of passages, and of the stretches of text that people have named before."""
        from evitable.decide.placing import anchor_of  # noqa: PLC0415

        paper = self._papers[paper_id]
        found = {place: one.anchor for (place, _), one in paper.resolved.items() if place in places}
        there = [paper.passages[place] for place in sorted(places) if place in paper.passages]
        if there:
            document = self._published.document(paper_id)
            found |= {one.id: anchor_of(document, one.start, one.end, one.id) for one in there}
        return found

    def _spoken(self) -> Iterator[tuple[str, str, str]]:
        for paper_id, paper in self._papers.items():
            yield from ((paper_id, place, code) for place, code in {**paper.said, **paper.resolved})

    def _possible(self) -> Iterator[tuple[str, str, str]]:
        for paper_id, paper in self._papers.items():
            yield from ((paper_id, place, code.name) for place in paper.passages for code in self._codebook.code)

    def _find(self, wanted: Set[str], items: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, str, str]]:
        """Give those items whose ids are wanted, of codes that the codebook has."""
        from evitable.records import coding_id  # noqa: PLC0415

        named = ((coding_id(place, code), (paper_id, place, code)) for paper_id, place, code in items)
        return {name: found for name, found in named if name in wanted and found[2] in self._codebook.by_name}


def _by_paper(wishes: Iterable[Wish]) -> dict[str, list[Wish]]:
    found: dict[str, list[Wish]] = {}
    for wish in wishes:
        found.setdefault(wish.item.paper_id, []).append(wish)
    return found
