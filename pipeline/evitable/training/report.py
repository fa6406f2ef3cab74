"""Figures as plain text, for the command line."""

from __future__ import annotations

from collections.abc import Sequence

from evitable.training.evaluate import CrossValidation, SideFigures
from evitable.training.measures import Bin, Figures, Interval, Mistaken

CONFUSIONS_SHOWN = 10


def table(result: Figures) -> str:
    """Write figures per code and over all codes; `-` stands for a figure that is not defined."""
    head = ("people", "machine", "precision", "recall", "F1", "95 %", "AP", "kappa", "Brier", "ECE")
    rows: list[tuple[str, ...]] = [("code", *head)]
    for c in result.codes:
        before, after = (c.precision, c.recall, c.f1), (c.average_precision, c.kappa)
        errors = (f"{c.brier:.3f}", f"{c.calibration_error:.3f}")
        values = (*(two(value) for value in before), interval(c.f1_interval), *(two(value) for value in after))
        rows.append((c.code, str(c.positives), str(c.given), *values, *errors))
    macro, micro, anything = result.intervals
    lines = [
        *_aligned(rows),
        "",
        f"macro F1 {result.macro_f1:.3f} ({interval(macro)})",
        f"micro F1 {result.micro_f1:.3f} ({interval(micro)})",
        f"mean average precision {result.mean_average_precision:.3f}",
        f"carries any code, F1 {result.any_code_f1:.3f} ({interval(anything)})",
        f"expected calibration error {result.calibration_error:.3f}",
        f"Brier score {result.brier:.3f}",
    ]
    if result.polarity_accuracy is not None:
        lines.append(f"polarity right on {result.polarity_accuracy:.0%} of the codes given rightly")
    return "\n".join([*lines, "", *reliability_lines(result.reliability), "", *confusion_lines(result.confusion)])


def cross_validation_text(result: CrossValidation) -> str:
    """Write all figures of a cross-validation."""
    parts = [
        f"{result.model.passages} passages of {result.model.documents} documents",
        "Models that saw no passage of the same writer, and so of the same document:",
        table(result.model),
    ]
    if result.register:
        parts += ["Models that saw no passage of the same register:", table(result.register)]
    parts += [
        _in_short("Rules alone (indicator phrases)", result.phrases),
        _in_short("Model without the phrases", result.text),
        *_side_lines("Polarity", result.polarity),
        *_side_lines("Finding, recommendation or mention", result.basis),
        "\n".join(
            [
                "Learning curve (passages trained on: macro F1, mean average precision):",
                *(f"  {p.passages}: {p.macro_f1:.3f}, {p.mean_average_precision:.3f}" for p in result.curve),
            ]
        ),
    ]
    return "\n\n".join(parts)


def reliability_lines(curve: Sequence[Bin]) -> list[str]:
    """Write the reliability curve, one line a bin that is not empty."""
    lines = ["Reliability (probability said: share that people coded so, answers):"]
    return lines + [
        f"  {one.probability:.2f}: {one.share:.2f}, {one.answers}"
        for one in curve
        if one.probability is not None and one.share is not None
    ]


def confusion_lines(pairs: Sequence[Mistaken]) -> list[str]:
    """Write the most frequent confusions."""
    lines = ["Codes taken for one another (people's code, machine's instead: passages):"]
    return lines + [f"  {pair.missed}, {pair.given}: {pair.passages}" for pair in pairs[:CONFUSIONS_SHOWN]]


def _in_short(title: str, result: Figures) -> str:
    return f"{title}: macro F1 {result.macro_f1:.3f}, micro F1 {result.micro_f1:.3f}."


def _side_lines(title: str, side: SideFigures | None) -> list[str]:
    if side is None:
        return []
    by_class = ", ".join(f"{name} {value:.2f}" for name, value in side.f1.items())
    return [f"{title}: right on {side.accuracy:.0%} of {side.rows}; F1 {by_class}."]


def two(value: float | None) -> str:
    """Write a figure with two digits; `-` for none."""
    return "-" if value is None else f"{value:.2f}"


def interval(ends: Interval | None) -> str:
    """Write an interval with two digits; `-` for none."""
    return "-" if ends is None else f"{ends[0]:.2f}-{ends[1]:.2f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    width = max(len(row[0]) for row in rows)
    return [f"{row[0]:<{width}}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
