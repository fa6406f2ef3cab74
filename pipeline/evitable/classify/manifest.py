"""What a saved model says of itself; light, so that it can be read without loading the model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import msgspec

from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import FORMAT, Record, digest

MANIFEST = "model.json"


class Stack(Record, frozen=True, kw_only=True):
    """How one code's probability is put together: a logistic function of what is known of a passage.

    Attributes:
        intercept: Constant.
        weights: Weight of each input, by its name (`inputs.INPUTS`).
        threshold: Probability from which the code is given.
        unsure: Probability from which the code is worth a look; between the two the model is unsure, below it says no.
    """

    intercept: float
    weights: dict[str, float]
    threshold: float
    unsure: float


class Frequencies(Record, frozen=True, kw_only=True, dict=True):
    """How common the codebook's indicator phrases, or words, are.

    Attributes:
        passages: Passages that were looked through.
        by_code: In how many of them each stands, by code; what stands in none is left out.
    """

    passages: int
    by_code: dict[str, dict[str, int]]

    @cached_property
    def rarities(self) -> dict[tuple[str, str], float]:
        """Squared inverse document frequency by code and phrase, in fours: what stands in 2 % of passages counts 1.

        Rare phrases say more (Spärck Jones 1972); squared as for a term that both query and text hold.
        """
        return {
            (code, one): self._rarity(count) for code, found in self.by_code.items() for one, count in found.items()
        }

    @cached_property
    def unseen(self) -> float:
        """The same for what stands in no passage."""
        return self._rarity(0)

    def rarity(self, code: str, one: str) -> float:
        """Give the same for one phrase, or word, of a code."""
        return self.rarities.get((code, one), self.unseen)

    def _rarity(self, count: int) -> float:
        return (math.log((1 + self.passages) / (1 + count)) / 4) ** 2


class Manifest(Record, frozen=True, kw_only=True):
    """`model.json`: what the model is, and what it fits.

    Attributes:
        id: Digest of everything that decides its answers.
        codebook: Name of the codebook.
        codebook_version: Digest of the codebook's content at training.
        fingerprint: Digest of the codes and phrases that the model was fitted to.
        codes: Names of the trained codes, in the order of the model's outputs. Other codes of the codebook had too few
            passages to learn from: their phrases alone code.
        stack: How each trained code's probability is put together.
        phrases: How common the codebook's phrases are in the training passages.
        words: How common its codes' words are.
        passages: Number of training passages.
        data: Digest of the training passages.
        encoder: Fingerprint of the sentence encoder that it was trained with; empty for none.
        libraries: Versions that it was trained with.
        format: Number of the record format.
    """

    id: str
    codebook: str
    codebook_version: str
    fingerprint: str
    codes: tuple[str, ...]
    stack: dict[str, Stack]
    phrases: Frequencies
    words: Frequencies
    passages: int
    data: str
    encoder: str = ""
    libraries: dict[str, str]
    format: int = FORMAT

    @property
    def note(self) -> str:
        """What the model is, in one sentence for people."""
        least = sorted({f"{stack.threshold:.2f}" for stack in self.stack.values()})
        given = (
            f" A code is given from a probability of {' to '.join([least[0], least[-1]][: len(least)])} on."
            if least
            else ""
        )
        return (
            f"Trained on {self.passages} coded passages; probabilities are calibrated on writing that it had not seen."
            f"{given} See its model card."
        )

    def note_for(self, codebook: Codebook) -> str:
        """Add which codes of the codebook it was not trained for."""
        bare = [code.title for code in codebook.code if code.name not in self.stack]
        alone = f" By their indicator phrases alone, not calibrated: {', '.join(bare)}." if bare else ""
        return self.note + alone


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


def check_encoder(manifest: Manifest | None, *, named: bool, where: str) -> None:
    """Refuse a review whose encoder and model do not go together.

    Args:
        manifest: Of the model; None where the codebook's phrases code alone.
        named: Whether review.toml names an encoder.
        where: The model's folder, for messages.

    Raises:
        UserError: Says what to do.
    """
    trained = manifest is not None and bool(manifest.encoder)
    if trained and not named:
        raise UserError(
            f"{where} was trained with a sentence encoder, but review.toml names none.",
            'Name it with "encoder" in review.toml, or train again with `evitable train`.',
        )
    if named and not trained:
        raise UserError(
            f"{where} was not trained with a sentence encoder, but review.toml names one.",
            "Train a model with `evitable train --encoder NAME --out models/mine` and write "
            '`model = "models/mine"`, or delete the line "encoder".',
        )


def phrase_model(codebook: Codebook) -> tuple[str, str]:
    """Give id and description of coding by the codebook's phrases alone."""
    note = "Indicator phrases of the codebook alone: no model was trained for it, and nothing is calibrated."
    return digest("r", "phrases", codebook.fingerprint), note
