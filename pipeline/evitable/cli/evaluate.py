"""`evitable evaluate`: how good the model is on passages that people coded."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--gold", type=click.Path(path_type=Path), required=True, help="Passages that people coded (JSON lines).")
@click.option(
    "--review",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="A review whose codebook and model are measured.",
)
def evaluate(gold: Path, folder: Path | None) -> None:
    """Measure the model on coded passages that it never saw: per code precision, recall, F1, average precision, kappa.

    \b
    Example:
      evitable evaluate --gold gold.jsonl
    """
    from evitable.classify.model import load_classifier  # noqa: PLC0415
    from evitable.flows.config import model_files, run_config, shipped_config  # noqa: PLC0415
    from evitable.store import open_workspace, read_text  # noqa: PLC0415
    from evitable.training.data import read_coded_passages  # noqa: PLC0415
    from evitable.training.evaluate import measure_classifier, table  # noqa: PLC0415

    config = run_config(open_workspace(folder)) if folder else shipped_config()
    passages = read_coded_passages({gold.name: read_text(gold)}, config.codebook)
    classifier = load_classifier(config.codebook, model_files(config.model_dir), str(config.model_dir))
    figures = measure_classifier(classifier, passages)
    click.echo(
        f"{len(passages)} passages of {len({p.source for p in passages})} documents; model {classifier.model_id}"
    )
    click.echo(classifier.note)
    click.echo(table(figures))
