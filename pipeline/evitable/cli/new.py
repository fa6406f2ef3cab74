"""`evitable new`: make the folder of a review."""

from __future__ import annotations

from pathlib import Path

import click

from evitable.errors import UserError

_SETTINGS = """\
# Settings of this review. Lines that begin with a sign # are examples; without them the defaults hold.

title = {title}

# codebook = "codebook.toml"   # your own codebook; without it, the co-production codebook is used
# model = "models/mine"        # your own model, made by `evitable train`
# extractor = "pdfminer"       # engine that reads the PDFs first: "pdfminer" or "pdfium"
# ocr = false                  # true: scanned papers are read by OCRmyPDF, which must be installed
# ocr_language = "eng"         # their languages, as Tesseract names them: "eng+deu"
# ocr_time_limit = 1800        # seconds that the OCR of one paper may take
# workers = 0                  # papers read at the same time; 0 is one per processor core
# time_limit = 120             # seconds that one attempt at a paper may take
# memory_limit = 4000          # megabytes that one worker may take; 0 for no limit
# max_pages = 2000             # pages that one paper may have
# max_objects = 1000000        # objects that the file of one paper may hold
# max_characters = 10000000    # characters that one paper may have
# nlp = ""                     # an installed spaCy pipeline for sentences; empty for the built-in English rules
# roll_up = "any"              # which passages give a study a code: "any", "at least 2", or "best 0.80" (probability)
# exports = []                 # kinds of files that a run writes, such as ["xlsx", "html"]; empty for all
# min_papers = 1               # papers that must be read, or nothing is published

# [[study]]                    # several papers that report one study, counted once; the first gives author and year
# papers = ["main-report.pdf", "follow-up.pdf"]

# [prisma]                     # what you counted before the papers came here, for the PRISMA 2020 flow diagram
# databases = { Scopus = 412, "Web of Science" = 380 }
# duplicates = 230
# excluded = 480               # at screening
# excluded_reports = { "no lay actors" = 12, "not empirical" = 9 }
"""

_CORPUS_NOTE = """\
Put the papers (PDF) of your review here; sub-folders are fine. Beside them, if you have it, an export of your reference
manager: references.ris, references.bib or references.json (CSL-JSON). Then run: evitable run
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="", help="Name of the review, printed on its outputs.")
def new(folder: Path, title: str) -> None:
    """Make the folder of a new review. What is already there stays as it is.

    \b
    Example:
      evitable new my-review --title "Co-production in housing"
    """
    from evitable.records import encode  # noqa: PLC0415
    from evitable.store import writable, write_bytes  # noqa: PLC0415

    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file.", "Choose another name for the review's folder.")
    for name in ("corpus/decisions", "models", "outputs"):
        writable(folder / name)
    files = {
        "review.toml": _SETTINGS.replace("{title}", encode(title or folder.resolve().name).decode().strip()),
        "corpus/README.txt": _CORPUS_NOTE,
    }
    for name, text in files.items():
        if not (folder / name).exists():
            write_bytes(folder / name, text.encode())
    click.echo(f"Made {folder}. Put your PDFs into {folder / 'corpus'}, then: evitable run {folder}")
