"""Papers and their bibliographic references."""

from __future__ import annotations

import msgspec

from evitable.records.base import Record, digest


class Reference(Record, frozen=True, kw_only=True):
    """A bibliographic record, from a reference manager's file or read off the PDF itself.

    Attributes:
        title: Title of the work; empty where unknown.
        authors: Names as `Family, Given`, in order.
        year: Year of publication.
        journal: Journal, series or publisher.
        doi: DOI in lower case without an address in front.
        kind: RIS type such as JOUR, or empty.
        file: Name of the attached file that the record gives, without folders.
        source: Where the record comes from, for example `references.ris, record 3` or `PDF`.
        sources: Where in the PDF each of title, authors, year, journal and doi stands, in the plain phrases of
            `evitable.extract.metadata.read`; empty for a record of a reference file.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    doi: str = ""
    kind: str = ""
    file: str = ""
    source: str = ""
    sources: dict[str, str] = msgspec.field(default_factory=dict)


class Paper(Record, frozen=True, kw_only=True):
    """A PDF file of the corpus.

    Attributes:
        id: From the SHA-256 of the bytes, never from the file name.
        path: Place below `corpus/`, with forward slashes.
        sha256: Of the bytes, in hexadecimal.
        reference: Its bibliographic record, if one was found.
    """

    id: str
    path: str
    sha256: str
    reference: Reference | None = None


def paper_id(sha256: str) -> str:
    """Give the id of the paper whose bytes have this SHA-256 (hexadecimal)."""
    return digest("p", sha256)
