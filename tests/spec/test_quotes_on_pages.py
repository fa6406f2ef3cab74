"""How well a quote is found again on its page: exact, squashed, fuzzy or missing."""

import pytest

from evitable.extract.quotes import PageText, QuotePart, grade_quote, quote_parts
from evitable.records import Block, Document, Line, Reference

LINES = (
    "Residents and two officers walked through the streets ",
    "and wrote down what had to be mended first, lamps, ",
    "kerbs and benches; the list that they brought home took ",
    "both sides two more evenings in the village hall.",
)
PAGE = "\r\n".join(line.strip() for line in LINES)
QUOTE = "".join(LINES)
FOOTNOTE = "1 The hall stands beside the river, and was lent to them free of charge by the parish."
OTHER = "Nurses kept their own register of visits, and showed it to nobody until the spring after the audit was over."


def grade(pieces, page):
    """Grade a quote on one page; a list of texts is a quote that the print cuts there, as by a figure."""
    return grade_quote([QuotePart(1, (pieces,) if isinstance(pieces, str) else tuple(pieces))], {1: PageText(page)})


@pytest.mark.parametrize(
    ("what", "quote", "page", "expected"),
    [
        ("the same words", QUOTE, PAGE, "exact"),
        ("the same words among others", QUOTE, f"Heading\r\n{OTHER}\r\n{PAGE}\r\n{FOOTNOTE}", "exact"),
        ("any white space", "two of them  met", "two of\r\nthem\tmet\u00a0twice", "exact"),
        ("a hyphen at a line's end that goes", "wherever it was", "wher-\r\never it was", "exact"),
        ("a hyphen at a line's end that stays", "the co-production of it", "the co-\r\nproduction of it", "exact"),
        ("a hyphen as PDFium says it", "wherever the co-production", "wher\ufffeever the co\ufffeproduction", "exact"),
        ("a hyphen within a line must be there", "the coproduction of it", "the co-production of it", "squashed"),
        ("a dash at a line's end", "aims—not means", "aims—\r\nnot means", "exact"),
        ("a stroke at a line's end", "and/or in towns", "and/\r\nor in towns", "exact"),
        ("a hyphen as a dash at a line's end", "aims - not means", "aims -\r\nnot means", "exact"),
        ("ligatures", "a difficult office flat", "a di\ufb03cult o\ufb03ce \ufb02at", "exact"),
        ("composed and spread accents", "the café in Łódź", "the cafe\u0301 in Ło\u0301dz\u0301", "exact"),
        ("other quotation marks", "a “voice” of one's own", 'a "voice" of one’s own', "squashed"),
        ("other dashes", "2012–2014 in all", "2012-2014 in all", "squashed"),
        ("other capitals", "The Residents met", "the residents met", "squashed"),
        ("a space where the page has none", "20 mg a day for n = 80", "20 mg a day for n=80", "squashed"),
        ("words that run together", "Residents walked home", "Residentswalkedhome", "squashed"),
        ("a sign that is not there", "and a drop of 5 ± 2 points", "and a drop of 5 2 points", "squashed"),
        ("half a word at the end", "Residents and two off", "Residents and two officers walked", "missing"),
        ("one word changed", QUOTE.replace("officers", "teachers"), PAGE, "fuzzy"),
        ("one word left out", QUOTE.replace("more ", ""), PAGE, "fuzzy"),
        ("one letter changed in a short quote", "Danish town hall", "Danish tower hill", "missing"),
        ("another sentence", OTHER, PAGE, "missing"),
        ("the same words in another order", " ".join(sorted(QUOTE.split())), PAGE, "missing"),
        ("two sentences changed about", "They met twice. Nobody came.", "Nobody came. They met twice.", "missing"),
        ("a short quote", "two officers", PAGE, "exact"),
        ("a short quote inside longer words", "resident", PAGE, "missing"),
        ("one word", "lamps", PAGE, "exact"),
        ("a quote without a letter", "— … —", "— … —", "missing"),
        ("an empty quote", "", PAGE, "missing"),
        ("an empty page", QUOTE, "", "missing"),
        ("a page with its number only", f"{QUOTE} 12", "12", "missing"),
        ("a page shorter than the quote", QUOTE, PAGE[:40], "missing"),
    ],
)
def test_a_quote_on_one_page(what, quote, page, expected):
    assert grade(quote, page) == expected, what


def parted(*pieces):
    """A page on which other things stand between the pieces of a quote."""
    between = f"\r\n{FOOTNOTE}\r\n{OTHER}\r\n"
    return between.join(pieces)


ONE, TWO, THREE, FOUR = LINES
TOP, END = ONE + TWO, THREE + FOUR


@pytest.mark.parametrize(
    ("what", "pieces", "page", "expected"),
    [
        ("a footnote in the middle", [TOP, END], parted(TOP, END), "exact"),
        ("the second column comes first", [TOP, END], parted(END, TOP), "exact"),
        ("the page does not cut it after all", [TOP, END], PAGE, "exact"),
        ("two figures in the middle", [ONE, TWO + THREE, FOUR], parted(ONE, TWO + THREE, FOUR), "exact"),
        ("three pieces in another order", [ONE, TWO + THREE, FOUR], parted(ONE, FOUR, TWO + THREE), "missing"),
        ("four pieces", [ONE, TWO, THREE, FOUR], parted(ONE, TWO, THREE, FOUR), "missing"),
        ("a footnote where the print cuts nothing", [QUOTE], parted(TOP, END), "missing"),
        ("a piece that is not word for word", [TOP, END], parted(TOP, END.upper()), "squashed"),
        ("a word changed in a piece", [TOP, END], parted(TOP, END.replace("even", "morn")), "fuzzy"),
        ("a piece that is not there", [TOP, FOUR], parted(TOP, THREE), "missing"),
        ("a line that is left out", [TOP + FOUR], PAGE, "missing"),
        ("a line of another text", [ONE + FOOTNOTE + TWO], parted(TOP, ""), "missing"),
        ("a small piece of whole words", [TOP, "kerbs and benches"], parted("kerbs and benches;", TOP), "exact"),
        ("a small piece of half a word", [TOP, "kerb"], parted("kerbs and benches;", TOP), "fuzzy"),
        ("the same piece twice, on the page once", [ONE, ONE], PAGE, "missing"),
        ("the same piece twice, as on the page", [ONE, ONE], parted(ONE, ONE), "exact"),
    ],
)  # fmt: skip
def test_a_quote_with_other_things_in_between(what, pieces, page, expected):
    assert grade(pieces, page) == expected, what


def test_a_quote_over_two_pages_is_looked_for_on_each():
    parts = [QuotePart(3, (ONE + TWO,)), QuotePart(4, (THREE + FOUR,))]
    first, second = f"{ONE}\n{TWO}", f"{THREE}\n{FOUR}"
    assert grade_quote(parts, {3: PageText(first), 4: PageText(f"Running head 4\n{second}")}) == "exact"
    assert grade_quote(parts, {3: PageText(first), 4: PageText(second.upper())}) == "squashed"
    assert grade_quote(parts, {3: PageText(second), 4: PageText(first)}) == "missing"
    assert grade_quote(parts, {3: PageText(PAGE)}) == "missing"


def test_a_word_cut_by_the_end_of_a_page():
    parts = [QuotePart(3, (ONE + TWO + THREE + "both sides two more even",)), QuotePart(4, ("ings in the hall.",))]
    pages = {3: PageText(f"{ONE}{TWO}{THREE}both sides two more even-\r\n12"), 4: PageText("ings in the hall.")}
    assert grade_quote(parts, pages) == "exact"


def printed(*places):
    """A document of one block whose lines stand at these places: page, distance from the left and from the top."""
    text, lines = "", []
    for number, (page, left, top) in enumerate(places):
        words = f"line number {number} "
        lines.append(
            Line(page=page, box=(left, top, left + 200, top + 10), start=len(text), end=len(text) + len(words))
        )
        text += words
    block = Block(kind="body", start=0, end=len(text), lines=tuple(lines))
    return Document(paper_id="p", text=text, pages=(), blocks=(block,), metadata=Reference(), extractor="test")


@pytest.mark.parametrize(
    ("what", "places", "pieces"),
    [
        ("lines below each other", [(1, 50, 100), (1, 50, 112), (1, 50, 124)], [[3]]),
        ("one line", [(1, 50, 100)], [[1]]),
        ("two lines set wide", [(1, 50, 100), (1, 50, 124)], [[2]]),
        ("a lost line", [(1, 50, 100), (1, 50, 112), (1, 50, 136), (1, 50, 148)], [[4]]),
        ("a figure in between", [(1, 50, 100), (1, 50, 112), (1, 50, 300), (1, 50, 312)], [[2, 2]]),
        ("two lines and a figure", [(1, 50, 100), (1, 50, 300)], [[1, 1]]),
        ("the next column", [(1, 50, 700), (1, 50, 712), (1, 300, 80), (1, 300, 92)], [[2, 2]]),
        ("two columns read line by line", [(1, 50, 100), (1, 300, 100), (1, 50, 112), (1, 300, 112)], [[4]]),
        ("the next page", [(1, 50, 700), (2, 50, 80), (2, 50, 92)], [[1], [2]]),
    ],
)  # fmt: skip
def test_where_the_print_cuts_a_quote(what, places, pieces):
    document = printed(*places)
    parts = quote_parts(document, 5, len(document.text))
    assert [[piece.count("number") for piece in part.pieces] for part in parts] == pieces, what
    assert "".join("".join(part.pieces) for part in parts) == document.text[5:]
    assert [part.page for part in parts] == sorted({page for page, _, _ in places})


@pytest.mark.parametrize("numbered", ["{number} {line}\r\n", "{number}\r\n{line}\r\n", "{line}\r\n{number}\r\n"])
def test_numbers_of_lines_are_not_part_of_the_text(numbered):
    page = "".join(numbered.format(number=n, line=line) for n, line in enumerate((*LINES, FOOTNOTE, OTHER), start=18))
    assert grade(QUOTE, page) == "exact"


def test_numbers_that_do_not_count_the_lines_are_part_of_it():
    quote = "the hall, the lamps and 12 benches were mended"
    assert grade(quote, "the hall, the lamps and\r\n12 benches were mended") == "exact"
    assert grade(quote, "the hall, the lamps and\r\nbenches were mended") == "fuzzy"
