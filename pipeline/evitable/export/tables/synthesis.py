"""Tables over all studies: codes and families, what the studies are like, and what another rule would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evitable.export.doubts import doubt_of
from evitable.export.tables.lookup import Lookup
from evitable.export.tables.studies import pages_text, polarity_columns
from evitable.export.tables.table import NOT_CHECKED, NOT_FOUND, Column, Row, Table, Value, unused
from evitable.records import CodeCount, Flip

QUOTES = 3
"""Quotes of each code, each from another study."""
ALL_CODES = "(all codes of the family)"

_FIRST = (
    Column("dimension", "Dimension", 14, "Dimension of the code"),
    Column("family", "Family", 20, "Family of the code, where its dimension has families"),
    Column("code", "Code", 26, f"The code; {ALL_CODES} in the row of a whole family"),
    Column("studies", "Studies", 9, "Studies that carry the code, or any code of the family", "number"),
    Column("share", "Share of studies", 10, "Of all studies with at least one code", "share"),
    Column("passages", "Passages", 10, "Passages that carry it and count", "number"),
    *polarity_columns(),
    Column("studies_facilitates", "Studies: facilitates", 11, "Studies in which all it did was to help", "number"),
    Column(
        "studies_hinders", "Studies: hinders", 9, "Studies in which it, or its absence, was only a barrier", "number"
    ),
    Column("studies_mixed", "Studies: mixed", 9, "Studies that say both", "number"),
    Column("studies_unsaid", "Studies: not said", 9, "Studies that do not say which way it worked", "number"),
)


def synthesis_rows(lookup: Lookup) -> Table:
    """Build the synthesis: each family before its codes, and each code with its strongest quotes."""
    quotes = tuple(
        column
        for number in range(1, QUOTES + 1)
        for column in (
            Column(f"quote_{number}", f"Quote {number}", 80, "One of the strongest quotes, each from another study"),
            Column(f"source_{number}", f"Source {number}", 22, "Its study and page; it leads to its row in Evidence"),
        )
    )
    taken = {column.name for column in (*_FIRST, *quotes)} | {"study_list", "code_name"}
    attributes = tuple(
        Column(unused(one.name, taken), one.title, 26, f"{one.title} of these studies, with the number of studies")
        for one in lookup.codebook.attribute
    )
    counts = synthesis_order(lookup)
    return Table(
        "Synthesis",
        "evidence-synthesis",
        "One row per code and one per family of codes, over all studies.",
        (
            *_FIRST,
            *attributes,
            *quotes,
            Column("study_list", "In studies", 50, "The studies"),
            Column("code_name", "Code's name in files", 20, "The code's name in CSV files; empty for a family"),
        ),
        len(counts),
        lambda: (_synthesis_row(count, lookup) for count in counts),
        key_columns=3,
    )


def synthesis_order(lookup: Lookup) -> tuple[CodeCount, ...]:
    """Give the rows of the synthesis in order: a family stands before the first of its codes."""
    families = {(family.dimension, family.family): family for family in lookup.evidence.families}
    ordered = []
    for count in lookup.evidence.counts:
        family = families.pop((count.dimension, count.family), None)
        ordered += [count] if family is None else [family, count]
    return tuple(ordered)


def _synthesis_row(count: CodeCount, lookup: Lookup) -> Row:
    book = lookup.codebook
    dimension = book.dimension_of(count.dimension)
    ways: tuple[Value, ...] = (count.facilitates, count.hinders, count.mixed, *count.ways)
    quotes = [text for name in count.quotes[:QUOTES] for text in _quoted(name, lookup)]
    return (
        dimension.title,
        count.family,
        lookup.titles[count.code] if count.code else ALL_CODES,
        count.studies,
        count.share,
        count.passages,
        *(ways if dimension.polarity else [None] * len(ways)),
        *(_numbers(count.attributes.get(one.name, {})) for one in book.attribute),
        *quotes,
        *[""] * (2 * QUOTES - len(quotes)),
        "; ".join(_studies_of(count, lookup)),
        count.code,
    )


def _numbers(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{value or NOT_FOUND} ({studies})" for value, studies in counts.items())


def _quoted(name: str, lookup: Lookup) -> tuple[str, str]:
    coding = lookup.codings[name]
    doubt = f" ({doubt_of(coding.match)})" if doubt_of(coding.match) else ""
    return coding.quote, f"{lookup.keys[coding.study_id]}, {pages_text(coding)}{doubt}"


def _studies_of(count: CodeCount, lookup: Lookup) -> list[str]:
    if count.code:
        return list(lookup.carrying.get(count.code, ()))
    codes = {code.name for code in lookup.codebook.codes_of(count.dimension) if code.family == count.family}
    return [study.key for study in lookup.evidence.studies if any(cell.code in codes for cell in study.cells)]


_DESCRIPTIVE_COLUMNS = (
    Column("characteristic", "Characteristic", 22, "Year, journal, or an attribute of the codebook"),
    Column("value", "Value", 60, f"Its value; {NOT_FOUND} for studies in which there was none"),
    Column("studies", "Studies", 10, "Studies with this value; one study may have several", "number"),
    Column("share", "Share of studies", 10, "Of all studies", "share"),
)


def descriptive_rows(lookup: Lookup) -> Table:
    """Build the descriptives: one row for each value of each characteristic."""
    titles = {"year": "Year", "journal": "Journal"} | {one.name: one.title for one in lookup.codebook.attribute}
    return Table(
        "Descriptives",
        "evidence-descriptives",
        "Studies by year, journal and attribute.",
        _DESCRIPTIVE_COLUMNS,
        len(lookup.evidence.descriptives),
        lambda: (
            (titles.get(one.name, one.name), one.value or NOT_FOUND, one.studies, one.share)
            for one in lookup.evidence.descriptives
        ),
        key_columns=2,
    )


_ATTRIBUTE_COLUMNS = (
    Column("study", "Study", 18, "Short name of the study"),
    Column("attribute", "Attribute", 18, "The attribute"),
    Column("value", "Value", 26, f"Its value; {NOT_FOUND} where the papers were read and there was none"),
    Column("quote", "Quote", 90, "The sentence or title on which the value rests"),
    Column("pdf_page", "PDF page", 9, "Page counted in the PDF from 1; empty where it comes from the reference record"),
    Column("quote_check", "Quote check", 11, "How the quote was found again on its page, as in the evidence list"),
    Column("attribute_name", "Attribute's name in files", 20, "The attribute's name in CSV files"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
)


def attribute_rows(lookup: Lookup) -> Table:
    """Build the attributes of the studies: one row for each value, with the quote that it rests on."""
    return Table(
        "Attributes",
        "evidence-attributes",
        "One row per study and value of an attribute, with the quote that it rests on.",
        _ATTRIBUTE_COLUMNS,
        sum(1 for _ in _attribute_rows(lookup)),
        lambda: _attribute_rows(lookup),
        key_columns=3,
    )


def _attribute_rows(lookup: Lookup) -> Iterator[Row]:
    for study in lookup.evidence.studies:
        for wanted in lookup.codebook.attribute:
            found = [one for one in study.attributes if one.name == wanted.name]
            for one in found:
                page = str(one.page) if one.page else ""
                check = (one.match or NOT_CHECKED) if one.page else ""
                yield (study.key, wanted.title, one.value, one.quote, page, check, wanted.name, study.study_id)
            if not found:
                yield (study.key, wanted.title, NOT_FOUND, "", "", "", wanted.name, study.study_id)


_FLIP_COLUMNS = (
    Column("study", "Study", 18, "Short name of the study"),
    Column("dimension", "Dimension", 14, "Dimension of the code"),
    Column("family", "Family", 20, "Family of the code, where its dimension has families"),
    Column("code", "Code", 26, "The code"),
    Column("rule", "Rule in force", 26, "What a study needs to carry a code: roll_up in review.toml"),
    Column("now", "Under it", 13, "Whether the study carries the code: carried or not carried"),
    Column("other_rule", "Other rule", 34, "The next stricter or laxer rule"),
    Column("then", "Under the other", 13, "Whether the study would carry the code under the other rule"),
    Column("passages", "Passages", 10, "Passages that carry the code and count", "number"),
    Column("best", "Best probability", 11, "The highest probability among them, or among the unsure ones", "decimal"),
    Column("code_name", "Code's name in files", 20, "The code's name in CSV files and settings"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
)


def flip_rows(lookup: Lookup) -> Table:
    """Build the check of the rule: the cells of the study table that a neighbouring rule would change."""
    return Table(
        "Rule check",
        "evidence-rule-check",
        f"The rule in force is: {lookup.evidence.rule.words}. One row per cell of the sheet Studies, filled or empty, "
        "that would change under the next stricter or laxer rule.",
        _FLIP_COLUMNS,
        len(lookup.evidence.flips),
        lambda: _flip_rows(lookup),
        key_columns=4,
    )


def _flip_rows(lookup: Lookup) -> Iterator[Row]:
    for flip in lookup.evidence.flips:
        yield _flip_row(flip, lookup)


def _flip_row(flip: Flip, lookup: Lookup) -> Row:
    words = ("not carried", "carried")
    return (
        lookup.keys[flip.study_id],
        *lookup.names(lookup.codebook.by_name[flip.code]),
        lookup.evidence.rule.words,
        words[flip.carried],
        flip.rule,
        words[not flip.carried],
        flip.passages,
        flip.best,
        flip.code,
        flip.study_id,
    )
