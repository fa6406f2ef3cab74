"""The place for a sentence encoder: named in review.toml, installed by the user, never fetched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from evitable.errors import UserError
from evitable.records import digest

_PROBE = "Residents and officers met to decide how the money was spent."
_DIGITS = 2
"""Digits of the probe's vector that make the fingerprint; other processors differ in later ones."""


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Give one vector of length 1 a text (texts x dimensions); no texts give no rows."""

    @property
    def fingerprint(self) -> str:
        """Digest by which a model knows the encoder that it was trained with."""


class SentenceTransformerEncoder:
    """An encoder that the library sentence-transformers loads from a folder of this machine."""

    def __init__(self, name: str) -> None:
        """Load the encoder.

        Args:
            name: Its folder, or the name of one that this machine already holds.

        Raises:
            UserError: The library is not installed, or there is no such encoder on this machine.
        """
        os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is fetched at run time, whatever the name
        os.environ["TRANSFORMERS_OFFLINE"] = "1"
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        except ImportError as error:
            raise UserError(
                f'The encoder "{name}" needs the library sentence-transformers, which is not installed.',
                "Install it with `pip install sentence-transformers`, or name no encoder.",
            ) from error
        try:
            self._model = SentenceTransformer(  # safetensors only: nothing is unpickled
                name, device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True}
            )
        except (OSError, ValueError, RuntimeError, TypeError, KeyError, ImportError) as error:
            raise UserError(
                f'There is no encoder "{name}" on this machine that sentence-transformers can load '
                f"({type(error).__name__}).",
                "Give the folder of one; Evitable fetches nothing.",
            ) from error
        probe = self.encode([_PROBE])[0]
        self.fingerprint = digest("n", *(f"{value:.{_DIGITS}f}" for value in probe.tolist()))

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Give one vector of length 1 a text."""
        if not texts:
            return np.zeros((0, 0))
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float64)


def load_encoder(name: str) -> Encoder | None:
    """Load the encoder of that name; None for an empty name.

    Raises:
        UserError: It cannot be loaded; says what to do.
    """
    return SentenceTransformerEncoder(name) if name else None
