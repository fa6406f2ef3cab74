"""`evitable extract`: the text of PDFs, block by block."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from evitable.errors import RunFailedError, UserError

if TYPE_CHECKING:
    from evitable.flows.guard import Guard
    from evitable.flows.stages import PaperStages
    from evitable.records import Document


@click.command()
@click.argument("pdfs", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PDF...")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for the results; made if it is not there."
)
@click.option(
    "--draw", is_flag=True, help="Draw the pages with their blocks, coloured by kind: NAME-001.png and so on."
)
@click.option(
    "--extractor", type=click.Choice(["pdfminer", "pdfium"]), default="pdfminer", help="What reads the characters."
)
def extract(pdfs: tuple[Path, ...], out: Path, extractor: Literal["pdfminer", "pdfium"], *, draw: bool) -> None:
    """Extract the text of PDFs: one NAME.json a PDF, with metadata and blocks in reading order.

    \b
    Examples:
      evitable extract corpus/moeller-2018.pdf --out texts
      evitable extract corpus/moeller-2018.pdf --out texts --draw
    """
    from evitable.errors import ItemError  # noqa: PLC0415
    from evitable.flows.config import shipped_config  # noqa: PLC0415
    from evitable.flows.guard import Guard  # noqa: PLC0415
    from evitable.flows.stages import PaperStages  # noqa: PLC0415
    from evitable.flows.worker import frame  # noqa: PLC0415
    from evitable.settings import Settings  # noqa: PLC0415
    from evitable.store import writable  # noqa: PLC0415

    names = _names(pdfs)
    writable(out)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="evitable-") as folder:
        config = shipped_config(Path(folder), Settings(extractor=extractor))
        stages = PaperStages(config, "extract")
        with Guard(frame(config, Path("/"), "extract")) as guard:
            for pdf, name in names.items():
                try:
                    _write(pdf, out / name, _read(pdf, guard, stages), draw=draw)
                except ItemError as error:
                    failed += 1
                    click.echo(f"{pdf}: {error.message} {error.hint}".rstrip(), err=True)
    if failed:
        raise RunFailedError(f"{failed} of {len(names)} PDFs could not be read.", "The reasons stand above.")


def _read(pdf: Path, guard: Guard, stages: PaperStages) -> Document:
    """Have one PDF read; raises `ItemError` if it cannot be."""
    from evitable.errors import ItemError  # noqa: PLC0415

    paper = _paper(pdf)
    outcome = guard.code(paper, stages.keys(paper))
    if outcome.issue is not None:
        raise ItemError(outcome.issue.code, outcome.issue.message, outcome.issue.hint)
    document = stages.document(outcome.keys)
    if document is None:
        raise ItemError("not-coded", "The result was lost.", "Run again.")
    return document


def _write(pdf: Path, path: Path, document: Document, *, draw: bool) -> None:
    """Write one document, and the pictures of its pages if they are wanted; say what was written."""
    from evitable.flows.draw import draw_blocks  # noqa: PLC0415
    from evitable.records import encode  # noqa: PLC0415
    from evitable.store import write_bytes  # noqa: PLC0415

    for notice in document.notices:
        click.echo(f"{pdf}: {notice.message} {notice.hint}", err=True)
    write_bytes(path, encode(document_json(document)))
    click.echo(f"{path}: {len(document.pages)} pages, {len(document.blocks)} blocks")
    if draw:
        pictures = draw_blocks(pdf, document, path.parent, 30 + 10 * len(document.pages))
        click.echo(f"{path.parent}: {len(pictures)} pictures{f', {pictures[0].name} and so on' if pictures else ''}")


def _names(pdfs: tuple[Path, ...]) -> dict[Path, str]:
    """Give the output name of each PDF.

    Raises:
        UserError: A file is missing, or two would get the same name.
    """
    names: dict[Path, str] = {}
    for pdf in dict.fromkeys(pdfs):
        if not pdf.is_file():
            raise UserError(f"There is no file {pdf}.", "Check the name.")
        name = f"{pdf.stem}.json"
        if name in names.values():
            raise UserError(f"Two of the PDFs are named {pdf.name}.", "Extract them into different folders.")
        names[pdf] = name
    return names


def _paper(pdf: Path) -> Any:
    import hashlib  # noqa: PLC0415

    from evitable.records import Paper, paper_id  # noqa: PLC0415
    from evitable.store import read_bytes  # noqa: PLC0415

    sha = hashlib.sha256(read_bytes(pdf)).hexdigest()
    return Paper(id=paper_id(sha), path=pdf.resolve().as_posix(), sha256=sha)


def document_json(document: Any) -> dict[str, Any]:
    """Give a document as plain data: metadata, and blocks in reading order, each with kind, page, box and text."""
    meta = document.metadata
    return {
        "metadata": {
            "title": meta.title,
            "authors": list(meta.authors),
            "year": meta.year,
            "journal": meta.journal,
            "doi": meta.doi,
            "source": meta.source,
            "sources": meta.sources,
            "pages": len(document.pages),
            "extractor": document.extractor,
        },
        "blocks": [
            {
                "kind": block.kind,
                "level": block.level,
                "page": block.lines[0].page,
                "page_label": document.pages[block.lines[0].page - 1].label,
                "box": _box([line.box for line in block.lines if line.page == block.lines[0].page]),
                "text": document.text_of(block),
                "lines": [{"page": line.page, "box": list(line.box)} for line in block.lines],
            }
            for block in document.blocks
        ],
    }


def _box(boxes: list[tuple[float, float, float, float]]) -> list[float]:
    return [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
