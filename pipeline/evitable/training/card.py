"""The model card: data, versions, figures by code, limits (after Mitchell and others 2019)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from evitable.classify.manifest import read_manifest
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
    counts = code_counts(passages, codebook)
    ways = Counter(way for passage in passages for way in passage.polarity.values())
    libraries = ", ".join(f"{name} {number}" for name, number in sorted(manifest.libraries.items()))
    lines = [
        f"# Model card: {codebook.title}",
        "",
        f"Model `{manifest.id}`, for codebook `{codebook.name}` version {codebook.version} (`{manifest.codebook_version}`). Made by `evitable train`; {libraries}.",
        "",
        "## What it does",
        "",
        "It gives each passage a probability for each code of the codebook, the polarity of codes that have one, and the words that carried the answer.",
        "It is a co-coder whose answers people check, not a coder to rely on alone.",
        "",
        "## How it works",
        "",
        "Per code, a logistic regression on TF-IDF of one- and two-word stems (names, numbers and citations masked), stacked with the number of different",
        "indicator phrases of the codebook that a passage holds. The stack is fitted on passages of writers that the text model has not seen, so that its",
        "output is a calibrated probability on passages like these; thresholds maximise F1 on probabilities that the stack has not seen either. Files are skops and spaCy formats; no pickle.",
        "",
        "## Data",
        "",
        f"{len(passages)} passages from {len({p.source for p in passages})} imagined documents (data digest `{manifest.data}`), written for this purpose in the voices of research papers; none is copied from a paper. "
        f"{sum(not p.codes for p in passages)} of them carry no code (hard negatives); {sum(len(p.codes) > 1 for p in passages)} carry more than one. "
        f"Polarity: {', '.join(f'{way} {number}' for way, number in sorted(ways.items()))}.",
        "",
        "## Figures",
        "",
        f"Cross-validation grouped by writer: each figure is from models that saw no passage of the same writer, and so of no document that they were tested on. Over all codes: macro F1 {result.model.macro_f1:.3f}, "
        f"micro F1 {result.model.micro_f1:.3f}, mean average precision {result.model.mean_average_precision:.3f}, carries any code F1 {result.model.any_code_f1:.3f}, "
        f"expected calibration error {result.model.calibration_error:.3f}. Indicator phrases alone on the same passages: macro F1 {result.phrases.macro_f1:.3f}, "
        f"mean average precision {result.phrases.mean_average_precision:.3f}.",
        "",
        "| code | passages | threshold | precision | recall | F1 | average precision | kappa | F1 of phrases alone |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for figure, phrases in zip(result.model.codes, result.phrases.codes, strict=True):
        cells = (figure.precision, figure.recall, figure.f1, figure.average_precision, figure.kappa, phrases.f1)
        values = " | ".join("-" if value is None else f"{value:.2f}" for value in cells)
        lines.append(
            f"| {figure.code} | {counts[figure.code]} | {manifest.stack[figure.code].threshold:.2f} | {values} |"
        )
    lines += [
        "",
        "## Limits",
        "",
        "- The passages were written for training: real papers are more varied. Measure it on passages of your own with `evitable evaluate --gold FILE.jsonl` before you lean on it; on real text expect other figures than these.",
        "- It reads English only, and one passage at a time: what a passage leaves to its neighbours is lost on it.",
        "- It does not yet tell a study's own findings from reports of other people's work.",
        "",
    ]
    return "\n".join(lines)
