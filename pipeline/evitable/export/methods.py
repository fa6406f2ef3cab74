"""Text for the methods section of a review, and answers to what reporting checklists ask, from the run's record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from evitable.codebook import StudyAttribute
from evitable.export.clean import clean_text
from evitable.export.review import Files, Review
from evitable.export.tables.agreement import agreement_sentences
from evitable.export.tables.table import code_titles
from evitable.export.what_changed import means_words, results_words
from evitable.records import CodeMeasure, Coding, QuoteMatch

METHODS = "methods.md"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_FOUND: dict[QuoteMatch, str] = {
    "exact": "found word for word",
    "squashed": "found by letters and digits alone",
    "fuzzy": "found with differences",
    "missing": "not found",
}
_LSR = (
    "Akl EA, Khabsa J, Iannizzi C, et al. (2024). Extension of the PRISMA 2020 statement for living systematic reviews "
    "(PRISMA-LSR): checklist and explanation. BMJ 387: e079183. https://doi.org/10.1136/bmj-2024-079183"
)
_POSITION = (
    "Flemyng E, Noel-Storr A, Macura B, et al. (2025). Position statement on artificial intelligence (AI) use in "
    "evidence synthesis across Cochrane, the Campbell Collaboration, JBI and the Collaboration for Environmental "
    "Evidence 2025. Environmental Evidence 14: 20. https://doi.org/10.1186/s13750-025-00374-5"
)
_PRISMA = (
    "Page MJ, McKenzie JE, Bossuyt PM, et al. (2021). The PRISMA 2020 statement: an updated guideline for reporting "
    "systematic reviews. BMJ 372: n71. https://doi.org/10.1136/bmj.n71"
)
_RAISE = (
    "Thomas J, et al. (2025). Responsible use of AI in evidence synthesis (RAISE): recommendations and guidance. Open "
    "Science Framework. https://osf.io/fwaud/"
)


def methods_text(review: Review) -> Files:
    """Give the methods text: what the run recorded or counted, in sentences a journal can print.

    What only the authors of the review can know is left as `[to be completed: ...]`. Figures of the model stand there
    only if they were measured, and none is worked out that the run did not count.

    Yields:
        `methods.md`, Markdown in UTF-8. Equal input gives equal bytes; no studies give a text that says so.
    """
    parts = [
        _heading(review),
        "## 1. Paragraph for the methods section",
        _paragraph(review),
        "## 2. PRISMA 2020: selection, data collection, data items, availability",
        _prisma(review),
        *_data_items(review),
        "## 3. Use of artificial intelligence",
        _use_of_ai(review),
        *_measures(review),
        "## 4. Updates: PRISMA-LSR",
        _updates(review),
        "## 5. What to cite",
        _citations(review),
    ]
    yield METHODS, ("\n\n".join(parts) + "\n").encode("utf-8")


# Words.


def _plain(text: str) -> str:
    """Give text on one line whose signs Markdown takes as they are."""
    return _SPECIAL.sub(r"\\\1", " ".join(clean_text(text).split()))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _verb(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _series(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)


def _blank(what: str) -> str:
    return f"[to be completed: {what}]"


def _text(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _program(review: Review) -> str:
    return f"Evitable {_plain(review.run.evitable)}"


def _codes(review: Review) -> str:
    book = review.codebook
    return f"{_count(len(book.code), 'code')} in {_count(len(book.dimension), 'dimension')}"


def _codebook(review: Review) -> str:
    return f"\u201c{_plain(review.codebook.title)}\u201d, version {_plain(review.codebook.version)}"


# Sentences that stand in more than one place.


def _papers(review: Review) -> str:
    papers, studies = len(review.read), len(review.evidence.studies)
    return (
        f"{_count(papers, 'paper')}, which {_verb(papers, 'reports', 'report')} {_count(studies, 'study', 'studies')}"
    )


def _unread(review: Review) -> str:
    """Say how many papers could not be read; nothing where all were."""
    given = len(review.run.papers)
    unread = len(set(review.run.papers) - review.read)
    if not unread:
        return ""
    return f"Of {_count(given, 'paper')}, {unread:,} could not be read by the program; issues.csv says why."


def _counting(review: Review) -> str:
    """Say which codings count, and by which rule."""
    codings = review.evidence.codings
    unsure = sum(coding.unsure for coding in codings)
    mentions = sum(coding.basis == "mention" and coding.given for coding in codings)
    counted = sum(coding.counted for coding in codings)
    carried = sum(cell.passages for study in review.evidence.studies for cell in study.cells)
    return _text(
        f"{_count(counted, 'coding')} {_verb(counted, 'rests', 'rest')} on findings of the studies or recommendations",
        f"of their authors, and {carried:,} of these {_verb(carried, 'stands', 'stand')} in cells that the rule below",
        "counts.",
        f"{_count(mentions, 'coding')} of passages that mention other work, and {_count(unsure, 'coding')} of which",
        "the machine was unsure, are listed and do not count.",
        f"A study was taken to carry a code by this rule: {_plain(review.evidence.rule.words)}.",
    )


def _verification(codings: Sequence[Coding]) -> str:
    """Say what people have verified, and who."""
    counted = [coding for coding in codings if coding.counted]
    verified = sum(coding.verified for coding in counted)
    decided = Counter(
        (person, coding.status) for coding in codings if coding.status != "machine" for person in _people(coding)
    )
    if not decided:
        return "No coding was verified by a person."
    share = f" ({100 * verified / len(counted):.1f} %)" if counted else ""
    coders = dict.fromkeys(coder for coder, _ in sorted(decided))
    each = [
        f"{_plain(coder) or 'a person without a name'}: "
        + _series([f"{number:,} {status}" for (name, status), number in sorted(decided.items()) if name == coder])
        for coder in coders
    ]
    return (
        f"{verified:,} of {_count(len(counted), 'counted coding')}{share} {_verb(verified, 'was', 'were')} verified by "
        f"a person. Decisions by {_count(len(coders), 'person', 'people')}: {'; '.join(each)}."
    )


def _people(coding: Coding) -> list[str]:
    return coding.coder.split("; ")


def _agreement(review: Review) -> str:
    """Say how well coders agree; what was not measured is left to the authors, if several people coded."""
    said = agreement_sentences(review.agreement, review.disagreements, code_titles(review.codebook))
    people = {person for one in review.evidence.codings if one.status != "machine" for person in _people(one)}
    other = "agreement that was measured in another way, or that none was"
    learnt = "whether the model had learnt from passages that were coded so"
    blanks = [
        *([_blank(other)] if len(people) > 1 and all(pair.machine for pair in review.agreement) else []),
        *([_blank(learnt)] if review.model.trained and any(pair.machine for pair in review.agreement) else []),
    ]
    return _text(*map(_plain, said), *blanks)


def _quotes(codings: Sequence[Coding]) -> str:
    """Say how many quotes were found again on their pages; a passage with several codes is one quote."""
    counts = Counter({coding.passage_id: coding.match for coding in codings}.values())
    checked = sum(counts[match] for match in _FOUND)
    if not checked:
        return "No quote was looked for again in its PDF."
    found = [f"{counts[match]:,} {how}" for match, how in _FOUND.items() if counts[match]]
    found += [f"{counts[None]:,} not looked for"] if counts[None] else []
    return (
        f"Each quote was looked for again in the text of its page in the PDF ({_count(counts.total(), 'quote')}: "
        f"{_series(found)})."
    )


def _model(review: Review) -> str:
    """Say what coded."""
    what = (
        f"a trained model (id {_plain(review.model.id)})"
        if review.model.trained
        else "the codebook's indicator phrases alone, without a trained model"
    )
    note = _plain(review.model.note)
    said = f" Its record says: \u201c{note}\u201d" if note else ""
    return f"The codes were given by {what}; no generative model was used.{said}"


def _performance(review: Review) -> str:
    """Say how well the model does, if that was measured."""
    measures = sorted(review.model.measures, key=lambda measure: (measure.f1, measure.code))
    if not measures:
        return "How well it codes was not measured."
    titles = code_titles(review.codebook)
    ends = [f"{m.f1:.2f} ({_plain(titles.get(m.code, m.code))})" for m in (measures[0], measures[-1])]
    mean = sum(measure.f1 for measure in measures) / len(measures)
    spread = f"{mean:.2f} on average over {len(measures)} codes, from {ends[0]} to {ends[1]}"
    where = _plain(review.model.measured_on).rstrip(".") or "passages that its record does not name"
    return f"It was measured on {where}. F1: {spread if len(measures) > 1 else ends[0]}."


# The parts.


def _heading(review: Review) -> str:
    return (
        f"# Methods text: {_plain(review.title)}\n\n"
        f"Written by {_program(review)} from the record of the run {_plain(review.run.id)}. All numbers are from that "
        f"record; nothing was estimated. What only the authors of the review know is marked {_blank('...')}. Check and "
        "edit the text before you publish it: the authors answer for it."
    )


def _paragraph(review: Review) -> str:
    book, codings, studies = review.codebook, review.evidence.codings, review.evidence.studies
    if not studies:
        return _text("No paper has been coded yet, so that there is nothing to report.", _unread(review))
    dimensions = [f"{_plain(d.title)} ({_count(len(book.codes_of(d.name)), 'code')})" for d in book.dimension]
    read, coded = sum(study.passages for study in studies), sum(study.coded for study in studies)
    return _text(
        f"We coded the full text of {_papers(review)}, with {_program(review)} (run {_plain(review.run.id)}) and the",
        f"codebook {_codebook(review)}, which has {_codes(review)}: {_series(dimensions)}.",
        _unread(review),
        "The program reads each PDF, cuts its body text into passages (a paragraph, or a run of sentences of a long",
        "one), and gives each passage codes with a probability; references, tables, captions, footnotes and running",
        f"heads are left out. {_count(read, 'passage')} {_verb(read, 'was', 'were')} read, of which {coded:,}",
        f"{_verb(coded, 'carries', 'carry')} at least one code.",
        _model(review),
        _performance(review),
        _counting(review),
        _verification(codings),
        _agreement(review),
        _quotes(codings),
        _blank(
            "who checked the codings, how many people for each paper, independently or not, and how they settled doubts"
        ),
    )


def _prisma(review: Review) -> str:
    """Answer the items on selection, data collection, data items and availability, numbered as in PRISMA 2020."""
    codings = review.evidence.codings
    selection = _text(
        "Evitable took no part in the selection; it codes the papers that it is given.",
        _unread(review),
        _flow(review),
        _blank(
            "how many reviewers screened each record and report, whether independently, and any automation tools used"
        ),
    )
    collection = _text(
        f"An automation tool, {_program(review)}, coded the full text of {_papers(review)}.",
        _unread(review),
        _verification(codings),
        _agreement(review),
        _blank("how many reviewers checked the data of each report, whether independently, and whom they asked"),
    )
    items = _text(
        f"{_codes(review)}, listed below, {_verb(len(review.codebook.code), 'was', 'were')} sought in every passage",
        "of body text. All passages that carry a code were collected, not a selection of them.",
    )
    others = _text(
        _attributes_sought(review),
        "No value was assumed: \u201cnot found\u201d means that the paper was read and the value was not found in it.",
        "Codings of which the machine was unsure were not counted.",
    )
    availability = _text(
        "Form of data collection: the codebook. Data extracted: the study table, and the list of all codings with",
        "quotes and pages. Record of the run: run.json, with versions, settings and hashes of the papers.",
        _blank("where these files, and the program, can be found"),
    )
    rows = [
        ("8", "Selection process: who screened, how many, whether independently, automation tools", selection),
        ("9", "Data collection process: who collected, how many, whether independently, automation tools", collection),
        ("10a", "Data items: what was sought, and whether all of it was collected", items),
        ("10b", "Other variables, and assumptions about what is missing or unclear", others),
        ("27", "Availability of data, code and other materials", availability),
    ]
    return _table(("Item", "What it asks for", "Answer"), rows)


def _flow(review: Review) -> str:
    """Give the numbers of the flow diagram that are known."""
    flow = review.evidence.prisma
    known = [line for box in flow.boxes for line in box.lines if line.count is not None]
    if not known:
        return "No number of the flow diagram was given."
    numbers = "; ".join(f"{_plain(line.label)}: {line.count:,} ({line.origin})" for line in known)
    wrong = f" These numbers do not add up: {' '.join(map(_plain, flow.faults))}" if flow.faults else ""
    return f"Numbers of the flow diagram: {numbers}.{wrong}"


def _attributes_sought(review: Review) -> str:
    attributes = review.codebook.attribute
    if not attributes:
        return "The program sought no other variable but the bibliographic record of each study."
    titles = _series([_plain(attribute.title) for attribute in attributes])
    named = _count(len(attributes), "attribute")
    return f"{named} of each study, listed below ({titles}), and its bibliographic record were sought."


def _data_items(review: Review) -> list[str]:
    """List codes and attributes, with their definitions."""
    book = review.codebook
    titles = code_titles(book)
    codes = [
        [_plain(text) for text in (dimension.title, code.family, titles[code.name], code.definition)]
        for dimension in book.dimension
        for code in book.codes_of(dimension.name)
    ]
    parts = ["### Codes sought (item 10a)", _table(("Dimension", "Family", "Code", "Definition"), codes)]
    if book.attribute:
        rows = [(_plain(attribute.title), _how_found(attribute)) for attribute in book.attribute]
        parts += ["### Attributes sought (item 10b)", _table(("Attribute", "How it was sought"), rows)]
    return parts


def _how_found(attribute: StudyAttribute) -> str:
    match attribute.kind:
        case "country":
            return "By names of countries, peoples, cities and regions that the paper stresses"
        case "data":
            return "The study's material, as the paper counts it"
        case _:
            values = [_plain(value) for value in dict.fromkeys((*attribute.values, *attribute.weak, *attribute.joined))]
            return f"By phrases in {_series(['title', 'key words', *attribute.sections])}. Values: {'; '.join(values)}"


def _use_of_ai(review: Review) -> str:
    """Say what the position statement of 2025 and RAISE want to be known of a tool."""
    intro = (
        "The joint position statement of Cochrane, Campbell, JBI and CEE (2025) asks that any use of artificial "
        "intelligence or automation that makes or suggests judgements is reported in full, and that people oversee it; "
        "it supports the RAISE recommendations. The authors of a review stay responsible. The rows follow both; their "
        "own wording is in the sources in part 5."
    )
    return f"{intro}\n\n{_table(('What is to be reported', 'Answer'), [*_tool_rows(review), *_people_rows(review)])}"


def _tool_rows(review: Review) -> list[tuple[str, str]]:
    run, model = review.run, review.model
    known = model.passages and str(model.passages) not in model.note
    trained = f"It was trained on {_count(model.passages, 'coded passage')}." if known else ""
    version = f"{_program(review)}, run {_plain(run.id)}; model {_plain(run.model_id)}; codebook {_codebook(review)}"
    use = _text(
        f"Reading {_papers(review)}; suggesting codes, which way they worked and on what each passage rests; finding",
        "attributes of studies; counting, and making tables and figures of the counts. Evitable does not search,",
        "select papers, assess risk of bias or draw conclusions.",
    )
    check = _blank("a check on papers of this review, or that there was none")
    return [
        ("Tool and version", f"{version} ({_plain(run.codebook_version)})"),
        ("What it was used for", use),
        ("How it works, and how it was trained", _text(_model(review), trained)),
        ("How well it works", _text(_performance(review), check)),
        ("Limits", _limits(review)),
    ]


def _people_rows(review: Review) -> list[tuple[str, str]]:
    codings = review.evidence.codings
    files = _text(
        "Settings and versions are in run.json; every coding with its quote, page, probability and status is in the",
        f"list of codings. {_blank('where they can be found')}",
    )
    reasons = _blank("why the tool suits this review, and how its errors were kept from the conclusions")
    return [
        ("What people verified", _verification(codings)),
        ("Agreement", _agreement(review)),
        ("Check of the quotes", _quotes(codings)),
        ("What hangs on the counting rule", _flips(review)),
        ("Why its use is justified here", reasons),
        ("Inputs and outputs", files),
        ("Interests", _blank("financial and other interests of the authors in the tool")),
    ]


def _flips(review: Review) -> str:
    flips = review.evidence.flips
    rule = f"The rule is: {_plain(review.evidence.rule.words)}."
    if not flips:
        return f"{rule} No cell of the study table would change under the next stricter or laxer rule."
    counts = Counter(flip.rule for flip in flips)
    each = [f"{_count(number, 'cell')} under \u201c{_plain(words)}\u201d" for words, number in sorted(counts.items())]
    return f"{rule} Under the next stricter or laxer rule, cells of the study table would change: {_series(each)}."


def _limits(review: Review) -> str:
    ocr = (
        "OCR of scanned papers was switched on." if review.run.settings.get("ocr") else "Scanned papers were not read."
    )
    issues = len(review.evidence.issues)
    listed = (
        f"{_count(issues, 'issue')} {_verb(issues, 'is', 'are')} listed in issues.csv."
        if issues
        else "No issues arose."
    )
    return (
        "Tables and figures inside papers were not coded. A code says that a passage speaks of it, not that the study "
        "proves it. Whether a passage is a finding, a recommendation or a mention of other work is the machine's "
        f"answer until a person has checked it. {ocr} {listed}"
    )


def _measures(review: Review) -> list[str]:
    """Give the figures by code, if the model was measured."""
    if not review.model.measures:
        return []
    titles = code_titles(review.codebook)

    def row(measure: CodeMeasure) -> list[str]:
        figures = (measure.precision, measure.recall, measure.f1, measure.average_precision)
        title = _plain(titles.get(measure.code, measure.code))
        return [title, f"{measure.positives:,}", *(f"{figure:.2f}" for figure in figures)]

    header = ("Code", "Passages that carry it", "Precision", "Recall", "F1", "Average precision")
    return ["### Figures of the model by code", _table(header, map(row, review.model.measures))]


def _updates(review: Review) -> str:
    run = review.run
    form = "an updated review" if review.evidence.prisma.form == "updated" else "a new review"
    codebook = f"codebook {_plain(run.codebook)} ({_plain(run.codebook_version)})"
    studies = _count(len(review.evidence.studies), "study", "studies")
    living = _blank("schedule and triggers of updates, and plan for retirement; or that it is no living review")
    rows = [
        ("Title: version", f"Run {_plain(run.id)}. {_blank('version number of the review')}"),
        ("Item 3: preceding version", _blank("reference of the preceding version, or that there is none")),
        ("Item L1: living mode", living),
        (
            "Item L2: changes to the methods",
            (
                f"This version: {_program(review)}, {codebook}, model {_plain(run.model_id)}. "
                f"{means_words(review.changes)}"
                f"{_blank('what differs from the preceding version; compare its run.json')}"
            ),
        ),
        (
            "Item L3: changes to the results",
            (
                f"This version: {studies}; its flow diagram is that of {form}. "
                f"{results_words(review.changes)}{_blank('new studies, and findings that changed')}"
            ),
        ),
        ("Item L4: authors and roles", _blank("changes of authors and of their roles")),
    ]
    note = "Two runs have the same id if papers, references, settings, codebook, model and versions are all the same."
    return f"{_table(('Item of PRISMA-LSR', 'Answer'), rows)}\n\n{note}"


def _citations(review: Review) -> str:
    run = review.run
    libraries = ", ".join(f"{_plain(name)} {_plain(number)}" for name, number in sorted(run.libraries.items()))
    trained = ", ".join(f"{_plain(name)} {_plain(number)}" for name, number in sorted(review.model.libraries.items()))
    sources = [
        f"Dimension {_plain(dimension.title)}: {_plain(dimension.source).rstrip('.')}."
        for dimension in review.codebook.dimension
        if dimension.source
    ]
    lines = [
        f"{_program(review)} [computer program], run {_plain(run.id)}. {_blank('where the program can be found')}",
        *([f"Libraries of the run: {libraries}."] if libraries else []),
        *([f"Libraries with which the model was trained: {trained}."] if trained else []),
        *sources,
        *(_LSR, _POSITION, _PRISMA, _RAISE),
    ]
    return "\n".join(f"- {line}" for line in lines)
