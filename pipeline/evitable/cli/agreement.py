"""`evitable agreement`: how well coders agree who coded blind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from evitable.codebook import Codebook
    from evitable.decide.disagreements import Disagreement, PaperAnswers
    from evitable.records import Agreement, CodeAgreement, Decision, Placement
    from evitable.store import Workspace
    from evitable.store.published import Published

    _Measured = tuple[tuple[Agreement, ...], tuple[Disagreement, ...], dict[str, str]]

_SHOWN = 20
"""Open disagreements that are listed."""
_WIDTH = 120
"""Characters of a line where the terminal does not say how many it has."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="Give figures and disagreements as JSON, for programs.")
def agreement(folder: Path, *, as_json: bool) -> None:
    """Say how well people agree who coded blind, with each other and with the machine.

    Only passages count that a person has read in full without seeing any other answer. Decisions count as soon as they
    are made; the tables in outputs/ have them after the next run.

    \b
    Examples:
      evitable agreement my-review
      evitable agreement my-review --json
    """
    from evitable.flows.config import load_codebook  # noqa: PLC0415
    from evitable.records import encode  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415

    workspace = open_workspace(folder)
    codebook = load_codebook(workspace.root, workspace.settings().codebook)
    found, apart, studies = _measured(workspace, [code.name for code in codebook.code])
    if as_json:
        click.echo(encode({"agreement": found, "disagreements": apart}), nl=False)
    elif not found:
        click.echo("Nobody has coded passages blind and in full yet, so that there is nothing to compare.")
        click.echo(f"  Code blind with `evitable review {folder}`: each coder the same passages.")
    else:
        _show(found, apart, codebook, studies)


def _measured(workspace: Workspace, codes: Sequence[str]) -> _Measured:
    """Compare the coders on the texts of the published run; only papers with blind decisions are read.

    Returns:
        How they agree, on what they do not, and short names of the studies by id.

    Raises:
        UserError: Nothing is published, or the decisions cannot be read.
    """
    from evitable.decide.agreement import agreement as agreement_of  # noqa: PLC0415
    from evitable.decide.disagreements import blind_codings, disagreements  # noqa: PLC0415
    from evitable.decide.resolving import by_paper  # noqa: PLC0415
    from evitable.store.decisions import open_decisions  # noqa: PLC0415
    from evitable.store.published import open_published  # noqa: PLC0415

    settings = workspace.settings()
    decided = by_paper(open_decisions(workspace, settings.store).read())
    blind = {paper_id: said for paper_id, said in decided.items() if any(one.blind for one in said)}
    if not blind:
        return (), (), {}
    published = open_published(workspace, settings)
    placements: dict[str, dict[str, Placement]] = {}
    papers: dict[str, PaperAnswers] = {}
    for paper in published.papers:
        if paper.paper_id in blind:
            placements[paper.paper_id], papers[paper.paper_id] = _answers(
                published, paper.paper_id, blind[paper.paper_id]
            )
    coded = blind_codings((one for said in blind.values() for one in said), placements)
    found = agreement_of(coded, papers, codes, published.record.model_id)
    studies = {paper.study_id: paper.study for paper in published.papers}
    return found, disagreements(coded, papers, codes), studies


def _answers(
    published: Published, paper_id: str, decisions: Sequence[Decision]
) -> tuple[dict[str, Placement], PaperAnswers]:
    """Give where the decisions on a paper stand, and what they are compared with."""
    from evitable.decide.disagreements import PaperAnswers  # noqa: PLC0415
    from evitable.decide.resolving import place_decisions, resolve  # noqa: PLC0415

    passages = published.passages(paper_id)
    placed = place_decisions(decisions, passages, lambda: published.document(paper_id))
    study = published.by_id[paper_id].study_id
    predictions = published.coding(paper_id).predictions
    return placed, PaperAnswers(study, passages, predictions, resolve(decisions, placed))


def _show(
    found: Sequence[Agreement], apart: Sequence[Disagreement], codebook: Codebook, studies: Mapping[str, str]
) -> None:
    from rich.console import Console  # noqa: PLC0415

    from evitable.export.tables.agreement import agreement_notes, outcomes_words, rough_notes  # noqa: PLC0415
    from evitable.export.tables.table import code_titles  # noqa: PLC0415

    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console = Console(highlight=False, emoji=False, width=_WIDTH)
    titles = code_titles(codebook)
    for pair in found:
        console.print(_table(pair, titles), "")
    lines = [*agreement_notes(found), *rough_notes(found)]
    if any(not pair.machine for pair in found):
        lines += ["", outcomes_words(apart), *_open_ones(apart, titles, studies)]
    for line in lines:
        console.print(line, markup=False)


def _table(pair: Agreement, titles: Mapping[str, str]) -> Table:
    """Lay out how two coders agree, on the codes that either gave."""
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from evitable.export.tables.agreement import ALL_CODES, given_codes, sample_words, second_coder  # noqa: PLC0415

    second = second_coder(pair)
    used, never = given_codes(pair)
    table = Table(title=escape(f"{pair.first} and {second}: {sample_words(pair)}"), title_justify="left")
    table.add_column("Code", overflow="fold")
    for heading in ("Both", f"Only {pair.first}", f"Only {second}", "Neither", "Preva-\nlence"):
        table.add_column(escape(heading), justify="right")
    for heading in ("Raw", "Kappa", "Alpha"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in (pair.overall, *used):
        table.add_row(escape(titles.get(one.code, ALL_CODES)), *_figures(one), end_section=one is pair.overall)
    table.caption = escape(f"Given by neither: {'; '.join(titles[code] for code in never)}.") if never else None
    table.caption_justify = "left"
    return table


def _figures(one: CodeAgreement) -> Iterator[str]:
    """Give the cells of one code; intervals stand below their figures."""
    from evitable.export.clean import percent  # noqa: PLC0415
    from evitable.export.tables.agreement import figure_words  # noqa: PLC0415

    yield from (f"{number:,}" for number in (one.both, one.first_only, one.second_only, one.neither))
    yield f"{percent(one.prevalence)} %"
    for figure in (one.raw, one.kappa, one.alpha):
        yield "\n".join(filter(None, figure_words(figure)))


def _open_ones(apart: Sequence[Disagreement], titles: Mapping[str, str], studies: Mapping[str, str]) -> Iterator[str]:
    """Name the disagreements that are open, up to so many."""
    from textwrap import shorten  # noqa: PLC0415

    from evitable.export.tables.agreement import sides_words  # noqa: PLC0415

    open_ones = [one for one in apart if one.outcome == "open"]
    for one in open_ones[:_SHOWN]:
        pages = ", ".join(one.page_labels) or "not known"
        yield f"  {studies[one.study_id]}, page {pages}, {titles[one.code]}: {sides_words(one)}"
        yield f"      “{shorten(one.quote, 90, placeholder=' …')}”"
    if len(open_ones) > _SHOWN:
        yield f"  and {len(open_ones) - _SHOWN:,} more; all of them with --json"
