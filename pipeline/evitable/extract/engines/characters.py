"""The characters of a page as an engine reads them: text, box, type size, in the order of the content stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evitable.errors import ItemError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_FARTHEST = 1e6
_BOLD = re.compile(
    r"bold|black|heavy|demi|semi(?!(serif|sans|con))|[-.,_](b|bd|bi|blk|x?bol)(?![a-z])|(?<=[a-z])-?bd(?![a-z])|^(cm|sf|lm|ec)b[xs]",
    re.IGNORECASE,
)


class Characters(NamedTuple):
    """Characters in content-stream order; all columns have one entry for each.

    Attributes:
        text: What each says, more than one letter for a ligature; white space and U+FFFD (unknown) occur.
        x0: Left edges in points from the page's left; `top`, `x1`, `bottom` likewise, from the page's top left.
        size: Type sizes in points.
        face: Its typeface, as an index into `CharPage.faces`.
        upright: Whether it reads from left to right.
    """

    text: list[str]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    size: Floats
    face: NDArray[np.int64]
    upright: Flags


class CharPage(NamedTuple):
    """One page: index from 1, printed label, width and height in points, its characters, names of their faces."""

    number: int
    label: str
    width: float
    height: float
    chars: Characters
    faces: tuple[str, ...] = ()


class PageBox(NamedTuple):
    """The part of a page that is seen, in the file's own units from the bottom left, and how far it is turned."""

    x0: float
    y0: float
    x1: float
    y1: float
    rotation: int = 0

    @property
    def width(self) -> float:
        """Width in points as seen."""
        return self.y1 - self.y0 if self.rotation in {90, 270} else self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points as seen."""
        return self.x1 - self.x0 if self.rotation in {90, 270} else self.y1 - self.y0

    def turned(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Give a box in points from the top left of the page as seen."""
        if self.rotation == 90:
            return y0 - self.y0, x0 - self.x0, y1 - self.y0, x1 - self.x0
        if self.rotation == 180:
            return self.x1 - x1, y0 - self.y0, self.x1 - x0, y1 - self.y0
        if self.rotation == 270:
            return self.y1 - y1, self.x1 - x1, self.y1 - y0, self.x1 - x0
        return x0 - self.x0, self.y1 - y1, x1 - self.x0, self.y1 - y0


class Limits(NamedTuple):
    """How much a paper may hold: pages, objects of the file, characters."""

    pages: int = 2000
    objects: int = 1_000_000
    characters: int = 10_000_000


class OpenedPdf(NamedTuple):
    """A PDF that could be opened.

    Attributes:
        engine: Name and version of what reads it.
        info: Its information dictionary as text.
        pages: Its pages, read one by one; damage further in is raised by it as `ItemError`.
        counted: Pages that the file says it has; may differ from what it holds.
        wrapper: `portfolio` or `form` where the PDF holds something else than a paper, if the engine can tell.
        rebuilt: Whether the engine had to guess where the objects are, and may have missed some.
    """

    engine: str
    info: dict[str, str]
    pages: Iterator[CharPage]
    counted: int
    wrapper: str = ""
    rebuilt: bool = False


class CharacterBuffer:
    """Gathers the characters of one page. Characters of one run share height, size and font."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.x0: list[float] = []
        self.x1: list[float] = []
        self._runs: list[tuple[int, float, float, float, int, bool]] = []
        self._faces: dict[str, int] = {}

    def run(self, edge: float, other: float, size: float, face: str, *, upright: bool) -> None:
        """Begin a run: characters that are added from now on stand between these heights (either one the top)."""
        number = self._faces.setdefault(face, len(self._faces))
        self._runs.append((len(self.text), min(edge, other), max(edge, other), size, number, upright))

    @property
    def faces(self) -> tuple[str, ...]:
        """Names of the faces, in the order of their numbers."""
        return tuple(self._faces)

    def characters(self, width: float, height: float) -> Characters:
        """Give the characters; those that stand off the page (in points), where nobody sees them, are left out."""
        starts = np.array([run[0] for run in self._runs], dtype=np.int64)
        lengths = np.diff(starts, append=len(self.text)).astype(np.int64)
        rows = np.array([run[1:] for run in self._runs], dtype=np.float64).reshape(-1, 5)
        top, bottom, size, face, upright = np.repeat(rows, lengths, axis=0).T
        x0, x1 = np.array(self.x0, dtype=np.float64), np.array(self.x1, dtype=np.float64)
        left, right = np.minimum(x0, x1), np.maximum(x0, x1)
        with np.errstate(invalid="ignore"):
            placed = np.all(np.abs(np.stack([left, right, top, bottom])) < _FARTHEST, axis=0)
            if width > 0 and height > 0:
                placed &= (left + right > 0) & (left + right < 2 * width)
                placed &= (top + bottom > 0) & (top + bottom < 2 * height)
        found = Characters(self.text, left, top, right, bottom, size, face.astype(np.int64), upright > 0)
        return found if placed.all() else chosen(found, placed)


def chosen(chars: Characters, which: Flags) -> Characters:
    """Give the characters for which the flag is set."""
    return Characters(
        list(compress(chars.text, which.tolist())),
        chars.x0[which],
        chars.top[which],
        chars.x1[which],
        chars.bottom[which],
        chars.size[which],
        chars.face[which],
        chars.upright[which],
    )


def face_name(font: str) -> str:
    """Give a font's name without what a subset adds to it: `ABCDEF+Minion-Bold+20` is `Minion-Bold`."""
    return re.sub(r"\+\d+$", "", re.sub(r"^[A-Z]{6}\+", "", font))


def is_bold(face: str) -> bool:
    """Tell by a face's name whether it is bold, as `Minion-Bold`, `AdvTT99.B` and `CMBX10` are."""
    return bool(_BOLD.search(face))


def refuse_non_pdf(data: bytes) -> None:
    """Refuse bytes that no engine could read.

    Raises:
        ItemError: Empty, or not a PDF.
    """
    if not data:
        raise ItemError("pdf-empty", "The file is empty (0 bytes).", "Download the paper again.")
    if b"%PDF-" not in data[:1024]:
        raise ItemError(
            "pdf-not-pdf", "The file is named .pdf but is not a PDF.", "Open it to see what it is; save it as PDF."
        )


def refuse_more(limits: Limits, *, pages: int = 0, objects: int = 0, characters: int = 0) -> None:
    """Refuse a paper that holds more than it may.

    Raises:
        ItemError: Says which limit it passes, and its name in review.toml.
    """
    counts = (("pages", pages, limits.pages), ("objects", objects, limits.objects))
    for name, found, most in (*counts, ("characters", characters, limits.characters)):
        if found > most:
            raise ItemError(
                "pdf-too-long" if name == "pages" else "pdf-too-large",
                f"The PDF has more than {most} {name}.",
                f"Raise max_{name} in review.toml, or cut the paper out of the volume.",
            )


def damaged(message: str) -> ItemError:
    """Give the error for a PDF that is damaged."""
    return ItemError("pdf-damaged", message, "Download the paper again.")


def encrypted() -> ItemError:
    """Give the error for a PDF that asks for a password."""
    return ItemError(
        "pdf-encrypted",
        "The PDF is protected by a password.",
        "Save a copy without password and put that in its place.",
    )
