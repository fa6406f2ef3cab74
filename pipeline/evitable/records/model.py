"""What is known of the model that coded, for the outputs: no stage but `classify` reads models themselves."""

from __future__ import annotations

import msgspec

from evitable.records.base import FORMAT, Record

FIGURES = "figures.json"
"""File of a model's figures, in its folder."""


class CodeMeasure(Record, frozen=True, kw_only=True):
    """How well one code was found on passages that the model had not seen.

    Attributes:
        code: Name of the code.
        positives: Passages that carry it.
        precision: Of the passages given the code, the share that carry it; 0 to 1, 0 where none was given.
        recall: Of the passages that carry it, the share that were given it; 0 to 1.
        f1: Harmonic mean of both.
        average_precision: Area under the precision-recall curve.
    """

    code: str
    positives: int
    precision: float
    recall: float
    f1: float
    average_precision: float


class ModelFigures(Record, frozen=True, kw_only=True):
    """`figures.json` beside a model: how well it does on passages that it had not seen.

    Attributes:
        measured_on: On what, in one sentence.
        measures: One for each code that it was trained for.
        format: Number of the record format.
    """

    measured_on: str
    measures: tuple[CodeMeasure, ...]
    format: int = FORMAT


class ModelSummary(Record, frozen=True, kw_only=True):
    """The model in short.

    Attributes:
        id: Its id.
        note: What it is, in one sentence.
        trained: Whether it was trained; else the codebook's phrases code alone.
        passages: Training passages; 0 for phrases alone.
        measured_on: On what it was measured, in one sentence; empty where it was not.
        measures: One for each code, in the codebook's order; empty where it was not measured.
        libraries: Versions that it was trained with.
    """

    id: str
    note: str
    trained: bool = False
    passages: int = 0
    measured_on: str = ""
    measures: tuple[CodeMeasure, ...] = ()
    libraries: dict[str, str] = msgspec.field(default_factory=dict)
