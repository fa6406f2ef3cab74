"""The texts of what a run shows on a Prefect server: its report, and the rows of its tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from evitable.export.what_changed import cause_words, change_summary, in_order
from evitable.records import Changes, PaperTiming, RunRecord

MOST = 200
"""Rows of a table; all of them are in the review's own files."""
_QUOTE = 300
"""Characters of a quote in a table."""
_NAMED = 20
"""Papers that were not read which the report names."""


def artifact_name(folder: Path) -> str:
    """Give a review's name as the server allows it in keys: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-") or "review"


def link(path: Path) -> str:
    """Give the address of a file; it opens where the disk is the same, and names the file elsewhere."""
    return f"file://{quote(path.as_posix() if path.as_posix().startswith('/') else '/' + path.as_posix())}"


def run_report(record: RunRecord, changes: Changes | None, outputs: Path) -> str:
    """Report a run in Markdown: counts, what changed, what failed, versions."""
    identity = record.identity
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(identity.libraries.items()))
    failed = [paper for paper in record.papers if paper.issue]
    sections = {
        "Counts": [f"{name.replace('_', ' ')}: {count:,}" for name, count in record.counts.items()],
        "What changed": [f"{key}: {plain(text)}" for key, text in change_summary(changes)] if changes else [],
        "Not read": [f"{plain(paper.path)}: {plain(paper.issue.message)}" for paper in failed[:_NAMED] if paper.issue],
        "Versions": [
            f"Evitable {identity.evitable}",
            f"codebook {plain(identity.codebook)} ({identity.codebook_version})",
            f"model {plain(identity.model_id)}: {plain(identity.model_note)}",
            libraries,
        ],
    }
    lines = [
        f"# Run {record.number} of {plain(outputs.parent.name)}",
        "",
        f"Started {record.started}, {record.seconds:.0f} s. Its files are in `{outputs}`.",
    ]
    for title, points in sections.items():
        if points:
            lines += ["", f"## {title}", "", *(f"- {point}" for point in points)]
    if len(failed) > _NAMED:
        lines += ["", f"{len(failed)} papers were not read; `issues.csv` names them all."]
    return "\n".join(lines) + "\n"


def failure_rows(papers: Sequence[PaperTiming], most: int = MOST) -> list[dict[str, str]]:
    """Give the papers that were not read as rows of a table, the first ones of many; none gives one row saying so."""
    rows = [
        {"paper": paper.path, "what": paper.issue.message, "what to do": paper.issue.hint, "code": paper.issue.code}
        for paper in papers
        if paper.issue
    ]
    return rows[:most] or [{"paper": "all papers were read"}]


def change_rows(changes: Changes, most: int = MOST) -> list[dict[str, str]]:
    """Give the cells that are not what they were as rows of a table, the first of many; none gives a row saying so."""
    rows: list[dict[str, str]] = []
    for cell in in_order(changes.cells):
        now = cell.after or cell.before
        if cell.change != "unchanged" and now is not None and len(rows) < most:
            quoted = now.quote if len(now.quote) <= _QUOTE else now.quote[:_QUOTE] + " …"
            rows.append(
                {
                    "change": cell.change,
                    "study": cell.study,
                    "dimension": cell.dimension,
                    "code": cell.code,
                    "why": cause_words(cell),
                    "quote": quoted,
                    "page": now.pages,
                }
            )
    return rows or [{"change": "no cell changed"}]


def plain(text: str) -> str:
    """Take from a text what Markdown would read as its own, and line ends."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))
