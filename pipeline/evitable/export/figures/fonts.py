"""Fonts cut down once to the letters of all figures: each PDF holds its own few letters, cut out of these."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]

from evitable.export.figures.letters import font_file, in_font
from evitable.export.figures.picture import Picture, Words

Fonts = Mapping[bool, Path]
"""Files of the plain font, by False, and of the bold one, by True."""


def whole_fonts() -> Fonts:
    """Give the fonts with all of their letters."""
    return {bold: font_file(bold=bold) for bold in (False, True)}


@contextmanager
def cut_fonts(pictures: Sequence[Picture]) -> Iterator[Fonts]:
    """Give the fonts with the letters of some pictures alone; text is set as with the whole ones.

    For each PDF matplotlib cuts the letters out of the font, and takes most of its time to read all rules of a large
    one. The files are there until the block ends.
    """
    words = [item for picture in pictures for item in picture.items if isinstance(item, Words)]
    # Matplotlib may still hold them open, which keeps Windows from taking them away.
    with tempfile.TemporaryDirectory(prefix="evitable-", ignore_cleanup_errors=True) as folder:
        yield {
            bold: _cut(whole, Path(folder), (word.text for word in words if word.bold == bold), bold=bold)
            for bold, whole in whole_fonts().items()
        }


def _cut(whole: Path, folder: Path, texts: Iterable[str], *, bold: bool) -> Path:
    path = folder / whole.name
    options = subset.Options(glyph_names=True, recommended_glyphs=True, drop_tables=["FFTM"])  # as matplotlib has it
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(in_font(text, bold=bold) for text in texts))
    with subset.load_font(str(whole), options) as font:
        subsetter.subset(font)
        font.save(path)
    return path
