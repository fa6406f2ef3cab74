"""What a reviewer is told of quotes that the check did not find again in their PDF."""

from __future__ import annotations

from collections.abc import Sequence

from evitable.records import Attribute, Coding, Issue, QuoteMatch

_COMPARE = "Compare it with the page before you use it; the extraction may have gone wrong there."


def quote_issues(path: str, codings: Sequence[Coding], attributes: Sequence[Attribute]) -> list[Issue]:
    """Name the quotes of one paper that differ from its PDF or are missing from it.

    Args:
        path: The paper's path.
        codings: Its codings; a passage with several codes is one quote, named by its first coding.
        attributes: Its attributes.

    Returns:
        One issue for each such quote, without its text; a single one for a paper of whose quotes none was found, as in
        a scan. No issues where nothing was checked.
    """
    quotes: dict[str, Coding] = {}
    for coding in codings:
        quotes.setdefault(coding.passage_id, coding)
    found = [(_where(coding), coding.match) for coding in quotes.values()]
    found += [(f"behind {a.name} ({a.value}) on PDF page {a.page}", a.match) for a in attributes if a.match]
    if len(found) > 1 and all(match == "missing" for _, match in found):
        message = f"None of its {len(found)} quotes was found in the PDF's own text: it may be a scan, or be damaged."
        hint = "Compare each quote with the picture of its page before you use it."
        return [Issue(code="quote-not-found", stage="check", paper=path, message=message, hint=hint)]
    return [issue for where, match in found for issue in _issues(path, where, match)]


def _where(coding: Coding) -> str:
    pages = coding.page_labels or tuple(str(page) for page in coding.pages)
    return f"on page{'s' if len(pages) > 1 else ''} {', '.join(pages)} (coding {coding.id})"


def _issues(path: str, where: str, match: QuoteMatch | None) -> list[Issue]:
    if match == "missing":
        message = f"The quote {where} was not found in the PDF's own text of that page."
        return [Issue(code="quote-not-found", stage="check", paper=path, message=message, hint=_COMPARE)]
    if match == "fuzzy":
        message = f"The quote {where} differs a little from the PDF's own text of that page."
        return [Issue(code="quote-differs", stage="check", paper=path, message=message, hint=_COMPARE)]
    return []
