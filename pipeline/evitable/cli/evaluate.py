"""`evitable evaluate`: how good the model is, on passages that people coded or by cross-validation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evitable.errors import UserError

if TYPE_CHECKING:
    from evitable.flows.config import RunConfig


@click.command()
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    default=None,
    help="Passages that people coded and the model never saw (JSON lines).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=None,
    help="Coded passages to cross-validate on: a file or a folder. Default: those of the model.",
)
@click.option(
    "--review",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="A review whose codebook and model are measured.",
)
def evaluate(gold: Path | None, data: Path | None, folder: Path | None) -> None:
    """Measure the model: per code precision, recall, F1 with its interval, average precision, kappa, calibration.

    With --gold it measures the model on passages that it never saw. Without, it cross-validates the whole recipe on the
    training passages: each is answered by a model that saw no passage of the same writer and document. That takes
    some minutes.

    \b
    Examples:
      evitable evaluate --gold gold.jsonl
      evitable evaluate --data my-passages.jsonl --review my-review
      evitable evaluate
    """
    from evitable.flows.config import run_config, shipped_config  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415

    if gold and data:
        raise UserError("--gold and --data are two ways of measuring.", "Give one of them.")
    config = run_config(open_workspace(folder)) if folder else shipped_config()
    click.echo(_on_gold(gold, config) if gold else _by_cross_validation(data, config))


def _on_gold(gold: Path, config: RunConfig) -> str:
    from evitable.flows.config import classifier_of  # noqa: PLC0415
    from evitable.store import read_text  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.evaluate import measure_classifier  # noqa: PLC0415
    from evitable.training.report import table  # noqa: PLC0415

    passages = read_coded_passages({gold.name: read_text(gold)}, config.codebook)
    classifier = classifier_of(config)
    figures = measure_classifier(classifier, passages)
    return "\n".join(
        [
            f"{figures.passages} passages of {figures.documents} documents; model {classifier.model_id}",
            classifier.note,
            table(figures),
        ]
    )


def _by_cross_validation(data: Path | None, config: RunConfig) -> str:
    from evitable.classify.encoder import load_encoder  # noqa: PLC0415
    from evitable.cli.train import coded_files  # noqa: PLC0415
    from evitable.store import read_text  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.evaluate import cross_validate  # noqa: PLC0415
    from evitable.training.report import cross_validation_text  # noqa: PLC0415

    files = coded_files(data, config.model_dir, config.codebook.name)
    passages = read_coded_passages({path.name: read_text(path) for path in files}, config.codebook)
    click.echo(f"Cross-validating on {len(passages)} passages; this takes some minutes ...", err=True)
    return cross_validation_text(cross_validate(passages, config.codebook, load_encoder(config.settings.encoder)))
