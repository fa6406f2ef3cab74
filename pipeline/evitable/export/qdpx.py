"""Codings and codebook for NVivo, MAXQDA, ATLAS.ti, QualCoder and others: REFI-QDA 1.5 (REFI, 2019)."""

from __future__ import annotations

import io
import zipfile
from collections import Counter, defaultdict

from evitable.export.qda.codes import codebook_codes
from evitable.export.qda.marks import project_codes
from evitable.export.qda.naming import plain_text
from evitable.export.qda.sources import GONE, Source, papers_of, source_of, users_of
from evitable.export.qda.words import project_words
from evitable.export.qda.xml import Project, codebook_bytes, write_project
from evitable.export.review import Files, Review
from evitable.records import Coding

PROJECT_FILE = "codings.qdpx"
CODEBOOK_FILE = "codebook.qdc"
_UNIX = 3
_FOLDER = 0o40755 << 16 | 0x10
_FILE = 0o100644 << 16
_EFFORT = 1
"""Of 1 to 9. A quarter of the time of the usual 6, for files a tenth larger."""


def qda_project(review: Review) -> Files:
    """Write the codings as a REFI-QDA project, one text for each paper.

    Sources are the papers' canonical texts, so that selections are exact: code points from 0, the end excluded, as
    the programs take them. There are no PDFs inside, since papers are under copyright and projects are passed on. The
    machine and each person are users of their own. Ids come from Evitable's own, so that a later export has the same
    GUIDs for the same things.

    Args:
        review: Its sources are loaded one paper at a time. A paper whose text is not there any more is left out and
            named in the project's description. No studies give a valid project with the codebook alone.

    Yields:
        `codings.qdpx`; equal input gives equal bytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT) as archive:
        archive.writestr(zipfile.ZipInfo("sources/"), b"")
        project = _project(review, archive)
        # Last, since it can only name the texts that were there; readers find it by the ZIP's own list.
        with archive.open("project.qde", "w") as out:
            write_project(out, project)
        for entry in archive.infolist():  # nothing of the computer that wrote it
            entry.create_system, entry.external_attr = _UNIX, _FOLDER if entry.is_dir() else _FILE
    yield PROJECT_FILE, buffer.getvalue()


def qda_codebook(review: Review) -> Files:
    """Write the codebook as REFI-QDA: dimension, family, code, with definitions.

    Yields:
        `codebook.qdc`, with the same names and GUIDs as in `codings.qdpx`.
    """
    yield CODEBOOK_FILE, codebook_bytes(codebook_codes(review.codebook), f"Evitable {review.run.evitable}")


def _project(review: Review, archive: zipfile.ZipFile) -> Project:
    """Write the texts into the archive, by GUID, and give what the project file says of them."""
    codings: dict[str, list[Coding]] = defaultdict(list)
    for coding in review.evidence.codings:
        codings[coding.paper_id].append(coding)
    papers = papers_of(review)
    found: dict[str, Source] = {}
    for paper in sorted(papers, key=lambda paper: paper.guid):
        document = review.sources.text(paper.id)
        if document is not None:
            text = plain_text(document.text).encode()
            archive.writestr(zipfile.ZipInfo(f"sources/{paper.guid}.txt"), text, zipfile.ZIP_DEFLATED, _EFFORT)
            found[paper.id] = source_of(paper, document, codings[paper.id], review)
    sources = {paper.id: found[paper.id] for paper in papers if paper.id in found}
    missing = [paper for paper in papers if paper.id not in found]
    not_in = sum(
        (source.not_in for source in found.values()), Counter({GONE: sum(len(codings[p.id]) for p in missing)})
    )
    selections = [selection for source in sources.values() for selection in source.selections]
    return Project(
        review,
        project_codes(review.codebook, (coding for selection in selections for coding in selection.codings)),
        users_of(review, selections),
        sources,
        project_words(review.title, review.run.id, [paper.name for paper in missing], +not_in),
    )
