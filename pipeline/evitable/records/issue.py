"""What went wrong, in words that a reviewer understands."""

from __future__ import annotations

from evitable.records.base import Record


class Issue(Record, frozen=True, kw_only=True):
    """One fault of one paper or file. Holds no text of the paper.

    Attributes:
        code: Stable name, for filtering.
        stage: Where it happened: scan, references, extract, segment, classify, check.
        paper: Path below `corpus/`, or the file that is meant.
        message: One plain sentence.
        hint: What to do.
    """

    code: str
    stage: str
    paper: str
    message: str
    hint: str = ""
