"""`evitable train`: train a model, and write its card."""

from __future__ import annotations

from pathlib import Path

import click

from evitable.errors import UserError


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=None,
    help="File or folder of coded passages (JSON lines); default: those that come with the program.",
)
@click.option(
    "--codebook",
    "codebook_file",
    type=click.Path(path_type=Path),
    default=None,
    help="Codebook; default: co-production.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder for the model; default: models/ and the codebook's name.",
)
def train(data: Path | None, codebook_file: Path | None, out: Path | None) -> None:
    """Train a model on coded passages, measure it by cross-validation, and write its model card.

    The same passages give the same model, byte for byte.

    \b
    Examples:
      evitable train
      evitable train --data my-passages.jsonl --codebook codebook.toml --out models/mine
    """
    from evitable.codebook import default_codebook, read_codebook  # noqa: PLC0415
    from evitable.flows.config import shipped_model  # noqa: PLC0415
    from evitable.store import read_text, writable, write_bytes  # noqa: PLC0415
    from evitable.training.card import CARD, model_card  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.evaluate import cross_validate  # noqa: PLC0415
    from evitable.training.fit import train as fit_model  # noqa: PLC0415

    book = read_codebook(read_text(codebook_file), codebook_file.name) if codebook_file else default_codebook()
    out = out or Path("models") / book.name
    data = data or out / "training"
    if not data.exists():
        shipped = shipped_model(book.name)
        data = shipped / "training" if shipped else data
    files = _files(data)
    passages = read_coded_passages({path.name: read_text(path) for path in files}, book)
    writable(out)
    click.echo(f"Training on {len(passages)} passages from {len(files)} files ...", err=True)
    model = fit_model(passages, book)
    click.echo("Measuring by cross-validation ...", err=True)
    figures = cross_validate(passages, book)
    for name, content in model.items():
        write_bytes(out / name, content)
    write_bytes(out / CARD, model_card(model, passages, book, figures).encode())
    click.echo(
        f"{out}: macro F1 {figures.model.macro_f1:.2f}, micro F1 {figures.model.micro_f1:.2f} "
        f"on writers that it has not seen; see {out / CARD}."
    )


def _files(data: Path) -> list[Path]:
    if data.is_file():
        return [data]
    files = sorted(data.glob("*.jsonl")) if data.is_dir() else []
    if not files:
        raise UserError(f"There are no coded passages (*.jsonl) in {data}.", "Name a file or a folder with --data.")
    return files
