"""What the files say of themselves: in descriptions, which programs show as memos and comments."""

from __future__ import annotations

from collections.abc import Sequence

from evitable.export.clean import clean_text
from evitable.export.doubts import doubt_of
from evitable.export.qda.codes import Key
from evitable.export.qda.naming import name_text
from evitable.records import Coding, DocumentText, EvidenceRow

_NAME_LENGTH = 80
_NO_PAGE = "no page"
_ABOUT = (
    "Every coding of a user whose name starts with “Evitable” is a machine's, and nobody has verified it. People's "
    "codings stand under their own names.\n\n"
    "A code holds the passages that count as evidence. Behind the codebook stand folders whose names start with "
    "“Evitable”: polarity, basis, and what does not count.\n\n"
    "Sources are the papers' texts, without their PDFs: papers are under copyright, and projects are passed on. The "
    "texts are under copyright as well: share the project with those with whom you may share the papers.\n\n"
    "A selection's name gives the first words of its passage. Where name and passage differ, the program counts line "
    "ends in another way than the standard, which counts each as one character.\n\n"
    "All dates are 1 January 2000: some programs cannot read a project without dates, and equal results shall give "
    "equal files."
)


def selection_name(quote: str) -> str:
    """Give a coded passage's first words: where a program has moved a selection, its name and its text differ."""
    words = name_text(quote)
    return words if len(words) <= _NAME_LENGTH else words[:_NAME_LENGTH].rstrip() + "…"


def selection_words(codings: Sequence[Coding], names: dict[Key, str]) -> str:
    """Say of each coding how sure the machine is and why, and where the passage stands: the text has no pages."""
    lines = [_coding_words(coding, names[("code", coding.code)]) for coding in codings]
    first = codings[0]
    pages = ", ".join(str(page) for page in first.pages)
    place = f"p. {', '.join(first.page_labels) or pages} (PDF page {pages})" if pages else _NO_PAGE
    return "\n".join([*lines, " > ".join([place, *first.section])])


def _coding_words(coding: Coding, code: str) -> str:
    says = ", ".join([code, *([coding.polarity] if coding.polarity else []), coding.basis])
    unsure = ", unsure" if coding.unsure else ""
    status = "not verified" if coding.status == "machine" else f"{coding.status} by {coding.coder}"
    words = "; ".join(dict.fromkeys([span.text for span in coding.words]))
    because = f". Words: {words}" if words else ""
    wrong = doubt_of(coding.match)
    doubt = f"; quote {wrong}" if wrong else ""
    return f"{says}: probability {coding.probability:.2f}{unsure}, {status}{because}{doubt}"


def source_words(file: str, sha256: str, document: DocumentText) -> str:
    """Say what a source is: the text of a PDF, which is not inside."""
    known = f" SHA-256 of the PDF: {sha256}." if sha256 else ""
    return (
        f"Text of {file}, as Evitable read it ({document.extractor}). The PDF itself is not in this project; its copy "
        f"in Evitable's folder “highlighted” shows each coded passage on its page.{known}"
    )


def study_words(study: EvidenceRow) -> str:
    """Give the bibliographic record of a study in one paragraph."""
    reference = study.reference
    year = f"({reference.year})" if reference.year else ""
    doi = f"https://doi.org/{reference.doi}" if reference.doi else ""
    parts = ["; ".join(reference.authors), year, reference.title, reference.journal, doi]
    return ". ".join(part.strip().rstrip(".") for part in parts if clean_text(part).strip())


def project_words(title: str, run: str, left_out: Sequence[str], counts: dict[str, int]) -> str:
    """Say what the project is, what it must not be taken for, and what was left out.

    Args:
        title: Name of the review.
        run: Id of the run.
        left_out: Names of papers whose text is not there any more.
        counts: Codings that are not in the project, by the reason why.
    """
    paragraphs = [f"{title}. Made by Evitable, run {run}.", _ABOUT]
    paragraphs += [f"Codings that are not in here: {number}, because {why}." for why, number in sorted(counts.items())]
    if left_out:
        paragraphs.append(f"Left out, because their text is not there any more: {'; '.join(left_out)}.")
    return "\n\n".join(paragraphs)
