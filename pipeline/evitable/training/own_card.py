"""The card of a review's own model: what it learned from, and by how much it is better than the one before."""

from __future__ import annotations

from evitable.training.compare import CodeScore, Comparison, Gain
from evitable.training.features import PAPER_WEIGHT
from evitable.training.learn import Lesson
from evitable.training.report import two


def verdict(comparison: Comparison) -> str:
    """Say in a sentence whether a new model is better, and by how much."""
    figures = f"{_gain('macro F1', comparison.f1)}, {_gain('mean average precision', comparison.average_precision)}"
    if comparison.better:
        return f"The new model is better: {figures}."
    return f"The new model is not clearly better: {figures}."


def _gain(name: str, gain: Gain) -> str:
    return f"{name} {gain.old:.3f} -> {gain.new:.3f} ({gain.difference:+.3f}; 95 % {gain.low:+.3f} to {gain.high:+.3f})"


def learned_from(lesson: Lesson) -> str:
    """Say in a sentence what there is to learn from."""
    beside = f", beside {len(lesson.written)} coded passages from elsewhere" if lesson.written else ""
    return (
        f"{lesson.answers} answers of people ({lesson.given} codes given, {lesson.answers - lesson.given} ruled out) "
        f"on {len(lesson.decided)} passages of {lesson.studies} studies{beside}"
    )


def table(comparison: Comparison) -> str:
    """Compare both models with people, code by code, as Markdown."""
    heads = (
        "code",
        "people: answers",
        "people: given",
        *(f"{which}: {name}" for which in _MODELS for name in _FIGURES),
    )
    rows = [
        (code.code, str(code.answers), str(code.positives), *_cells(code.old), *_cells(code.new))
        for code in comparison.codes
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


_MODELS = ("in force", "new")
_FIGURES = ("precision", "recall", "F1", "AP")


def _cells(score: CodeScore) -> tuple[str, ...]:
    return tuple(two(value) for value in (score.precision, score.recall, score.f1, score.average_precision))


def own_card(title: str, lesson: Lesson, comparison: Comparison, ids: tuple[str, str]) -> str:
    """Write the card of a review's own model.

    Args:
        title: Name of the review.
        lesson: What it learned from.
        comparison: With the model in force before.
        ids: Of the new model, and of the one before.

    Returns:
        Markdown; the same model gives the same text.
    """
    new, old = ids
    book = lesson.codebook
    origin = f"Model `{new}`, for codebook `{book.name}` version {book.version}; before it, `{old}` was in force."
    parts = [
        f"# Model card: {title}",
        f"{origin} Made by `evitable train` from the decisions of this review.",
        "## What it learned from",
        f"{learned_from(lesson)}. {_BESIDE if lesson.written else _ALONE}",
        _LEFT_OUT,
        "## Is it better?",
        f"{verdict(comparison)} {_HOW}",
        table(comparison),
        "## Limits",
        _LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


_BESIDE = (
    f"A passage that people decided on counts {PAPER_WEIGHT:g} times one from elsewhere; and the log odds of each code "
    "are moved to what people said of this review's papers, the further the more they said."
)
_ALONE = "There are no coded passages from elsewhere for this codebook: it rests on people's decisions alone."
_LEFT_OUT = (
    "What people left open or dispute was not learned from. Where they decided on some codes of a passage only, the "
    "others were not taken for a no, unless somebody had declared the passage complete."
)
_HOW = (
    "Each passage was answered by a model that had seen nothing of its study, and by the model in force: as it was, "
    "where it had never seen this review, or else made again without that study. Average precision (AP) is "
    "taken among the passages that one model answered; intervals are by resampling studies. "
    "A new model is taken where both figures are higher, and one of them by more than chance."
)
_LIMITS = (
    "People look mostly at what a model has found, so that what it overlooks is rarely among these passages: recall is "
    "flattered for both models, and more so for the one in force. Passages read in full, and the random sample, say "
    "more. Where people decided with the machine's answer in sight, they may have followed it. The figures are those "
    "of models made without the passages that they answered; the model in force now has learned from all of them."
)
