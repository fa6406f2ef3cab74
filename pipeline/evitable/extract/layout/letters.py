"""The letters that a reader sees: characters cleaned, printed once, with their accents."""

from __future__ import annotations

import unicodedata

import numpy as np

from evitable.extract.engines.characters import Characters, Flags, chosen

_ACCENTS = {
    "`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307",
    "¨": "\u0308", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip


def letters(chars: Characters) -> tuple[Characters, Flags]:
    """Give what shows of a page's characters, and for each whether a space stands before it; none for none."""
    return _with_accents(*_without_overprints(*_visible(chars)))


def clean(text: str) -> str:
    """Give the characters that a quote may hold: NFC, ligatures and presentation forms resolved, nothing invisible.

    Superscripts, fractions and other compatibility characters stay as they are printed. White space gives "".
    """
    if len(text) == 1 and "!" <= text <= "~":
        return text
    resolved = "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in text)
    kept = (c for c in unicodedata.normalize("NFC", resolved) if not _invisible(c))
    return "".join(kept).replace("\u00ad", "-").replace("\u2010", "-").replace("\u2011", "-")


def _invisible(char: str) -> bool:
    return char.isspace() or (unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} and char != "\u00ad")


def _visible(chars: Characters) -> tuple[Characters, Flags]:
    """Give the characters that show, cleaned, and for each whether a space stands before it.

    A space over which the next character is printed is none: some producers write it where a word may be hyphenated.
    """
    cleaned = {text: clean(text) for text in set(chars.text)}
    text = [cleaned[text] for text in chars.text]
    shows = np.fromiter((bool(t) for t in text), dtype=np.bool_, count=len(text))
    places = np.flatnonzero(shows)
    blank = np.fromiter((t.isspace() for t in chars.text), dtype=np.bool_, count=len(text))
    blanks = np.concatenate([[0], np.cumsum(blank)])[places]
    before = np.maximum(places - 1, 0)
    moved = chars.x0[places] - chars.x0[before]
    printed_over = ~shows[before] & chars.upright[before] & (moved >= 0)
    printed_over &= moved < 0.1 * (chars.x1[before] - chars.x0[before])
    spaced = (np.diff(blanks, prepend=0) > 0) & ~printed_over
    return chosen(chars._replace(text=text), shows), spaced


def _keep(chars: Characters, spaced: Flags, which: Flags) -> tuple[Characters, Flags]:
    return (chars, spaced) if which.all() else (chosen(chars, which), spaced[which])


def _without_overprints(chars: Characters, spaced: Flags) -> tuple[Characters, Flags]:
    """Leave out what is printed a second time on its own place, as false bold is, letter by letter or line by line."""
    codes = {text: code for code, text in enumerate(sorted(set(chars.text)))}
    code = np.fromiter((codes[text] for text in chars.text), dtype=np.int64, count=len(chars.text))
    order = np.lexsort((np.arange(len(code)), chars.x0, np.round(chars.top / 2), code))
    sizes = chars.size[order]
    size = 0.1 * np.minimum(sizes[1:], sizes[:-1])
    again = (np.diff(code[order]) == 0) & (np.abs(np.diff(sizes)) < size)
    again &= np.diff(chars.upright[order].astype(np.int64)) == 0
    again &= (np.abs(np.diff(chars.x0[order])) < size) & (np.abs(np.diff(chars.top[order])) < size)
    again &= chars.x1[order][:-1] > chars.x0[order][:-1]
    keep = np.ones(len(code), dtype=np.bool_)
    keep[np.maximum(order[1:], order[:-1])[again]] = False
    return _keep(chars, spaced, keep)


def _with_accents(chars: Characters, spaced: Flags) -> tuple[Characters, Flags]:
    """Put an accent that is printed over a letter, as TeX does, on that letter, wherever it stands in the stream."""
    if _ACCENTS.keys().isdisjoint(chars.text):
        return chars, spaced
    text, keep, spaced = list(chars.text), np.ones(len(chars.text), np.bool_), spaced.copy()
    for index in [index for index, accent in enumerate(chars.text) if accent in _ACCENTS]:
        letter = _under(chars, index)
        if letter is not None:
            base = {"\u0131": "i", "\u0237": "j"}.get(text[letter], text[letter])
            text[letter] = unicodedata.normalize("NFC", base + _ACCENTS[chars.text[index]])
            keep[index] = False
            spaced[letter] |= spaced[index] and letter == index + 1
    return _keep(chars._replace(text=text), spaced, keep)


def _under(chars: Characters, accent: int) -> int | None:
    """Give the letter over which an accent is printed: the nearest in the stream, or None."""
    middle = (chars.x0[accent] + chars.x1[accent]) / 2
    level = np.abs(chars.top - chars.top[accent]) < 0.5 * chars.size[accent]
    found = np.flatnonzero(level & (chars.x0 <= middle) & (middle <= chars.x1))
    letters = [index for index in found.tolist() if index != accent and chars.text[index].isalpha()]
    return min(letters, key=lambda index: (abs(index - accent), index)) if letters else None
