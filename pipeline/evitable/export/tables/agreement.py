"""How well coders agree, and on what they do not: as tables, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evitable.decide.disagreements import Disagreement
from evitable.export.tables.lookup import Lookup
from evitable.export.tables.studies import pdf_pages_text
from evitable.export.tables.table import Column, Kind, Row, Table, Value
from evitable.records import Agreement, CodeAgreement, Interval

MACHINE = "the machine"
ALL_CODES = "All codes (mean)"
FEW_PASSAGES = 50
FEW_STUDIES = 5
"""Below these, figures of agreement are named rough: their intervals are wide, or are none."""
ROUGH = f"rough: fewer than {FEW_PASSAGES} passages or {FEW_STUDIES} studies"
_NOTES = (
    (
        "Only blind coding counts: passages that a person has read in full without seeing any other answer. Two people "
        "are compared on the passages that both have coded so. What a person left open counts as not given."
    ),
    (
        "Kappa and alpha: 1 is full agreement, 0 that of chance. Both are lower where a code is rare (see prevalence), "
        "even if the coders seldom differ. They are not defined where both always give the same answer."
    ),
)
_MACHINE_NOTE = (
    "The machine’s answers are those of this run: a code that it is unsure of counts as not given. If its model has "
    "learnt from these very passages, its agreement says little about others."
)


def _figure(name: str, title: str, meaning: str, kind: Kind = "decimal") -> tuple[Column, Column, Column]:
    """Give the columns of a figure and of the ends of its interval."""
    interval = f"end of the 95 % interval of {title.lower()}; empty where there is none"
    return (
        Column(name, "value", 10, f"{meaning}. Empty where it is not defined", kind, title),
        Column(f"{name}_from", "from", 9, f"Lower {interval}", kind, title),
        Column(f"{name}_to", "to", 9, f"Upper {interval}", kind, title),
    )


_AGREEMENT = (
    Column("first", "First coder", 18, "Name of a person"),
    Column("second", "Second coder", 18, "Name of another person, or the machine"),
    Column("code", "Code", 26, f"The code; “{ALL_CODES}”: the mean over the codes that either coder gave"),
    Column("dimension", "Dimension", 13, "Dimension of the code"),
    Column("passages_coded", "Passages", 10, "Passages that both have coded in full", "number"),
    Column("studies", "Studies", 9, "Studies from which these passages are", "number"),
    Column("both", "Both", 9, "Passages to which both gave the code; for all codes, the sum", "number"),
    Column("first_only", "Only the first", 9, "Passages to which only the first coder gave it", "number"),
    Column("second_only", "Only the second", 9, "Passages to which only the second coder gave it", "number"),
    Column("neither", "Neither", 9, "Passages to which neither gave it", "number"),
    *_figure("raw", "Raw agreement", "Share of the passages on which both say the same", "share"),
    *_figure("kappa", "Kappa", "Cohen's kappa: 1 for full agreement, 0 for that of chance"),
    *_figure("alpha", "Alpha", "Krippendorff's alpha for nominal data: 1 for full agreement, 0 for that of chance"),
    Column("prevalence", "Prevalence", 11, "Share of the passages that carry the code, mean of both coders", "share"),
    Column("note", "Note", 22, f"{ROUGH.capitalize()}; else empty"),
    Column("code_name", "Code's name in files", 20, "The code's name in CSV files and settings; empty for all codes"),
    Column("model_id", "Model id", 19, "The model, where the second coder is the machine"),
)
_DISAGREEMENTS = (
    Column("study", "Study", 18, "Short name of the study"),
    Column("code", "Code", 24, "The code"),
    Column("quote", "Quote", 80, "The passage, word for word"),
    Column("page", "Page", 9, "Printed page label"),
    Column("yes", "Said yes", 16, "People who gave the code"),
    Column("no", "Said no", 16, "People who read the passage in full and did not give it"),
    Column("unsure", "Left open", 14, "People who were unsure"),
    Column("polarity", "Polarity", 24, "Which way it worked, by each person who said so, where they differ"),
    Column("machine", "Machine's answer", 11, "yes, unsure or no; empty where it has not read this text as a passage"),
    Column(
        "outcome",
        "Outcome",
        14,
        "open: nobody has decided since; applies or does not apply: decided with the different answers in sight; "
        "text not found: it is not in the paper's text any more",
    ),
    Column("settled_by", "Decided by", 16, "People behind the outcome"),
    Column("dimension", "Dimension", 13, "Dimension of the code"),
    Column("family", "Family", 18, "Family of the code, where its dimension has families"),
    Column("pdf_page", "PDF page", 9, "Page counted in the PDF from 1"),
    Column("section", "Section", 30, "Headings above the passage"),
    Column("code_name", "Code's name in files", 20, "The code's name in CSV files and settings"),
    Column("coding_id", "Coding id", 19, "Stable id of passage and code"),
    Column("passage_id", "Passage id", 19, "Stable id of the passage"),
    Column("study_id", "Study id", 19, "Stable id of the study"),
    Column("paper_id", "Paper id", 19, "Stable id of the paper"),
)


def coder_tables(
    lookup: Lookup, agreement: Sequence[Agreement], disagreements: Sequence[Disagreement]
) -> tuple[Table, ...]:
    """Build the tables on coders: how well they agree, and on what they do not; none where nobody has coded blind."""
    return (agreement_rows(lookup, agreement), disagreement_rows(lookup, disagreements)) if agreement else ()


def agreement_rows(lookup: Lookup, agreement: Sequence[Agreement]) -> Table:
    """Build the table of agreement: for each two coders the mean of all codes, then each code."""
    return Table(
        "Agreement",
        "evidence-agreement",
        "One row per code and two coders, of passages that each had coded in full without seeing any other answer.",
        _AGREEMENT,
        sum(1 + len(pair.codes) for pair in agreement),
        lambda: (_row(pair, one, lookup) for pair in agreement for one in (pair.overall, *pair.codes)),
        key_columns=3,
        printed="note",
        head=("How well coders agree", *agreement_notes(agreement)),
    )


def _row(pair: Agreement, one: CodeAgreement, lookup: Lookup) -> Row:
    code = lookup.codebook.by_name.get(one.code)
    dimension, _, title = lookup.names(code) if code else ("", "", one.code or ALL_CODES)
    return (
        pair.first,
        second_coder(pair),
        title,
        dimension,
        pair.passages,
        pair.studies,
        one.both,
        one.first_only,
        one.second_only,
        one.neither,
        *_ends(one.raw),
        *_ends(one.kappa),
        *_ends(one.alpha),
        one.prevalence,
        ROUGH if _is_rough(pair) else "",
        one.code,
        pair.second if pair.machine else "",
    )


def _ends(figure: Interval) -> tuple[Value, Value, Value]:
    return figure.value, figure.low, figure.high


def disagreement_rows(lookup: Lookup, disagreements: Sequence[Disagreement]) -> Table:
    """Build the list of disagreements among people: one row for each passage and code."""
    return Table(
        "Disagreements",
        "evidence-disagreements",
        "One row per passage and code on which people do not agree who had coded it in full without seeing any other "
        "answer: whether it applies, or which way it worked.",
        _DISAGREEMENTS,
        len(disagreements),
        lambda: _disagreement_rows(lookup, disagreements),
        key_columns=2,
        printed="settled_by",
    )


def _disagreement_rows(lookup: Lookup, disagreements: Sequence[Disagreement]) -> Iterator[Row]:
    for one in disagreements:
        dimension, family, title = lookup.names(lookup.codebook.by_name[one.code])
        yield (
            lookup.keys[one.study_id],
            title,
            one.quote,
            ", ".join(one.page_labels),
            "; ".join(one.yes),
            "; ".join(one.no),
            "; ".join(one.unsure),
            polarity_words(one),
            one.machine or "",
            one.outcome,
            "; ".join(one.settled_by),
            dimension,
            family,
            pdf_pages_text(one.pages),
            " > ".join(one.section),
            one.code,
            one.id,
            one.place,
            one.study_id,
            one.paper_id,
        )


# Words, for all that shows agreement.


def second_coder(pair: Agreement) -> str:
    """Name the second coder for people."""
    return MACHINE if pair.machine else pair.second


def sample_words(pair: Agreement) -> str:
    """Say on how much two coders are compared: `34 passages of 3 studies`."""
    passages = f"{pair.passages:,} {'passage' if pair.passages == 1 else 'passages'}"
    return f"{passages} of {pair.studies:,} {'study' if pair.studies == 1 else 'studies'}"


def given_codes(pair: Agreement) -> tuple[list[CodeAgreement], list[str]]:
    """Part the codes that either coder gave from the names of those that neither gave."""
    used = [one for one in pair.codes if one.both + one.first_only + one.second_only]
    return used, [one.code for one in pair.codes if one not in used]


def polarity_words(one: Disagreement) -> str:
    """Say which way each person says that a code worked; empty where they do not differ."""
    differ = len({way for _, way in one.polarities}) > 1
    return "; ".join(f"{person}: {way}" for person, way in one.polarities) if differ else ""


def sides_words(one: Disagreement) -> str:
    """Say who says what: `yes: ada; no: ben`."""
    sides = {"yes": one.yes, "no": one.no, "unsure": one.unsure}
    said = [f"{answer}: {', '.join(people)}" for answer, people in sides.items() if people]
    return "; ".join([*said, *filter(None, [polarity_words(one)])])


def interval_words(figure: Interval) -> str:
    """Write a figure with its interval: `0.62 (0.41 to 0.78)`, `0.62`, or `not defined`."""
    value, interval = figure_words(figure)
    return f"{value} ({interval})" if interval else value


def figure_words(figure: Interval) -> tuple[str, str]:
    """Write a figure and its interval: `0.62` and `0.41 to 0.78`; the interval is empty where there is none."""
    if figure.value is None:
        return "not defined", ""
    if figure.low is None or figure.high is None:
        return two_decimals(figure.value), ""
    return two_decimals(figure.value), f"{two_decimals(figure.low)} to {two_decimals(figure.high)}"


def two_decimals(value: float) -> str:
    """Write a figure; what is as good as nothing has no sign."""
    return f"{round(value, 2) + 0.0:.2f}"


def agreement_notes(agreement: Sequence[Agreement]) -> list[str]:
    """Say in sentences how the figures of agreement are to be read; none for no agreement."""
    if not agreement:
        return []
    from evitable.decide.agreement import RESAMPLES  # noqa: PLC0415 - numpy, which every worker would pay for

    notes = [
        *_NOTES,
        (
            f"95 % intervals are from {RESAMPLES:,} draws of whole studies with replacement (bootstrap), since "
            "passages of one study are alike. With one study there is none."
        ),
    ]
    if any(pair.machine for pair in agreement):
        notes.append(_MACHINE_NOTE)
    return notes


def rough_notes(agreement: Sequence[Agreement]) -> list[str]:
    """Name the coders who are compared on little, in a sentence; none where there are no such."""
    pairs = [f"{one.first} and {second_coder(one)} ({sample_words(one)})" for one in agreement if _is_rough(one)]
    few = f"fewer than {FEW_PASSAGES} passages or {FEW_STUDIES} studies"
    return [f"Rough, with {few}: {'; '.join(pairs)}."] if pairs else []


def _is_rough(pair: Agreement) -> bool:
    return pair.passages < FEW_PASSAGES or pair.studies < FEW_STUDIES


def agreement_sentences(
    agreement: Sequence[Agreement], disagreements: Sequence[Disagreement], titles: Mapping[str, str]
) -> list[str]:
    """Tell for a methods section who coded blind, on how much they agree, and what became of their disagreements.

    Args:
        agreement: How people agree with each other and with the machine.
        disagreements: On what people do not agree.
        titles: Titles of the codes by name.

    Returns:
        Sentences without mark-up; where no passage was coded by two people, the first one says so.
    """
    people = [pair for pair in agreement if not pair.machine]
    alone = [pair for pair in agreement if pair.machine]
    if not people:
        return [_NO_DOUBLE_CODING, *(_with_machine(pair, titles) for pair in alone)]
    return [
        *(_of_two(pair, titles) for pair in people),
        outcomes_words(disagreements),
        *(_with_machine(pair, titles) for pair in alone),
    ]


_NO_DOUBLE_CODING = "No independent double coding was done, so that agreement between coders was not measured."


def _of_two(pair: Agreement, titles: Mapping[str, str]) -> str:
    return (
        f"{pair.first} and {pair.second} each coded {sample_words(pair)} in full, independently: neither saw the "
        f"other's answers or the machine's. {_figures(pair, titles)}"
    )


def _with_machine(pair: Agreement, titles: Mapping[str, str]) -> str:
    return (
        f"{pair.first} and the machine, on {sample_words(pair)} that {pair.first} coded in full without seeing any "
        f"other answer: {_figures(pair, titles)}"
    )


def _figures(pair: Agreement, titles: Mapping[str, str]) -> str:
    """Give the mean figures and the range of kappa over codes."""
    used, _ = given_codes(pair)
    if not used:
        return "No code was given by either."
    codes = f"{len(used):,} {'code' if len(used) == 1 else 'codes'} that either gave"
    overall = pair.overall
    intervals = " (in brackets: 95 % intervals, bootstrapped by study)" if overall.raw.low is not None else ""
    return (
        f"Mean of the {codes}: raw agreement {interval_words(overall.raw)}, Cohen's kappa "
        f"{interval_words(overall.kappa)}, Krippendorff's alpha {interval_words(overall.alpha)}{intervals}."
        f"{_range(used, titles)}"
    )


def _range(codes: Sequence[CodeAgreement], titles: Mapping[str, str]) -> str:
    """Say between which codes kappa lies; empty where it is defined for fewer than two."""
    known = [(one.kappa.value, titles.get(one.code, one.code)) for one in codes if one.kappa.value is not None]
    if len(known) < 2:
        return ""
    (least, lowest), (most, highest) = min(known), max(known)
    return f" By code, kappa lies between {two_decimals(least)} ({lowest}) and {two_decimals(most)} ({highest})."


def outcomes_words(disagreements: Sequence[Disagreement]) -> str:
    """Say how many disagreements there are, and how they were settled."""
    if not disagreements:
        return "They disagreed on no code of any passage."
    passages = len({one.place for one in disagreements})
    settled = [one for one in disagreements if one.settled_by]
    open_ones = sum(one.outcome == "open" for one in disagreements)
    lost = len(disagreements) - len(settled) - open_ones
    people = sorted({person for one in settled for person in one.settled_by})
    parts = [
        f"{len(settled):,} settled by a decision with the different answers in sight (by {', '.join(people)})"
        * bool(settled),
        f"{open_ones:,} open" * bool(open_ones),
        f"{lost:,} on text that is not found any more" * bool(lost),
    ]
    what = f"{len(disagreements):,} {'disagreement' if len(disagreements) == 1 else 'disagreements'}"
    where = f"{passages:,} {'passage' if passages == 1 else 'passages'}"
    return f"{what} among people, on {where}: {'; '.join(filter(None, parts))}."
