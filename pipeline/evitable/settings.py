"""Settings of a review (`review.toml`): few, and each has a default."""

from __future__ import annotations

import os
import re
from typing import Annotated, Literal

from msgspec import Meta

from evitable.errors import UserError
from evitable.records.base import Record
from evitable.records.evidence import RollUp
from evitable.records.prisma import PrismaSettings
from evitable.records.toml import read_toml

SETTINGS_FILE = "review.toml"
_ROLL_UP = re.compile(r"any|at least [1-9][0-9]*|best 0?\.[0-9]*[1-9][0-9]*")


class StudyPapers(Record, frozen=True, kw_only=True):
    """Papers that report one study.

    Attributes:
        papers: Their paths below `corpus/`; the first gives the study its bibliographic record.
        key: Short name of the study; empty to have it made from the first paper.
    """

    papers: Annotated[tuple[str, ...], Meta(min_length=2)]
    key: str = ""


class Settings(Record, frozen=True, kw_only=True):
    """What a reviewer may set.

    Attributes:
        title: Name of the review, printed on its outputs.
        codebook: File of the review's own codebook, below the workspace; empty for the co-production codebook.
        model: Folder of the review's own model, below the workspace; empty for the shipped one.
        extractor: Engine that reads the PDFs first, pdfminer or pdfium; the other is tried where it fails.
        encoder: Sentence encoder that the review's own model was trained with: a folder, or the name of one that this
            machine holds; empty for none.
        nlp: Name or folder of an installed spaCy pipeline for sentences; empty for the built-in English rules.
        workers: Papers read at the same time; 0 for one per processor core.
        runner: Where papers are read and coded: `local` on this machine, `dask` on the workers of a Dask cluster.
        dask_address: Address of the cluster's scheduler; empty for a cluster on this machine.
        corpus: Address of the papers as fsspec knows it, such as `s3://bucket/papers`; empty for the folder `corpus`.
        cache: Address of the results per paper and stage; empty for `outputs/.cache`.
        store: Address of the database of runs, such as `postgresql+psycopg://host/review`; empty for
            `outputs/review.sqlite3`.
        time_limit: Seconds that one attempt at a paper may take; a paper that hangs both engines takes twice that.
        memory_limit: Megabytes that one worker may take; 0 for no limit.
        max_pages: Pages that one paper may have.
        max_objects: Objects that the file of one paper may hold.
        max_characters: Characters that one paper may have.
        ocr: Whether scanned papers are read by OCRmyPDF, which must be installed.
        ocr_language: Languages of the scanned papers, as Tesseract names them, joined by `+`.
        ocr_time_limit: Seconds that the OCR of one paper may take.
        roll_up: The rule by which passages decide whether a study carries a code: `any`, `at least 2` (passages), or
            `best 0.80` (probability of the most probable passage).
        exports: Kinds of files that a run writes; empty for all.
        study: Papers that report one study, and are counted as one.
        prisma: What people counted before the papers came into the corpus.
        min_papers: Papers that must have been coded, or nothing is published.
    """

    title: str = "A review of co-production"
    codebook: str = ""
    model: str = ""
    extractor: Literal["pdfminer", "pdfium"] = "pdfminer"
    encoder: str = ""
    nlp: str = ""
    workers: Annotated[int, Meta(ge=0, le=64)] = 0
    runner: Literal["local", "dask"] = "local"
    dask_address: str = ""
    corpus: str = ""
    cache: str = ""
    store: str = ""
    time_limit: Annotated[int, Meta(ge=1, le=3600)] = 120
    memory_limit: Annotated[int, Meta(ge=0)] = 4000
    max_pages: Annotated[int, Meta(ge=1)] = 2000
    max_objects: Annotated[int, Meta(ge=1)] = 1_000_000
    max_characters: Annotated[int, Meta(ge=1)] = 10_000_000
    ocr: bool = False
    ocr_language: Annotated[str, Meta(pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$")] = "eng"
    ocr_time_limit: Annotated[int, Meta(ge=1, le=36000)] = 1800
    roll_up: str = "any"
    exports: tuple[str, ...] = ()
    study: tuple[StudyPapers, ...] = ()
    prisma: PrismaSettings = PrismaSettings()
    min_papers: Annotated[int, Meta(ge=1)] = 1

    @property
    def rule(self) -> RollUp:
        """The roll-up rule as a record."""
        match self.roll_up.split():
            case ["at", "least", number]:
                return RollUp(kind="at_least", least=int(number))
            case ["best", probability]:
                return RollUp(kind="best", least=float(probability))
            case _:
                return RollUp()


def workers_of(settings: Settings) -> int:
    """Give how many papers are read at the same time on this machine."""
    return settings.workers or os.cpu_count() or 1


def read_settings(text: str, name: str = SETTINGS_FILE) -> Settings:
    """Read the settings; empty text gives the defaults.

    Raises:
        UserError: Names the file, the key and the mend.
    """
    settings = read_toml(text, Settings, name)
    if not _ROLL_UP.fullmatch(settings.roll_up):
        raise UserError(
            f'{name}: "roll_up" is "{settings.roll_up}".',
            'Write "any", or "at least 2" (passages), or "best 0.80" (probability below 1).',
        )
    return settings
