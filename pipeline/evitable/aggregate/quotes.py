"""What a reviewer is told of quotes that the check did not find again in their PDF."""

from __future__ import annotations

from collections.abc import Sequence

from evitable.records import Attribute, Coding, Issue, QuoteMatch

_DOUBTS: dict[QuoteMatch | None, tuple[str, str]] = {
    "missing": ("quote-not-found", "The quote {where} was not found in the PDF's own text of that page."),
    "fuzzy": ("quote-differs", "The quote {where} differs a little from the PDF's own text of that page."),
}
"""Of which grades a reviewer is told: code and message of the issue."""
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
    found: list[Coding | Attribute] = [*quotes.values(), *(attribute for attribute in attributes if attribute.match)]
    if len(found) > 1 and all(quote.match == "missing" for quote in found):
        message = f"None of its {len(found)} quotes was found in the PDF's own text: it may be a scan, or be damaged."
        hint = "Compare each quote with the picture of its page before you use it."
        return [Issue(code="quote-not-found", stage="check", paper=path, message=message, hint=hint)]
    return [_issue(path, quote) for quote in found if quote.match in _DOUBTS]


def _where(quote: Coding | Attribute) -> str:
    if isinstance(quote, Attribute):
        return f"behind {quote.name} ({quote.value}) on PDF page {quote.page}"
    pages = quote.page_labels or tuple(str(page) for page in quote.pages)
    return f"on page{'s' if len(pages) > 1 else ''} {', '.join(pages)} (coding {quote.id})"


def _issue(path: str, quote: Coding | Attribute) -> Issue:
    code, message = _DOUBTS[quote.match]
    return Issue(code=code, stage="check", paper=path, message=message.format(where=_where(quote)), hint=_COMPARE)
