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
@click.option(
    "--encoder", default="", help="Sentence encoder that takes part: a folder, or the name of an installed one."
)
def train(data: Path | None, codebook_file: Path | None, out: Path | None, encoder: str) -> None:
    """Train a model on coded passages, measure it by cross-validation, and write its model card.

    The same passages give the same model, byte for byte. Codes with fewer than 40 passages stay with their indicator
    phrases.

    \b
    Examples:
      evitable train
      evitable train --data my-passages.jsonl --codebook codebook.toml --out models/mine
      evitable train --encoder all-MiniLM-L6-v2 --out models/with-encoder
    """
    from evitable.classify.encoder import load_encoder  # noqa: PLC0415
    from evitable.codebook import default_codebook, read_codebook  # noqa: PLC0415
    from evitable.records import FIGURES, encode  # noqa: PLC0415
    from evitable.store import read_text, writable, write_bytes  # noqa: PLC0415
    from evitable.training.card import CARD, Beside, model_card  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.evaluate import cross_validate  # noqa: PLC0415
    from evitable.training.fit import train as fit_model  # noqa: PLC0415
    from evitable.training.summary import model_figures  # noqa: PLC0415

    book = read_codebook(read_text(codebook_file), codebook_file.name) if codebook_file else default_codebook()
    out = out or Path("models") / book.name
    files = coded_files(data, out, book.name)
    passages = read_coded_passages({path.name: read_text(path) for path in files}, book)
    beside = Beside.read({path.name: read_text(path) for path in _beside(files[0])}, book)
    writable(out)
    loaded = load_encoder(encoder)
    click.echo(f"Training on {len(passages)} passages from {len(files)} files ...", err=True)
    model = fit_model(passages, book, loaded)
    click.echo("Measuring by cross-validation; this takes some minutes ...", err=True)
    figures = cross_validate(passages, book, loaded)
    for name, content in model.items():
        write_bytes(out / name, content)
    write_bytes(out / FIGURES, encode(model_figures(figures)))
    write_bytes(out / CARD, model_card(model, passages, book, figures, beside).encode())
    click.echo(
        f"{out}: macro F1 {figures.model.macro_f1:.2f}, micro F1 {figures.model.micro_f1:.2f} "
        f"on writers that it has not seen; see {out / CARD}."
    )


def coded_files(data: Path | None, model: Path | None, name: str) -> list[Path]:
    """Give the files of coded passages: those named, or else those of a model, or else those of the shipped one.

    Raises:
        UserError: There are none.
    """
    from evitable.flows.config import shipped_model  # noqa: PLC0415

    if data is None:
        shipped = shipped_model(name)
        folders = [folder / "training" for folder in (model, shipped) if folder is not None]
        data = next((folder for folder in folders if folder.is_dir()), folders[0] if folders else Path("training"))
    if data.is_file():
        return [data]
    files = sorted(data.glob("*.jsonl")) if data.is_dir() else []
    if not files:
        raise UserError(f"There are no coded passages (*.jsonl) in {data}.", "Name a file or a folder with --data.")
    return files


def _beside(file: Path) -> list[Path]:
    """Give what lies beside a folder of coded passages and belongs into the card."""
    from evitable.training.card import ABLATION, SECOND_CODING  # noqa: PLC0415

    return [path for name in (ABLATION, SECOND_CODING) if (path := file.parent.parent / name).is_file()]
