"""The corpus on the disk: which papers there are, and which reference goes with which."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evitable.bibliography import Matched, PaperFacts, match_references, read_references, without_repeats
from evitable.errors import UserError
from evitable.records import Issue, Paper, Reference, paper_id

REFERENCE_FILES = ("references.ris", "references.bib", "references.json")
"""Reference files, in the order in which their records take precedence."""
_UNREAD = ("references.xml", "references.enw", "references.nbib")
_OTHER_NAMES = (".ris", ".bib")


@dataclass(frozen=True, slots=True)
class Corpus:
    """What lies in `corpus/`.

    Attributes:
        papers: One per different content, by path.
        references: Records of the reference files, in order; a work that is in two files once, as the first has it.
        reference_hashes: SHA-256 of each reference file by name.
        issues: Files that are left out, and why.
    """

    papers: tuple[Paper, ...]
    references: tuple[Reference, ...]
    reference_hashes: dict[str, str]
    issues: tuple[Issue, ...]


def scan_corpus(folder: Path) -> Corpus:
    """Find the papers, by content; a second file with the same content is named, and left out.

    Raises:
        UserError: There is no PDF in the folder.
    """
    paths = _pdf_paths(folder)
    if not paths:
        raise UserError(f"There is no PDF in {folder}.", "Put your papers there (sub-folders are fine), and run again.")
    references, hashes, issues = _read_reference_files(folder)
    papers: dict[str, Paper] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            sha = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            issues.append(_unreadable(name, error))
            continue
        if sha in papers:
            issues.append(
                _issue(
                    "duplicate",
                    name,
                    f"The file has the same content as {papers[sha].path}, and is not counted twice.",
                    "Delete one of them.",
                )
            )
        else:
            papers[sha] = Paper(id=paper_id(sha), path=name, sha256=sha)
    matched = match_references([PaperFacts(paper.path, "", "") for paper in papers.values()], references)
    found = tuple(_with(paper, matched.by_path.get(paper.path)) for paper in papers.values())
    return Corpus(found, tuple(references), hashes, tuple(issues))


def has_papers(folder: Path) -> bool:
    """Tell whether there is any PDF, without reading one."""
    return bool(_pdf_paths(folder))


def match_papers(corpus: Corpus, first_pages: dict[str, Reference]) -> tuple[tuple[Paper, ...], tuple[Issue, ...]]:
    """Match papers to references by file, DOI and title, now that their first pages are known.

    Args:
        corpus: As scanned.
        first_pages: What the first page says, by path; papers that could not be read are not in it.

    Returns:
        The papers that could be read, each with its reference record or else what its first page says; and an issue
        for each paper without a record and each record without a paper.
    """
    papers = [paper for paper in corpus.papers if paper.path in first_pages]
    facts = [PaperFacts(paper.path, first_pages[paper.path].title, first_pages[paper.path].doi) for paper in papers]
    matched = match_references(facts, _without_failed(corpus, papers))
    issues = _leftovers(papers, matched) if corpus.references else []
    return tuple(_with(paper, matched.by_path.get(paper.path, first_pages[paper.path])) for paper in papers), tuple(
        issues
    )


def _leftovers(papers: Sequence[Paper], matched: Matched) -> list[Issue]:
    """Name the papers without a record, and the records without a paper."""
    without = [
        _issue(
            "paper-without-reference",
            paper.path,
            "No record of the reference file goes with this paper.",
            "Add it to your reference manager, and export again.",
            "references",
        )
        for paper in papers
        if paper.path not in matched.by_path
    ]
    missing = [
        _issue(
            "reference-without-paper",
            reference.source,
            f"No paper in corpus goes with this record: {reference.title or reference.doi}.",
            "Add the PDF, or leave it as not retrieved.",
            "references",
        )
        for reference in matched.left_over
    ]
    return without + missing


def _without_failed(corpus: Corpus, papers: Sequence[Paper]) -> list[Reference]:
    """Leave out the records that belong to papers which are there but could not be read: those are not missing."""
    read = {paper.path for paper in papers}
    taken = [paper.reference for paper in corpus.papers if paper.reference is not None and paper.path not in read]
    return [reference for reference in corpus.references if reference not in taken]


def _with(paper: Paper, reference: Reference | None) -> Paper:
    return Paper(id=paper.id, path=paper.path, sha256=paper.sha256, reference=reference)


def _pdf_paths(folder: Path) -> list[Path]:
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(root) / name for name in names if name.lower().endswith(".pdf") and not name.startswith(".")]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _read_reference_files(folder: Path) -> tuple[list[Reference], dict[str, str], list[Issue]]:
    files: list[Sequence[Reference]] = []
    hashes: dict[str, str] = {}
    issues: list[Issue] = []
    for name in REFERENCE_FILES:
        try:
            data = (folder / name).read_bytes() if (folder / name).is_file() else None
        except OSError as error:
            issues.append(_unreadable(name, error, "references"))
            continue
        if data is not None:
            hashes[name] = hashlib.sha256(data).hexdigest()
            read = read_references(data, name)
            files.append(read.references)
            issues += read.issues
    return list(without_repeats(files)), hashes, issues + _not_read(folder)


def _not_read(folder: Path) -> list[Issue]:
    """Name the reference files that are not read: of another format, or of another name."""
    formats = [
        _issue(
            "references-format",
            name,
            "Reference files of this format are not read.",
            "Export it as RIS, BibTeX or CSL-JSON, and name it references.ris, references.bib or references.json.",
            "references",
        )
        for name in _UNREAD
        if (folder / name).is_file()
    ]
    names = [
        _issue(
            "references-name",
            path.name,
            "This reference file is not read, because it has another name.",
            f"Rename it to references{path.suffix.lower()}, or move it out of corpus.",
            "references",
        )
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in _OTHER_NAMES and path.is_file() and not _is_read(path)
    ]
    return formats + names


def _is_read(path: Path) -> bool:
    """Tell whether a file is read as a reference file, or is hidden; on some disks letter case makes no difference."""
    same = path.with_name(path.name.lower())
    return path.name.startswith(".") or (same.name in REFERENCE_FILES and same.is_file() and same.samefile(path))


def _unreadable(name: str, error: OSError, stage: str = "scan") -> Issue:
    message = f"The file cannot be read ({error.strerror})."
    return _issue("file-unreadable", name, message, "Check its permissions.", stage)


def _issue(code: str, paper: str, message: str, hint: str, stage: str = "scan") -> Issue:
    return Issue(code=code, stage=stage, paper=paper, message=message, hint=hint)
