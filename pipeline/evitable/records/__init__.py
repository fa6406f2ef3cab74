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
from evitable.records.evidence import (
    Cell,
    CodeCount,
    Descriptive,
    Evidence,
    EvidenceRow,
    Flip,
    MapCell,
    Matrix,
    RollUp,
)
from evitable.records.issue import Issue
from evitable.records.model import FIGURES, CodeMeasure, ModelFigures, ModelSummary
from evitable.records.paper import Paper, Reference, paper_id
from evitable.records.passage import Passage, Passages, Place, passage_id
from evitable.records.prisma import Prisma, PrismaBox, PrismaForm, PrismaLine, PrismaSettings
from evitable.records.run import PaperTiming, RunIdentity, RunRecord

__all__ = [
    "FIGURES",
    "FORMAT",
    "Attribute",
    "Basis",
    "Block",
    "BlockKind",
    "Box",
    "Cell",
    "CodeCount",
    "CodeMeasure",
    "Coding",
    "Descriptive",
    "Document",
    "Evidence",
    "EvidenceRow",
    "Flip",
    "Issue",
    "Line",
    "MapCell",
    "Matrix",
    "ModelFigures",
    "ModelSummary",
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
    "Prisma",
    "PrismaBox",
    "PrismaForm",
    "PrismaLine",
    "PrismaSettings",
    "QuoteChecks",
    "QuoteMatch",
    "Record",
    "Reference",
    "RollUp",
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
