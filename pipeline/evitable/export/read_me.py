"""What a reader of the tables must know: the workbook's first sheet, as prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evitable.export.review import Review
from evitable.export.tables.codings import QUEUE
from evitable.export.what_changed import change_summary
from evitable.records import Coding


def read_me_rows(review: Review) -> list[tuple[str, str]]:
    """Give what a reader of the tables must know, as pairs of key and text; the first is the title."""
    evidence, codebook, run = review.evidence, review.codebook, review.run
    coded = sum(bool(study.cells) for study in evidence.studies)
    polarity = " and ".join(dimension.title.lower() for dimension in codebook.dimension if dimension.polarity)
    return [
        ("Title", review.title),
        ("What this is", "The evidence tables of a systematic review, made by Evitable. Each coded cell of the sheet Studies leads to its strongest quote; the sheet Evidence holds all quotes, and the list below leads to all sheets."),
        ("Counts", f"{len(evidence.studies)} studies read, {coded} with at least one code; {_given(evidence.codings)}; {len(evidence.issues)} issues."),
        *_since_the_last_run(review),
        ("Not yet verified", _unverified(evidence.codings)),
        ("Quotes checked", _quotes_checked(evidence.codings)),
        *_agreement(review),
        ("How to read a cell", f"“4 (+3 −1), p. 203” in the sheet Studies means: 4 passages carry the code; in 3 it facilitates and in 1 it hinders, and ± would count those that say both (only for {polarity or 'dimensions with polarity'}); the strongest quote stands on page 203. An empty cell means: read, and not carried by the rule; the sheets Rule check and Evidence show what stands below it."),
        ("What counts", _what_counts(evidence.codings)),
        ("Rule", f"A study carries a code by this rule: {evidence.rule.words} (roll_up in review.toml). The sheet Rule check lists {len(evidence.flips)} changes that the next stricter or laxer rule would make."),
        ("“not found”", "The paper was read and the value was not found in it. Papers that could not be read are in the sheet Issues; “not checked” quotes were not looked for in their PDF."),
        ("Working with it", "Filter and sort as you like, but a link leads to the row in which its quote stood when the file was made: once a sheet is sorted, look for the id instead. A run writes this file anew: fill the sheet To verify in a copy outside the folder outputs, and take it in with `evitable import`."),
        ("Model", run.model_note),
        ("Run", run.id),
        ("Codebook", f"{codebook.title}, version {codebook.version} ({run.codebook_version})"),
        ("Model id", run.model_id),
        ("Versions", ", ".join([f"Evitable {run.evitable}", *(f"{name} {number}" for name, number in sorted(run.libraries.items()))])),
        ("Limits", "Tables and figures inside papers are not coded. A code on a passage says that the passage speaks of it, not that the study proves it. Whether a passage is a finding, a recommendation or a mention of other work is the machine's guess until somebody has checked it. Map and matrices count a study in a cell where it carries all of the cell's codes anywhere."),
    ]  # fmt: skip


def _since_the_last_run(review: Review) -> list[tuple[str, str]]:
    """Say what the run changed; nothing where there was no run before it."""
    changes = review.changes
    if changes is None or changes.before is None:
        return []
    lines = [f"{key}: {text}" for key, text in change_summary(changes, most=5)]
    return [("Since the last run", "\n".join([*lines, "The sheet Changes lists the cells."]))]


def _unverified(codings: Sequence[Coding]) -> str:
    given = [coding for coding in codings if coding.given]
    bare = sum(coding.status == "machine" for coding in given)
    return (
        f"{bare} of {len(given)} codings come from the machine and have been checked by nobody. Check them before you report "
        f"them: the sheet To verify lists them, what matters most first, up to {QUEUE:,} rows."
    )


def _agreement(review: Review) -> list[tuple[str, str]]:
    """Say where it stands how well coders agree; nothing where nobody has coded blind."""
    if not review.agreement:
        return []
    return [("How well coders agree", "The sheets Agreement and Disagreements: passages that people coded blind.")]


def _given(codings: Sequence[Coding]) -> str:
    given = [coding for coding in codings if coding.given]
    unsure = sum(coding.unsure for coding in codings)
    rest = len(codings) - len(given) - unsure
    more = f"; {rest} rejected, disputed or orphaned" if rest else ""
    return f"{len(given)} codings on {len({coding.passage_id for coding in given})} passages, and {unsure} left unsure{more}"


def _what_counts(codings: Sequence[Coding]) -> str:
    """Say which codings count in the tables, and how many do not."""
    unsure = sum(coding.unsure for coding in codings)
    mentions = sum(coding.basis == "mention" and coding.given for coding in codings)
    return (
        "Findings of the study and recommendations of its authors count in the tables. "
        f"{mentions} codings on passages that mention other work, and {unsure} of which the machine is unsure, count nowhere; they are in the sheet "
        "Evidence, told apart by the columns Basis and Machine's answer."
    )


def _quotes_checked(codings: Sequence[Coding]) -> str:
    """Say how many quotes were found again in their PDFs; a passage with several codes is one quote."""
    matches = {coding.passage_id: coding.match for coding in codings}
    counts = Counter(matches.values())
    unchecked = f", {counts[None]} not checked" if counts[None] else ""
    return (
        f"{counts['exact']} of {len(matches)} quotes found word for word in the PDF's own text of their pages, {counts['squashed']} by letters and "
        f"digits, {counts['fuzzy']} with differences, {counts['missing']} not found{unchecked}. Each is named in the column Quote check of the sheet "
        "Evidence; those that differ or were not found are also in the sheet Issues."
    )
