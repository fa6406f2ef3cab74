"""Codebooks as data; nothing else in the program knows the name of a code."""

from importlib.resources import files

from evitable.codebook.codebook import Code, Codebook, Dimension, PolarityPhrases, StudyAttribute, read_codebook

DEFAULT_CODEBOOK = "coproduction.toml"

__all__ = [
    "DEFAULT_CODEBOOK",
    "Code",
    "Codebook",
    "Dimension",
    "PolarityPhrases",
    "StudyAttribute",
    "default_codebook",
    "read_codebook",
]


def default_codebook() -> Codebook:
    """Give the co-production codebook that comes with the program."""
    text = files("evitable.codebook").joinpath(DEFAULT_CODEBOOK).read_text(encoding="utf-8")
    return read_codebook(text, DEFAULT_CODEBOOK)
