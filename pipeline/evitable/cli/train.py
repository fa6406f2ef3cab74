"""`evitable train`: train a model, and write its card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evitable.errors import UserError

if TYPE_CHECKING:
    from evitable.flows.config import RunConfig
    from evitable.store import Workspace
    from evitable.training.data import CodedPassage


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
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
def train(folder: Path | None, data: Path | None, codebook_file: Path | None, out: Path | None, encoder: str) -> None:
    """Train a model: on the decisions of the review in FOLDER, or without FOLDER on coded passages.

    With FOLDER it learns from what people decided in that review, beside the coded passages that come with the program.
    The new model is compared with the one in force on studies that neither has learned from, and put in its place only
    if it is better; either way you are told by how much. It then stands in models/ of the review, with its card, and
    the next run codes with it. Your decisions stay as they are. That takes some minutes.

    Without FOLDER it trains on coded passages, measures the model by cross-validation and writes its model card.
    Codes with fewer than 40 passages stay with their indicator phrases. The same passages give the same model, byte
    for byte.

    \b
    Examples:
      evitable train my-review
      evitable train
      evitable train --data my-passages.jsonl --codebook codebook.toml --out models/mine
      evitable train --encoder all-MiniLM-L6-v2 --out models/with-encoder
    """
    if folder is None:
        _on_passages(data, codebook_file, out, encoder)
    elif codebook_file or out or encoder:
        raise UserError(
            "--codebook, --out and --encoder do not go with a review's folder.",
            "Codebook and encoder are those of its review.toml, and the model goes into its models/.",
        )
    else:
        _on_decisions(folder, data)


def _on_decisions(folder: Path, data: Path | None) -> None:
    """Learn from the decisions of a review."""
    from evitable.classify.encoder import load_encoder  # noqa: PLC0415
    from evitable.classify.manifest import read_manifest  # noqa: PLC0415
    from evitable.flows.config import classifier_of, run_config  # noqa: PLC0415
    from evitable.records import FIGURES, encode  # noqa: PLC0415
    from evitable.store import hold, open_workspace, writable  # noqa: PLC0415
    from evitable.training.card import CARD  # noqa: PLC0415
    from evitable.training.learn import InForce, lesson, measure, own_figures, own_model  # noqa: PLC0415
    from evitable.training.own_card import learned_from, own_card, verdict  # noqa: PLC0415

    workspace = open_workspace(folder)
    config = run_config(workspace)
    out = _own_folder(workspace.root, config)
    with hold(workspace, f"evitable train {folder}"):
        encoder = load_encoder(config.settings.encoder)
        made = lesson(config.codebook, _elsewhere(data, config), decided_in(workspace, config), encoder)
        writable(out)
        click.echo(f"Learning from {learned_from(made)}.", err=True)
        click.echo("Comparing with the model in force; this takes some minutes ...", err=True)
        comparison = measure(made, InForce(classifier_of(config), learned_by(config)))
        click.echo(verdict(comparison))
        if not comparison.better:
            click.echo(f"The model in force stays: {config.model_id}. Decide on more passages, and try again.")
            return
        files = own_model(made)
        files[FIGURES] = encode(own_figures(made, comparison))
        ids = (read_manifest(files, "the model").id, config.model_id)
        files[CARD] = own_card(config.settings.title, made, comparison, ids).encode()
        replace_model(out, files)
    named = config.settings.model
    line = (
        f'Delete the line `model = "{named}"` of review.toml, then run' if named and config.model_dir != out else "Run"
    )
    click.echo(f"The new model is in {out}; see {out / CARD}. {line} `evitable run {folder}` to code with it.")


def replace_model(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a model's files into its folder; parts that an older one had, and this one has not, are deleted."""
    from evitable.store import write_bytes  # noqa: PLC0415

    for old in folder.glob("*.skops"):
        if old.name not in files:
            old.unlink()
    for name, content in files.items():
        write_bytes(folder / name, content)


def decided_in(workspace: Workspace, config: RunConfig) -> list[CodedPassage]:
    """Give what people decided in a review, as coded passages; none for no decisions.

    Raises:
        UserError: Nothing is published yet, or decisions cannot be read.
    """
    from evitable.store.decisions import open_decisions  # noqa: PLC0415
    from evitable.store.published import open_published  # noqa: PLC0415
    from evitable.training.decided import coded_passages, decided_papers  # noqa: PLC0415

    published = open_published(workspace, config.settings)
    decisions = open_decisions(workspace, config.settings.store).read()
    return coded_passages(decided_papers(decisions, published), config.codebook)


def _own_folder(root: Path, config: RunConfig) -> Path:
    """Give the folder of a review's own model, which is in force where review.toml names no other."""
    from evitable.flows.config import shipped_model  # noqa: PLC0415

    out = root / "models" / config.codebook.name
    shipped = shipped_model(config.codebook.name)
    if shipped is not None and out.resolve() == shipped.resolve():
        raise UserError(
            f"{out} is the model that comes with the program; it is not written over.",
            "Make a review in a folder of its own with `evitable new`, and move the corpus there.",
        )
    return out


def _elsewhere(data: Path | None, config: RunConfig) -> list[CodedPassage]:
    """Give coded passages to learn from beside decisions; none where there are none for the codebook."""
    from evitable.store import read_text  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415

    book = config.codebook
    if data is None and training_folder(config.model_dir, book.name) is None:
        return []
    files = coded_files(data, config.model_dir, book.name)
    return read_coded_passages({path.name: read_text(path) for path in files}, book)


def learned_by(config: RunConfig) -> list[CodedPassage]:
    """Give what the model in force learned from decisions; none for a model that did not."""
    from evitable.store import read_text  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.learn import LEARNED  # noqa: PLC0415

    if config.model_dir is None or not (config.model_dir / LEARNED).is_file():
        return []
    return read_coded_passages({LEARNED: read_text(config.model_dir / LEARNED)}, config.codebook)


def _on_passages(data: Path | None, codebook_file: Path | None, out: Path | None, encoder: str) -> None:
    """Train on coded passages."""
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
    data = data or training_folder(model, name) or (model or Path()) / "training"
    if data.is_file():
        return [data]
    files = sorted(data.glob("*.jsonl")) if data.is_dir() else []
    if not files:
        raise UserError(f"There are no coded passages (*.jsonl) in {data}.", "Name a file or a folder with --data.")
    return files


def training_folder(model: Path | None, name: str) -> Path | None:
    """Give the folder of coded passages of a model, or else of the shipped one; None where neither has one."""
    from evitable.flows.config import shipped_model  # noqa: PLC0415

    folders = [folder / "training" for folder in (model, shipped_model(name)) if folder is not None]
    return next((folder for folder in folders if folder.is_dir()), None)


def _beside(file: Path) -> list[Path]:
    """Give what lies beside a folder of coded passages and belongs into the card."""
    from evitable.training.card import ABLATION, SECOND_CODING  # noqa: PLC0415

    return [path for name in (ABLATION, SECOND_CODING) if (path := file.parent.parent / name).is_file()]
