"""Reference files of a reference manager: each read by its format, without losing a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from evitable.bibliography.bibtex import read_bibtex
from evitable.bibliography.csl import read_csl
from evitable.bibliography.fields import ReadReferences, decode_text
from evitable.bibliography.ris import read_ris
from evitable.records import Reference, squash

_READERS = {"bib": read_bibtex, "json": read_csl, "ris": read_ris}


def read_references(data: bytes, name: str) -> ReadReferences:
    """Read a reference file record by record; a broken record costs itself only.

    Args:
        data: The file's bytes; UTF-8 with or without BOM, or else Windows-1252.
        name: The file's name, for messages and sources. `.bib` is BibTeX, `.json` is CSL-JSON, all else is RIS.

    Returns:
        Records in file order, and one issue for each that could not be read, or one for a file that is of another
        format altogether. An empty file gives neither.
    """
    read = _READERS.get(name.rpartition(".")[2].casefold(), read_ris)
    return read(decode_text(data), name)


def without_repeats(files: Sequence[Sequence[Reference]]) -> tuple[Reference, ...]:
    """Put the records of several files together; of a work that is in two files, the record of the first file stays.

    The same work is one with the same DOI, or with the same file name and title. Where one of the two names no file,
    title, year and first author must be the same, and one of them have no DOI. The second record is left out without
    a word: nothing is missing. What one file holds twice stays twice.

    Args:
        files: Records by file, in the order in which files take precedence.
    """
    kept: list[Reference] = []
    dois: set[str] = set()
    titles: defaultdict[str, list[Reference]] = defaultdict(list)
    for references in files:
        new = [
            reference
            for reference in references
            if reference.doi not in dois
            and not any(_same(reference, other) for other in titles.get(squash(reference.title), ()))
        ]
        kept += new
        dois |= {reference.doi for reference in new if reference.doi}
        for reference in new:
            if squash(reference.title):
                titles[squash(reference.title)].append(reference)
    return tuple(kept)


def _same(one: Reference, other: Reference) -> bool:
    """Tell whether two records of the same title are one work."""
    if one.file and other.file:
        return one.file.casefold() == other.file.casefold()
    return not (one.doi and other.doi) and one.year == other.year and _lead(one) == _lead(other)


def _lead(reference: Reference) -> str:
    return squash(reference.authors[0].partition(",")[0]) if reference.authors else ""
