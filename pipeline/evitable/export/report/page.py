"""The report as one file: texts and numbers from the records, layout from the templates."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from evitable.export.clean import clean_text
from evitable.export.report.agreement import agreement_view
from evitable.export.report.changes import changes_view
from evitable.export.report.data import index_json, quote_lines
from evitable.export.report.flow import flow_rows
from evitable.export.report.maps import map_view, matrix_view
from evitable.export.report.studies import filters, study_view
from evitable.export.report.synthesis import descriptives_view, flips_view, synthesis_view
from evitable.export.report.words import Lookup
from evitable.export.review import Files, Review
from evitable.records import RunIdentity

NAME = "report.html"
_PACKAGE = "evitable.export.report"
_SCRIPTS = ("data.js", "quotes.js", "table.js", "panel.js", "address.js")
_ROWS = 50
"""Studies that the screen shows at once; a screen of 500 rows takes half a second to sort."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of the first lines.

    `codings` are evidence of studies, `carried` those of them in counted cells, `bare` those that nobody has checked.
    """

    studies: int
    coded: int
    papers: int
    unread: int
    passages: int
    coded_passages: int
    codings: int
    carried: int
    verified: int
    bare: int
    mentions: int
    unsure: int


def report(review: Review) -> Files:
    """Write the report: one HTML file that needs no other file and no network.

    Tables, synthesis and best quotes are readable without a script; the script opens the other quotes, searches, sorts
    and filters. All text of papers is escaped; styles and script are allowed by their SHA-256 only (Content Security
    Policy).

    Args:
        review: What is exported. Empty evidence gives a page that says so in every section.

    Yields:
        One file, UTF-8; equal reviews give equal bytes.

    Raises:
        KeyError: The evidence names a code, study or coding that it or the codebook does not hold.
    """
    yield NAME, clean_text(_page(review)).encode("utf-8")


def _page(review: Review) -> str:
    lookup, evidence = Lookup(review), review.evidence
    css, first, script = _file("report.css"), _file("script/first.js"), _script()
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=review.title,
            policy=_policy(css, first, script),
            css=css,
            first=first,
            script=script,
            rows=_ROWS,
            numbers=_numbers(review),
            map=map_view(lookup),
            matrices=matrix_view(lookup),
            studies=[study_view(row, lookup) for row in evidence.studies],
            filters=filters(lookup),
            synthesis=synthesis_view(lookup),
            descriptives=descriptives_view(lookup),
            flips=flips_view(lookup),
            changes=changes_view(review.changes, lookup),
            agreement=agreement_view(review.agreement, review.disagreements, lookup),
            flow=flow_rows(evidence.prisma),
            evidence=evidence,
            book=review.codebook,
            model=review.model,
            run=review.run,
            versions=_versions(review.run),
            titles=lookup.titles,
            index=index_json(lookup),
            lines=quote_lines(lookup),
        )
    )


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@functools.cache
def _file(name: str) -> str:
    return resources.files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


@functools.cache
def _script() -> str:
    """Join the script's parts in a block, so that their names are its own."""
    return '"use strict";\n{\n' + "\n".join(_file(f"script/{name}") for name in _SCRIPTS) + "}\n"


def _policy(css: str, *scripts: str) -> str:
    hashes = " ".join(f"'{_hash(script)}'" for script in scripts)
    sources = f"style-src '{_hash(css)}'; script-src {hashes}"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _numbers(review: Review) -> Numbers:
    """Count for the first lines. A paper is not read if it was found but stands behind no study."""
    studies, codings = review.evidence.studies, review.evidence.codings
    read = {file for study in studies for file in study.files}
    counted = [coding for coding in codings if coding.counted]
    return Numbers(
        studies=len(studies),
        coded=sum(bool(study.cells) for study in studies),
        papers=len(review.run.papers),
        unread=len(set(review.run.papers) - read),
        passages=sum(study.passages for study in studies),
        coded_passages=sum(study.coded for study in studies),
        codings=len(counted),
        carried=sum(cell.passages for study in studies for cell in study.cells),
        verified=sum(coding.verified for coding in counted),
        bare=sum(coding.status == "machine" for coding in counted),
        mentions=sum(coding.basis == "mention" and coding.given for coding in codings),
        unsure=sum(coding.unsure for coding in codings),
    )


def _versions(run: RunIdentity) -> list[tuple[str, list[tuple[str, str]]]]:
    """List what decided the results: (heading, (name, value) pairs by name)."""

    def text(values: Mapping[str, Any]) -> list[tuple[str, str]]:
        return sorted((name, value if isinstance(value, str) else _plain(value)) for name, value in values.items())

    return [("Stages", text(run.stages)), ("Libraries", text(run.libraries)), ("Settings", text(run.settings))]


def _plain(value: object) -> str:
    """Write a setting; of a group of settings only those that were given."""
    if isinstance(value, dict):
        value = {name: given for name, given in value.items() if given not in (None, {}, [], ())}
    return json.dumps(value, ensure_ascii=False, default=str)
