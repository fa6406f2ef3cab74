"""The methods text: what it says is what the run recorded, and nothing else."""

import re
from html.parser import HTMLParser

import msgspec
import pytest
from markdown_it import MarkdownIt

from evitable.codebook import Codebook, read_codebook
from evitable.export.clean import clean_text
from evitable.export.methods import methods_text
from evitable.export.review import Review
from evitable.records import CodeMeasure, Coding, ModelSummary, RollUp
from support.evidence import coded_paper
from support.nasty import NASTY
from support.review import review_of, small_review

BARE = ModelSummary(id="rphrases", note="Indicator phrases alone.")


def text_of(review: Review) -> str:
    ((name, data),) = methods_text(review)
    assert name == "methods.md"
    return data.decode("utf-8")


def changed(review: Review, **fields) -> Review:
    """Give a review with other fields."""
    names = ("evidence", "codebook", "run", "title", "model", "sources")
    return Review(**({name: getattr(review, name) for name in names} | fields))


def decided(*decisions: tuple[int, str, str]) -> Review:
    """Give the small review with a status and a coder for some of its counted codings."""
    review = small_review()
    new = {number: (status, coder) for number, status, coder in decisions}
    codings: list[Coding] = []
    counted = 0
    for coding in review.evidence.codings:
        status, coder = new.get(counted, ("machine", coding.coder)) if coding.counted else ("machine", coding.coder)
        counted += coding.counted
        codings.append(msgspec.structs.replace(coding, status=status, coder=coder))
    return changed(review, evidence=msgspec.structs.replace(review.evidence, codings=tuple(codings)))


class Cells(HTMLParser):
    """Collects tables, headings and paragraphs as a Markdown reader shows them."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.headings: list[str] = []
        self.tags: set[str] = set()
        self._into: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self._into = self.tables[-1][-1]
            self._into.append("")
        elif tag in {"h1", "h2", "h3"}:
            self._into = self.headings
            self._into.append("")

    def handle_endtag(self, tag):
        if tag in {"td", "th", "h1", "h2", "h3"}:
            self._into = None

    def handle_data(self, data):
        if self._into is not None:
            self._into[-1] += data


def shown(review: Review) -> Cells:
    cells = Cells()
    cells.feed(MarkdownIt("commonmark").enable("table").render(text_of(review)))
    return cells


def answers(review: Review) -> dict[str, str]:
    """Give the last cell of each table row by the first."""
    return {row[0]: row[-1] for table in shown(review).tables for row in table}


def paragraph(review: Review) -> str:
    return text_of(review).split("\n\n")[3]


@pytest.fixture(scope="module")
def small():
    return small_review()


def test_its_parts_stand_in_order(small):
    assert shown(small).headings == [
        "Methods text: A small review",
        "1. Paragraph for the methods section",
        "2. PRISMA 2020: selection, data collection, data items, availability",
        "Codes sought (item 10a)",
        "Attributes sought (item 10b)",
        "3. Use of artificial intelligence",
        "Figures of the model by code",
        "4. Updates: PRISMA-LSR",
        "5. What to cite",
    ]


def test_the_paragraph_names_program_run_codebook_and_counts(small):
    said = paragraph(small)
    assert "the full text of 4 papers, which report 4 studies, with Evitable 0.1.0 (run ntestrun)" in said
    assert "13 codes in 3 dimensions: Phase (4 codes), Level (3 codes) and Factor (6 codes)" in said
    assert "9 passages were read, of which 7 carry at least one code" in said
    counted = sum(coding.counted for coding in small.evidence.codings)
    assert f"{counted} codings rest on findings of the studies or recommendations of their authors" in said
    assert "1 coding of passages that mention other work, and 1 coding of which the machine was unsure" in said
    assert "by this rule: any passage." in said


def test_the_rule_in_force_is_printed(small):
    evidence = msgspec.structs.replace(small.evidence, rule=RollUp(kind="at_least", least=3))
    review = changed(small, evidence=evidence)
    assert "by this rule: at least 3 passages." in paragraph(review)
    assert "The rule is: at least 3 passages." in answers(review)["What hangs on the counting rule"]


def test_without_decisions_it_says_that_nobody_has_verified_anything(small):
    assert "No coding was verified by a person." in paragraph(small)
    assert answers(small)["What people verified"] == "No coding was verified by a person."
    assert "No independent double coding was done" in answers(small)["Agreement"]


def test_decisions_are_counted_by_coder_and_status():
    review = decided((0, "accepted", "Anna"), (1, "accepted", "Anna"), (2, "corrected", "Anna"), (3, "rejected", "Ben"))
    counted = sum(coding.counted for coding in review.evidence.codings)
    said = answers(review)["What people verified"]
    assert said.startswith(f"3 of {counted} counted codings (")
    assert said.endswith("Decisions by 2 people: Anna: 2 accepted and 1 corrected; Ben: 1 rejected.")
    assert f"({300 / counted:.1f} %) were verified by a person" in said


def test_one_decision_is_told_in_the_singular():
    said = answers(decided((0, "accepted", "Anna")))["What people verified"]
    assert said.startswith("1 of ")
    assert "was verified by a person. Decisions by 1 person: Anna: 1 accepted." in said


def test_a_decision_of_several_people_counts_for_each_of_them():
    said = answers(decided((0, "accepted", "Anna; Ben"), (1, "accepted", "Anna")))["What people verified"]
    assert said.endswith("Decisions by 2 people: Anna: 2 accepted; Ben: 1 accepted.")


def test_agreement_is_never_claimed_where_nobody_has_coded_blind():
    none = "No independent double coding was done, so that agreement between coders was not measured."
    assert answers(decided((0, "accepted", "Anna")))["Agreement"] == none
    two = answers(decided((0, "accepted", "Anna"), (1, "accepted", "Ben")))["Agreement"]
    assert two.startswith(f"{none} [to be completed: ")


def test_figures_of_the_model_stand_there_as_they_were_measured(small):
    said = answers(small)
    assert said["How well it works"].startswith(
        "It was measured on passages of writers that the model had not seen, by cross-validation. "
        "F1: 0.61 on average over 2 codes, from 0.55 (Group) to 0.68 (Co-design)."
    )
    table = next(table for table in shown(small).tables if table[0][-1] == "Average precision")
    assert table[1] == ["Co-design", "40", "0.71", "0.66", "0.68", "0.74"]


def test_a_model_that_was_not_measured_has_no_figures(small):
    review = changed(small, model=BARE)
    assert "How well it codes was not measured." in paragraph(review)
    assert "Figures of the model by code" not in shown(review).headings
    assert not re.search(r"F1|[Pp]recision|recall", text_of(review))


def test_coding_by_phrases_alone_is_named_so(small):
    said = paragraph(changed(small, model=BARE))
    assert "given by the codebook's indicator phrases alone, without a trained model" in said
    assert "Its record says: “Indicator phrases alone.”" in said


def test_one_measured_code_has_no_average(small):
    measure = CodeMeasure(code="gone", positives=9, precision=0.5, recall=0.5, f1=0.5, average_precision=0.5)
    model = msgspec.structs.replace(small.model, measures=(measure,), measured_on="")
    review = changed(small, model=model)
    assert "measured on passages that its record does not name. F1: 0.50 (gone)." in paragraph(review)


def test_training_passages_are_named_where_the_note_does_not(small):
    row = "How it works, and how it was trained"
    assert "It was trained on" not in answers(small)[row]
    model = msgspec.structs.replace(small.model, note="A model.", passages=1)
    assert "It was trained on 1 coded passage." in answers(changed(small, model=model))[row]


def test_papers_that_could_not_be_read_are_told():
    review = small_review()
    assert "could not be read by the program" not in paragraph(review)
    run = msgspec.structs.replace(review.run, papers={**review.run.papers, "scan.pdf": "aa", "torn.pdf": "bb"})
    said = "Of 6 papers, 2 could not be read by the program; issues.csv says why."
    assert said in paragraph(changed(review, run=run))
    assert said in answers(changed(review, run=run))["8"]


def test_the_flow_diagram_gives_the_numbers_that_are_known_and_where_they_come_from(small):
    assert "Databases: Scopus: 40 (given)" in answers(small)["8"]
    prisma = msgspec.structs.replace(small.evidence.prisma, boxes=(), faults=("Ten is not nine.",))
    none = changed(small, evidence=msgspec.structs.replace(small.evidence, prisma=prisma))
    assert "No number of the flow diagram was given." in answers(none)["8"]
    faulty = msgspec.structs.replace(small.evidence.prisma, faults=("Ten is not nine.",))
    wrong = changed(small, evidence=msgspec.structs.replace(small.evidence, prisma=faulty))
    assert "These numbers do not add up: Ten is not nine." in answers(wrong)["8"]


def test_codes_and_attributes_are_listed_with_their_definitions(small):
    tables = shown(small).tables
    codes = next(table for table in tables if table[0] == ["Dimension", "Family", "Code", "Definition"])
    assert [row[3] for row in codes[1:]] == [" ".join(code.definition.split()) for code in small.codebook.code]
    attributes = next(table for table in tables if table[0] == ["Attribute", "How it was sought"])
    assert [row[0] for row in attributes[1:]] == [attribute.title for attribute in small.codebook.attribute]


def test_quotes_found_again_are_counted_once_a_passage(small):
    grades = {}
    for coding in small.evidence.codings:
        grades.setdefault(coding.passage_id, ["exact", "exact", "squashed", "missing"][len(grades) % 4])
    codings = tuple(msgspec.structs.replace(c, match=grades[c.passage_id]) for c in small.evidence.codings)
    review = changed(small, evidence=msgspec.structs.replace(small.evidence, codings=codings))
    total = len(grades)
    counts = [list(grades.values()).count(grade) for grade in ("exact", "squashed", "missing")]
    assert (
        f"({total} quotes: {counts[0]} found word for word, {counts[1]} found by letters and digits alone and "
        f"{counts[2]} not found)." in answers(review)["Check of the quotes"]
    )
    assert answers(small)["Check of the quotes"] == "No quote was looked for again in its PDF."


def test_versions_are_those_of_the_run(small):
    text = text_of(small)
    assert "Libraries of the run: pandas 3.0, pdfminer.six 20260101." in text
    assert "Libraries with which the model was trained: scikit-learn 1.9.1." in text
    assert small.codebook.digest in answers(small)["Tool and version"]


def test_what_only_the_authors_know_is_left_to_them(small):
    said = answers(small)
    for row in ("8", "9", "27", "Interests", "Why its use is justified here", "Item 3: preceding version"):
        assert "[to be completed: " in said[row], row
    blanks = re.findall(r"\[to be completed: ([^\]]*)\]", text_of(small))
    assert len(blanks) == text_of(small).count("[to be completed")
    assert all((blank and not blank.endswith(".")) or blank == "..." for blank in blanks)


def test_an_updated_review_is_named_so(small):
    row = "Item L3: changes to the results"
    assert "its flow diagram is that of a new review" in answers(small)[row]
    prisma = msgspec.structs.replace(small.evidence.prisma, form="updated")
    review = changed(small, evidence=msgspec.structs.replace(small.evidence, prisma=prisma))
    assert "its flow diagram is that of an updated review" in answers(review)[row]


def test_scans_are_said_to_be_read_only_where_ocr_was_on(small):
    assert "Scanned papers were not read." in answers(small)["Limits"]
    run = msgspec.structs.replace(small.run, settings={"ocr": True})
    assert "OCR of scanned papers was switched on." in answers(changed(small, run=run))["Limits"]


@pytest.mark.parametrize(
    ("papers", "words"),
    [
        (0, ["No paper has been coded yet, so that there is nothing to report."]),
        (
            1,
            [
                "1 paper, which reports 1 study,",
                "1 passage was read, of which 1 carries",
                "1 coding rests",
                "1 of these stands in cells that the rule below counts",
            ],
        ),
        (2, ["2 papers, which report 2 studies,", "2 passages were read, of which 2 carry", "2 codings rest"]),
    ],
)
def test_numbers_agree_with_their_words(papers, words):
    made = [
        coded_paper(f"p{n}", {f"They drew it together, number {n}.": [("co_design", "", 0.9)]}, author=f"A{n}, B.")
        for n in range(papers)
    ]
    review = review_of(made)
    assert all(word in paragraph(review) for word in words), paragraph(review)
    assert not re.search(
        r"\b1 (\w+ )?(papers|studies|passages|codings|codes|issues|cells|quotes|people)\b", text_of(review)
    )


def plain_book(title: str = "Theme", definition: str = "x") -> Codebook:
    quoted = msgspec.json.encode(clean_text(title)).decode(), msgspec.json.encode(clean_text(definition)).decode()
    return read_codebook(
        f'name = "plain"\ntitle = "Plain"\n[[dimension]]\nname = "theme"\ntitle = {quoted[0]}\n'
        f'[[code]]\nname = "one"\ndimension = "theme"\ntitle = {quoted[0]}\ndefinition = {quoted[1]}\n',
        "plain.toml",
    )


def test_another_codebook_without_attributes_and_polarity_is_told_in_its_own_words():
    paper = coded_paper("a", {"They did so here.": [("one", "", 0.9)]}, author="A, B.", dimensions={"one": "theme"})
    review = changed(review_of([paper], plain_book()), model=BARE)
    assert "which has 1 code in 1 dimension: Theme (1 code)." in paragraph(review)
    assert "sought no other variable" in answers(review)["10b"]
    assert "Attributes sought (item 10b)" not in shown(review).headings
    for word in ("co-production", "Factor", "Phase"):
        assert word not in text_of(review).lower().replace("phases", "")


@pytest.mark.parametrize("text", [text for text in NASTY.values() if len(text) < 5000])
def test_nasty_texts_break_no_table_and_are_shown_as_they_are(text):
    plain = " ".join(clean_text(text).split())
    paper = coded_paper("a", {"They did so here.": [("one", "", 0.9)]}, author="A, B.", dimensions={"one": "theme"})
    review = changed(review_of([paper], plain_book(text, text), title=text), model=BARE)
    cells = shown(review)
    assert cells.headings[0] == f"Methods text: {plain}"
    codes = next(table for table in cells.tables if table[0] == ["Dimension", "Family", "Code", "Definition"])
    assert codes[1] == [plain, "", plain, plain]
    assert {len(row) for table in cells.tables for row in table} == {2, 3, 4}
    assert not cells.tags & {"script", "img", "a", "em", "strong", "code", "br"}


def test_equal_reviews_give_equal_bytes(small):
    assert next(methods_text(small)) == next(methods_text(small_review()))
