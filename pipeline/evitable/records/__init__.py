"""Frozen, typed records: exactly what is passed between stages and written to disk."""

from evitable.records.base import FORMAT, Record, decode, digest, encode, squash
from evitable.records.coding import (
    Attribute,
    Basis,
    Coding,
    PaperCoding,
    Polarity,
    Prediction,
    QuoteChecks,
    QuoteMatch,
    Span,
    Status,
)
from evitable.records.document import Block, BlockKind, Box, Document, Line, Notice, Page, SectionKind
from evitable.records.evidence import Cell, CodeCount, Evidence, EvidenceRow, MapCell
from evitable.records.issue import Issue
from evitable.records.paper import Paper, Reference, paper_id
from evitable.records.passage import Passage, Passages, Place, passage_id
from evitable.records.run import PaperTiming, RunIdentity, RunRecord

__all__ = [
    "FORMAT",
    "Attribute",
    "Basis",
    "Block",
    "BlockKind",
    "Box",
    "Cell",
    "CodeCount",
    "Coding",
    "Document",
    "Evidence",
    "EvidenceRow",
    "Issue",
    "Line",
    "MapCell",
    "Notice",
    "Page",
    "Paper",
    "PaperCoding",
    "PaperTiming",
    "Passage",
    "Passages",
    "Place",
    "Polarity",
    "Prediction",
    "QuoteChecks",
    "QuoteMatch",
    "Record",
    "Reference",
    "RunIdentity",
    "RunRecord",
    "SectionKind",
    "Span",
    "Status",
    "decode",
    "digest",
    "encode",
    "paper_id",
    "passage_id",
    "squash",
]
