"""The model card: data, versions, figures by code, limits (after Mitchell and others 2019)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from evitable.classify.manifest import Manifest, read_manifest
from evitable.codebook import Codebook
from evitable.training.data import CodedPassage, code_counts
from evitable.training.evaluate import CrossValidation

CARD = "model-card.md"


def model_card(
    files: Mapping[str, bytes], passages: Sequence[CodedPassage], codebook: Codebook, result: CrossValidation
) -> str:
    """Write the card of a model.

    Args:
        files: The model folder's files.
        passages: What it was trained on.
        codebook: The codes that it gives.
        result: Its figures by cross-validation.

    Returns:
        Markdown; the same model gives the same text.
    """
    manifest = read_manifest(files, "the model")
    libraries = ", ".join(f"{name} {number}" for name, number in sorted(manifest.libraries.items()))
    parts = [
        f"# Model card: {codebook.title}",
        f"Model `{manifest.id}`, for codebook `{codebook.name}` version {codebook.version} (`{manifest.codebook_version}`). Made by `evitable train`; {libraries}.",
        _WHAT,
        _HOW,
        _data(manifest, passages),
        _figures(result),
        _table(manifest, code_counts(passages, codebook), result),
        _LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


_WHAT = """## What it does

It gives each passage a probability for each code of the codebook, the polarity of codes that have one, and the words that carried the answer.
It is a co-coder whose answers people check, not a coder to rely on alone."""

_HOW = """## How it works

Per code, a logistic regression on TF-IDF of one- and two-word stems (names, numbers and citations masked), stacked with the number of different
indicator phrases of the codebook that a passage holds. The stack is fitted on passages of writers that the text model has not seen, so that its
output is a calibrated probability on passages like these; thresholds maximise F1 on probabilities that the stack has not seen either. Files are
in skops' and spaCy's own formats; no pickle."""

_LIMITS = """## Limits

- The passages were written for training: real papers are more varied. Measure it on passages of your own with `evitable evaluate --gold FILE.jsonl` before you lean on it; on real text expect other figures than these, and above all fewer of the codes found.
- It reads English only, and one passage at a time: what a passage leaves to its neighbours is lost on it.
- It does not yet tell a study's own findings from reports of other people's work."""


def _data(manifest: Manifest, passages: Sequence[CodedPassage]) -> str:
    ways = Counter(way for passage in passages for way in passage.polarity.values())
    return f"""## Data

{len(passages)} passages from {len({p.source for p in passages})} imagined documents by {len({p.writer for p in passages})} writers (data digest `{manifest.data}`), written for this purpose in the voices of research papers; none is copied from a paper.
{sum(not p.codes for p in passages)} of them carry no code (hard negatives); {sum(len(p.codes) > 1 for p in passages)} carry more than one. Polarity: {", ".join(f"{way} {number}" for way, number in sorted(ways.items()))}."""


def _figures(result: CrossValidation) -> str:
    model, phrases = result.model, result.phrases
    return f"""## Figures

Cross-validation grouped by writer: each figure is from models that saw no passage of the same writer, and so of no document that they were tested on.
Over all codes: macro F1 {model.macro_f1:.3f}, micro F1 {model.micro_f1:.3f}, mean average precision {model.mean_average_precision:.3f}, carries any code F1 {model.any_code_f1:.3f}, expected calibration error {model.calibration_error:.3f}.
Indicator phrases alone on the same passages: macro F1 {phrases.macro_f1:.3f}, mean average precision {phrases.mean_average_precision:.3f}."""


def _table(manifest: Manifest, counts: Mapping[str, int], result: CrossValidation) -> str:
    lines = [
        "| code | passages | threshold | precision | recall | F1 | average precision | kappa | F1 of phrases alone |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for figure, phrases in zip(result.model.codes, result.phrases.codes, strict=True):
        cells = (figure.precision, figure.recall, figure.f1, figure.average_precision, figure.kappa, phrases.f1)
        values = " | ".join("-" if value is None else f"{value:.2f}" for value in cells)
        lines.append(
            f"| {figure.code} | {counts[figure.code]} | {manifest.stack[figure.code].threshold:.2f} | {values} |"
        )
    return "\n".join(lines)
