"""What a saved model says of itself; light, so that it can be read without loading the model."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import FORMAT, Record, digest

MANIFEST = "model.json"


class Stack(Record, frozen=True, kw_only=True):
    """How one code's probability is put together: a logistic function of the text score and of the phrases found.

    Attributes:
        intercept: Constant.
        score: Weight of the text model's decision score.
        phrases: Weight of log(1 + number of different phrases).
        threshold: Probability from which the code is given.
    """

    intercept: float
    score: float
    phrases: float
    threshold: float


class Manifest(Record, frozen=True, kw_only=True):
    """`model.json`: what the model is, and what it fits.

    Attributes:
        id: Digest of everything that decides its answers.
        codebook: Name of the codebook.
        codebook_version: Digest of the codebook's content at training.
        fingerprint: Digest of the codes and phrases that the model was fitted to.
        codes: Names of the codes, in the order of the model's outputs.
        stack: How each code's probability is put together.
        passages: Number of training passages.
        data: Digest of the training passages.
        libraries: Versions that it was trained with.
        format: Number of the record format.
    """

    id: str
    codebook: str
    codebook_version: str
    fingerprint: str
    codes: tuple[str, ...]
    stack: dict[str, Stack]
    passages: int
    data: str
    libraries: dict[str, str]
    format: int = FORMAT

    @property
    def note(self) -> str:
        """What the model is, in one sentence for people."""
        return (
            f"Trained on {self.passages} coded passages; probabilities are calibrated on writing that it had not seen. "
            "See its model card."
        )


def read_manifest(files: Mapping[str, bytes], where: str) -> Manifest:
    """Read `model.json`.

    Raises:
        UserError: It is missing or damaged.
    """
    if MANIFEST not in files:
        raise UserError(f"{where} holds no {MANIFEST}.", "Name a folder that `evitable train` made.")
    try:
        return msgspec.json.decode(files[MANIFEST], type=Manifest)
    except msgspec.DecodeError as error:
        raise UserError(
            f"{where}/{MANIFEST} is damaged.", "Restore it, or train again with `evitable train`."
        ) from error


def phrase_model(codebook: Codebook) -> tuple[str, str]:
    """Give id and description of coding by the codebook's phrases alone."""
    note = "Indicator phrases of the codebook alone: no model was trained for it, and nothing is calibrated."
    return digest("r", "phrases", codebook.fingerprint), note
