"""The model card: data, versions, figures by code, limits (after Mitchell and others 2019)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from evitable.classify.manifest import Manifest, read_manifest
from evitable.codebook import Codebook
from evitable.training.data import CodedPassage, code_counts
from evitable.training.evaluate import CrossValidation, Figures

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
indicator phrases of the codebook that a passage holds. The stack is fitted on passages in a register that the text model has not seen, so that its
output is a probability for text unlike that of training; thresholds maximise F1 on probabilities that the stack has not seen either. Files are
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
    return f"""## Figures

Cross-validation of the whole recipe on the training passages. *New writer*: each figure is from models that saw no passage of the same writer, and so of no document that they were tested on.
*New register*: from models trained on one kind of writing (narratives of cases, or the voice of the literature) and tested on the other; real papers are at least as new to the model as that.

| | macro F1 | micro F1 | mean average precision | carries any code, F1 | calibration error |
|---|---|---|---|---|---|
{_row("new writer", result.model)}
{_row("new register", result.register) if result.register else ""}
{_row("phrases alone", result.phrases)}"""


def _row(name: str, figures: Figures) -> str:
    values = (
        figures.macro_f1,
        figures.micro_f1,
        figures.mean_average_precision,
        figures.any_code_f1,
        figures.calibration_error,
    )
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |"


def _table(manifest: Manifest, counts: Mapping[str, int], result: CrossValidation) -> str:
    lines = [
        "| code | passages | threshold | precision | recall | F1 | average precision | kappa | F1, new register | F1, phrases alone |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    registers = result.register.codes if result.register else result.model.codes
    for figure, register, phrases in zip(result.model.codes, registers, result.phrases.codes, strict=True):
        own = (figure.precision, figure.recall, figure.f1, figure.average_precision, figure.kappa)
        values = " | ".join("-" if value is None else f"{value:.2f}" for value in (*own, register.f1, phrases.f1))
        lines.append(
            f"| {figure.code} | {counts[figure.code]} | {manifest.stack[figure.code].threshold:.2f} | {values} |"
        )
    return "\n".join(lines)
