"""The corpus on the disk: which papers there are, and which reference goes with which."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evitable.bibliography import Matched, PaperFacts, match_references, read_references, without_repeats
from evitable.errors import UserError
from evitable.flows.hashes import FILES, hash_papers, list_files
from evitable.records import Issue, Paper, Reference, paper_id
from evitable.settings import Settings
from evitable.store import Workspace
from evitable.store.places import Place, corpus_place, read_from, reason, shown

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


def scan_review(workspace: Workspace, settings: Settings) -> Corpus:
    """Find the papers of a review, wherever they lie; files that have not changed are not read again.

    Raises:
        UserError: There is no PDF, or the place cannot be reached.
    """
    return scan_corpus(corpus_place(workspace, settings), workspace.cache / FILES)


def scan_corpus(place: Place, index: Path | None = None) -> Corpus:
    """Find the papers, by content; a second file with the same content is named, and left out.

    Args:
        place: A folder, or an address of a shared store.
        index: File that keeps what is known of the files, so that the next scan reads only what has changed; None to
            read all.

    Raises:
        UserError: There is no PDF, or the place cannot be reached.
    """
    listing = list_files(place)
    if not listing.papers:
        where = shown(str(place))
        raise UserError(f"There is no PDF in {where}.", "Put your papers there (sub-folders are fine), and run again.")
    references, hashes, issues = _read_reference_files(place, listing.beside)
    issues += [_unreadable(_utf8(name), error) for name, error in sorted(listing.closed.items())]
    named = {name: facts for name, facts in listing.papers.items() if name == _utf8(name)}
    issues += [_unnamed(name) for name in listing.papers if name not in named]
    papers: dict[str, Paper] = {}
    for name, sha in hash_papers(place, named, index).items():
        if isinstance(sha, OSError):
            issues.append(_unreadable(name, sha))
        elif sha in papers:
            issues.append(_duplicate(name, papers[sha].path))
        else:
            papers[sha] = Paper(id=paper_id(sha), path=name, sha256=sha)
    matched = match_references([PaperFacts(paper.path, "", "") for paper in papers.values()], references)
    found = tuple(_with(paper, matched.by_path.get(paper.path)) for paper in papers.values())
    return Corpus(found, tuple(references), hashes, tuple(issues))


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
    if reference is None:
        return paper
    return Paper(id=paper.id, path=paper.path, sha256=paper.sha256, reference=reference)


def _read_reference_files(place: Place, beside: Sequence[str]) -> tuple[list[Reference], dict[str, str], list[Issue]]:
    files: list[Sequence[Reference]] = []
    hashes: dict[str, str] = {}
    issues: list[Issue] = []
    for name in _reference_files(place, beside):
        try:
            data = read_from(place, name)
        except OSError as error:
            issues.append(_unreadable(name, error, "references"))
            continue
        hashes[name] = hashlib.sha256(data).hexdigest()
        read = read_references(data, name)
        files.append(read.references)
        issues += read.issues
    return list(without_repeats(files)), hashes, issues + _not_read(place, beside)


def _reference_files(place: Place, beside: Sequence[str]) -> list[str]:
    """Give the names of the reference files that are there; on some disks letter case makes no difference."""
    there = {name for name in beside if name.lower() in REFERENCE_FILES}
    return [name for name in REFERENCE_FILES if name in there or (there and (place / name).is_file())]


def _not_read(place: Place, beside: Sequence[str]) -> list[Issue]:
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
        if name in beside
    ]
    names = [
        _issue(
            "references-name",
            name,
            "This reference file is not read, because it has another name.",
            f"Rename it to references{name[-4:].lower()}, or move it out of corpus.",
            "references",
        )
        for name in beside
        if name[-4:].lower() in _OTHER_NAMES and not _is_read(place, name)
    ]
    return formats + names


def _is_read(place: Place, name: str) -> bool:
    """Tell whether a file is read as a reference file, by whatever letter case where the disk makes no difference."""
    if name in REFERENCE_FILES or name.lower() not in REFERENCE_FILES or not isinstance(place, Path):
        return name in REFERENCE_FILES
    same = place / name.lower()
    return same.is_file() and same.samefile(place / name)


def _utf8(name: str) -> str:
    """Give a file's name as it can be printed."""
    return name.encode("utf-8", "replace").decode()


def _unnamed(name: str) -> Issue:
    message = "The file's name is not Unicode text, so that no table can show it."
    return _issue("file-name", _utf8(name), message, "Rename the file.")


def _duplicate(name: str, first: str) -> Issue:
    message = f"The file has the same content as {first}, and is not counted twice."
    return _issue("duplicate", name, message, "Delete one of them.")


def _unreadable(name: str, error: OSError, stage: str = "scan") -> Issue:
    message = f"The file cannot be read ({reason(error)})."
    return _issue("file-unreadable", name, message, "Check its permissions.", stage)


def _issue(code: str, paper: str, message: str, hint: str, stage: str = "scan") -> Issue:
    return Issue(code=code, stage=stage, paper=paper, message=message, hint=hint)
