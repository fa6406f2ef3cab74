"""The model's figures in short, for the outputs of reviews."""

from __future__ import annotations

from evitable.records import CodeMeasure, ModelFigures
from evitable.training.evaluate import CrossValidation


def model_figures(result: CrossValidation) -> ModelFigures:
    """Give a model's figures, code by code: the harder ones, where there are two kinds.

    Args:
        result: Of the cross-validation of the whole recipe.
    """
    figures = result.register or result.model
    kind = "kind of writing" if result.register else "writer"
    return ModelFigures(
        measured_on=(
            f"the model's own {figures.passages} training passages, by cross-validation: each was coded by a model "
            f"that had seen none of the same {kind}"
        ),
        measures=tuple(
            CodeMeasure(
                code=code.code,
                positives=code.positives,
                precision=round(code.precision or 0.0, 4),
                recall=round(code.recall or 0.0, 4),
                f1=round(code.f1 or 0.0, 4),
                average_precision=round(code.average_precision or 0.0, 4),
            )
            for code in figures.codes
        ),
    )
