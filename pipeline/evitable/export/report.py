"""The self-contained HTML report: map, studies, synthesis and quotes in one file that opens without a network."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib import resources
from typing import Any, get_args

from jinja2 import Environment, PackageLoader, StrictUndefined

from evitable.codebook import Codebook
from evitable.export.clean import clean_text
from evitable.export.report_views import Lookup, doubt_of, map_view, page_of, section_of, study_view, synthesis_view
from evitable.records import Basis, Evidence, Polarity, RunIdentity

_PACKAGE = "evitable.export"
_VERIFIED = frozenset({"accepted", "corrected"})
# An HTML parser ends a script at `</script`, whatever its type; characters that are cleaned away would move the spans.
_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\x7f"}


def report_html(evidence: Evidence, codebook: Codebook, run: RunIdentity, title: str) -> bytes:
    """Write the report: one HTML file that needs no other file, no network and, but for the full list, no script.

    All text of papers is escaped; styles and script are allowed by their SHA-256 only (Content Security Policy).

    Args:
        evidence: The tables of the review.
        codebook: The codebook that the evidence was coded with.
        run: What decided the results.
        title: Heading of the page.

    Returns:
        UTF-8; equal arguments give equal bytes. Empty evidence gives a page that says so in every section.

    Raises:
        KeyError: The evidence names a code, study or coding that it or the codebook does not hold.
    """
    lookup = Lookup(evidence, codebook)
    css, script = _file("report.css"), _file("report.js")
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            policy=_policy(css, script),
            css=css,
            script=script,
            summary=_summary(evidence, run),
            map=map_view(evidence, lookup),
            studies=[study_view(study, lookup) for study in evidence.studies],
            synthesis=synthesis_view(evidence, lookup),
            statuses=sorted({coding.status for coding in evidence.codings}),
            ways=get_args(Polarity),
            bases=(*get_args(Basis), "unsure"),
            dimensions=[(dimension, codebook.codes_of(dimension.name)) for dimension in codebook.dimension],
            indexes=lookup.codes,
            book=codebook,
            evidence=evidence,
            run=run,
            versions=_versions(run),
            data=_json(_data(evidence, lookup)),
        )
    )
    return clean_text(page).encode("utf-8")


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@functools.cache
def _file(name: str) -> str:
    return resources.files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _policy(css: str, script: str) -> str:
    sources = f"style-src '{_hash(css)}'; script-src '{_hash(script)}'"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).translate(_UNSAFE)


def _summary(evidence: Evidence, run: RunIdentity) -> dict[str, int]:
    """Count for the first lines. A paper is not read if it was found but stands behind no study."""
    read = {file for study in evidence.studies for file in study.files}
    statuses = [coding.status for coding in evidence.codings if not coding.unsure]
    return {
        "studies": len(evidence.studies),
        "codings": len(statuses),
        "unsure": len(evidence.codings) - len(statuses),
        "unread": len(set(run.papers) - read),
        "verified": sum(status in _VERIFIED for status in statuses),
        "machine": statuses.count("machine"),
    }


def _versions(run: RunIdentity) -> list[tuple[str, list[tuple[str, str]]]]:
    def text(values: dict[str, Any]) -> list[tuple[str, str]]:
        shown = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
            for name, value in values.items()
        }
        return sorted(shown.items())

    return [("Stages", text(run.stages)), ("Libraries", text(run.libraries)), ("Settings", text(run.settings))]


def _data(evidence: Evidence, lookup: Lookup) -> dict[str, object]:
    """Pack the evidence list for the script: each quote once, everything else by its place in a list."""
    passages: dict[tuple[int, str, str, str, str], int] = {}
    codings = []
    for coding in evidence.codings:
        page = page_of(coding.page_labels or tuple(map(str, coding.pages)))
        key = (lookup.studies[coding.study_id], section_of(coding), page, coding.quote, doubt_of(coding.match))
        spans = [offset for span in coding.words for offset in (span.start, span.end)]
        coder = "" if coding.status == "machine" else coding.coder
        place = passages.setdefault(key, len(passages))
        way = coding.polarity or ""
        basis = "unsure" if coding.unsure else coding.basis
        codings.append(
            (place, lookup.codes[coding.code], way, round(coding.probability, 4), coding.status, coder, spans, basis)
        )
    dimensions = {dimension.name: dimension.title for dimension in lookup.book.dimension}
    return {
        "studies": [study.key for study in evidence.studies],
        "codes": [(code.title, dimensions[code.dimension]) for code in lookup.book.code],
        "passages": list(passages),
        "codings": codings,
        "map": [
            ([lookup.codes[code] for code in cell.codes], [lookup.studies[study] for study in cell.study_ids])
            for cell in evidence.map
        ],
    }
