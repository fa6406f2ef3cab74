"""The report in a real browser: by keyboard, on paper, on a phone, without a network, with hostile text."""

from __future__ import annotations

import functools
import io
import re
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from evitable.codebook import Code, Codebook, Dimension, StudyAttribute
from evitable.export.review import Review
from evitable.records import Attribute, Issue, Span
from support.evidence import coded_paper
from support.review import big_review, review_of, small_review
from web.conftest import Desk

HOSTILE = '<img src=x onerror="alert(1)"></script><script>alert(2)</script><style>*{display:none}</style>'
DREW = "Residents drew the new layout of the ward with nurses."
STOPPED = "Without a budget line the workshops soon stopped."
CELL = "#cell/co_design+group+process_design"

small = functools.cache(small_review)


@functools.cache
def many() -> Review:
    """Give 60 studies, ten more than stand on the screen at once; each country has 12, each year one or two."""
    return big_review(60, 600)


@functools.cache
def hostile() -> Review:
    """Give a review in which text of papers, and a long word, stand wherever they may."""
    found = Attribute(name="country", value=HOSTILE, quote=HOSTILE, page=1)
    texts = {f"One 😀 {HOSTILE}": [("co_design", "", 0.9), ("group", "", 0.8)], "w" * 900: [("co_design", "", 0.7)]}
    paper = coded_paper(f"{HOSTILE}/{'f' * 200}", texts, author=HOSTILE, year=2020, attributes=(found,))
    issue = Issue(code="x", stage="y", paper=HOSTILE + "p" * 300, message=HOSTILE, hint=HOSTILE)
    review = review_of([paper], issues=[issue], title=HOSTILE)
    first, *others = review.evidence.codings
    words = (Span(start=4, end=5, text="😀"), Span(start=6, end=10, text="<img"))
    codings = (msgspec.structs.replace(first, words=words), *others)
    evidence = msgspec.structs.replace(review.evidence, codings=codings)
    return Review(evidence, review.codebook, review.run, review.title, review.model, review.sources)


@functools.cache
def plain() -> Review:
    """Give a review by a codebook of one dimension with 60 codes, no polarity, no families, no attributes."""
    codes = tuple(Code(name=f"c{n}", dimension="topic", title=f"Topic no. {n}", definition="x") for n in range(60))
    book = Codebook(name="t", title="T", dimension=(Dimension(name="topic", title="Topic"),), code=codes)
    said = {f"Text {n}.": [(f"c{n}", "", 0.9)] for n in range(0, 60, 2)}
    return review_of([coded_paper("one", said, dimensions={code.name: "topic" for code in codes})], book)


@functools.cache
def crowded() -> Review:
    """Give a review by a codebook of three dimensions of eight codes each, and ten attributes."""
    names = [(d, n) for d in "abc" for n in range(8)]
    book = Codebook(
        name="t",
        title="T",
        dimension=tuple(Dimension(name=d, title=f"Dimension {d}") for d in "abc"),
        code=tuple(
            Code(name=f"{d}{n}", dimension=d, title=f"A rather long code title, no. {n}", definition="x") for d, n in names
        ),
        attribute=tuple(StudyAttribute(name=f"at_{n}", title=f"Attribute no. {n}", kind="country") for n in range(10)),
    )
    paper = coded_paper("one", {"T.": [("a0", "", 0.9), ("b0", "", 0.9)]}, dimensions={f"{d}{n}": d for d, n in names})
    return review_of([paper], book)


def empty() -> Review:
    return review_of([])


def cell(page: Page, address: str = CELL) -> Locator:
    return page.locator(f'#map ~ * a[href="{address}"]').first


def shown_studies(page: Page) -> list[str]:
    return page.locator("#table tbody tr:not(.more):visible a.key").all_inner_texts()


def quotes(part: Locator) -> list[str]:
    return part.locator("blockquote:visible").all_inner_texts()


# The panel behind a cell


def test_a_cell_opens_by_keyboard_and_shows_the_quotes_that_put_the_study_there(desk: Desk) -> None:
    page = desk.open(small())
    cell(page).press("Enter")
    panel = page.get_by_role("dialog", name="Co-design × Group × Process design")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("1 study carries all of these codes")
    assert quotes(panel) == [DREW, STOPPED]
    first = panel.locator("figure").first
    expect(first).to_contain_text("p. 101 (PDF 1) · other")
    expect(first).to_contain_text("Process design facilitates · finding · machine 0.80, not verified")
    expect(page.locator("#panel-title")).to_be_focused()


def test_escape_closes_the_panel_and_gives_the_focus_back(desk: Desk) -> None:
    page = desk.open(small())
    cell(page).press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(cell(page)).to_be_focused()
    expect(page).to_have_url(re.compile(r"\.html$"))


def test_the_button_and_a_click_beside_the_panel_close_it_too(desk: Desk) -> None:
    page = desk.open(small())
    for close in (lambda: page.locator("#panel-close").click(), lambda: page.mouse.click(50, 400)):
        cell(page).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        close()
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_tabbing_never_leaves_the_open_panel(desk: Desk) -> None:
    page = desk.open(small(), CELL)
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#panel')")


def test_a_deep_link_opens_the_same_panel_and_escape_stays_on_the_page(desk: Desk) -> None:
    page = desk.open(small())
    cell(page).click()
    by_hand = page.get_by_role("dialog").inner_text()
    linked = desk.open(small(), CELL)
    expect(linked.get_by_role("dialog")).to_be_visible()
    assert linked.get_by_role("dialog").inner_text() == by_hand
    linked.keyboard.press("Escape")
    expect(linked.get_by_role("dialog")).to_be_hidden()
    expect(linked).to_have_url(re.compile("#map$"))
    expect(linked.get_by_role("heading", level=1)).to_be_visible()


def test_the_back_button_goes_from_state_to_state(desk: Desk) -> None:
    page = desk.open(small())
    panel = page.get_by_role("dialog")
    cell(page).click()
    panel.get_by_role("link", name="Moeller 2018").click()
    expect(panel).to_be_hidden()
    row = page.locator("#table a.key", has_text="Moeller 2018")
    expect(row).to_have_attribute("aria-expanded", "true")
    expect(row).to_be_focused()
    page.go_back()
    expect(panel).to_be_visible()
    page.go_back()
    expect(panel).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\.html$"))
    page.go_forward()
    expect(panel).to_be_visible()


def test_a_matrix_cell_and_a_code_open_the_same_panel(desk: Desk) -> None:
    page = desk.open(small())
    page.locator('#matrices ~ * a[href="#cell/co_delivery+group"]').click()
    assert quotes(page.get_by_role("dialog", name="Co-delivery × Group")) == ["Parents and teachers ran the school library together."]
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Co-design: 1 study", exact=True).click()
    assert quotes(page.get_by_role("dialog", name="Co-design")) == [DREW, STOPPED]


def test_a_way_shows_only_the_passages_that_go_that_way(desk: Desk) -> None:
    page = desk.open(small())
    page.get_by_role("link", name="Process design, hinders: 1 passage").click()
    assert quotes(page.get_by_role("dialog", name="Process design: hinders")) == [STOPPED]


def test_what_does_not_count_is_in_no_panel(desk: Desk) -> None:
    for code in ("co_assessment", "individual"):
        page = desk.open(small(), f"#cell/{code}")
        expect(page.get_by_role("dialog")).to_contain_text("0 studies")
        assert quotes(page.get_by_role("dialog")) == []


@pytest.mark.parametrize("address", ["#cell/nonsense", "#cell/", "#study/nonsense", "#cell/%", "#studies?x=y&d.phase=no", "#?"])
def test_an_address_that_names_nothing_does_no_harm(desk: Desk, address: str) -> None:
    page = desk.open(small(), address)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#table")).to_be_visible()


def test_a_panel_of_many_studies_is_built_in_parts(desk: Desk) -> None:
    page = desk.open(many(), "#cell/co_design")
    panel = page.get_by_role("dialog")
    total = int(re.findall(r"(\d+) studies", panel.inner_text())[0])
    assert total > 20
    expect(panel.locator(".panel-study")).to_have_count(10)
    panel.get_by_role("button", name="Show 10 more").press("Enter")
    expect(panel.locator(".panel-study")).to_have_count(20)
    expect(panel.locator(".panel-study").nth(10).locator("a.key")).to_be_focused()


def test_no_code_of_a_cell_waits_behind_many_quotes_of_another(desk: Desk) -> None:
    said = {f"Passage {n} of design.": [("co_design", "", 0.9)] for n in range(9)}
    page = desk.open(review_of([coded_paper("one", {**said, "On groups.": [("group", "", 0.5)]})]), "#cell/co_design+group")
    panel = page.get_by_role("dialog")
    assert len(quotes(panel)) == 6
    assert "On groups." in quotes(panel)[:2]
    panel.get_by_text("4 more passages").click()
    expect(panel.locator("blockquote:visible")).to_have_count(10)


# The study table


def test_a_row_opens_by_keyboard_with_all_quotes_and_what_does_not_count_apart(desk: Desk) -> None:
    page = desk.open(small())
    key = page.locator("#table a.key", has_text="Moeller 2018")
    key.press("Enter")
    more = page.locator("#table tr.more")
    assert quotes(more) == [DREW, STOPPED]
    expect(key).to_have_attribute("aria-expanded", "true")
    expect(page).to_have_url(re.compile("#study/s"))
    more.get_by_text("2 passages listed, not counted").click()
    listed = more.locator("details[open]")
    expect(listed).to_contain_text("Others have reported")
    expect(listed).to_contain_text("Co-assessment mention · machine 0.80, not verified")
    expect(listed).to_contain_text("Individual finding · machine 0.31, unsure, not verified")
    key.press("Enter")
    expect(more).to_be_hidden()
    expect(key).to_have_attribute("aria-expanded", "false")


def test_a_study_s_attributes_stand_with_their_quotes(desk: Desk) -> None:
    page = desk.open(small())
    page.locator("#table a.key", has_text="Tamura 2021").click()
    page.get_by_text("What the study is like").click()
    expect(page.locator("tr.more dl:visible")).to_contain_text("We worked in Japan. p. 1")


def test_all_rows_open_and_close_at_once(desk: Desk) -> None:
    page = desk.open(small())
    page.get_by_role("button", name="Open all shown").click()
    expect(page.locator("tr.more:visible")).to_have_count(4)
    page.get_by_role("button", name="Close all").click()
    expect(page.locator("tr.more:visible")).to_have_count(0)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tamura", ["Tamura 2021"]),
        ("  JAPAN   library ", []),
        ("co-delivery japan", ["Tamura 2021"]),
        ("2021", ["Okoro 2021", "Tamura 2021"]),
        ("drew the new layout", []),
    ],
)
def test_search_counts_what_it_finds_and_says_so(desk: Desk, typed: str, found: list[str]) -> None:
    page = desk.open(small())
    page.get_by_label("Search", exact=True).press_sequentially(typed)
    expect(page.get_by_role("status")).to_have_text(f"{len(found)} of 4 studies")
    assert shown_studies(page) == found


def test_search_finds_accents_and_quotes_where_wanted(desk: Desk) -> None:
    paper = coded_paper("one", {"Die Brücke über die Spree.": [("co_design", "", 0.9)]}, author="Müller, Ä.", year=2000)
    page = desk.open(review_of([paper]))
    search = page.get_by_label("Search", exact=True)
    search.fill("muller")
    expect(page.get_by_role("status")).to_have_text("1 of 1 study")
    search.fill("BRUCKE")
    expect(page.get_by_role("status")).to_have_text("0 of 1 study")
    page.get_by_label("Search in quotes too").check()
    expect(page.get_by_role("status")).to_have_text("1 of 1 study")
    page.locator("#table a.key").click()
    expect(page.locator("figure.hit")).to_have_count(1)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("d.phase", "co_delivery", ["Tamura 2021"]),
        ("d.level", "group", ["Moeller 2018", "Tamura 2021"]),
        ("d.factor", "managerial_tools", ["Tamura 2021"]),
        ("a.country", "Nigeria", ["Okoro 2021"]),
        ("a.country", "-", ["Nilsson 2015"]),
        ("from", "2018", ["Moeller 2018", "Okoro 2021", "Tamura 2021"]),
        ("to", "2018", ["Moeller 2018", "Nilsson 2015"]),
        ("unverified", "1", ["Moeller 2018", "Okoro 2021", "Tamura 2021"]),
    ],
)
def test_each_filter_leaves_the_right_studies_also_by_address(desk: Desk, field: str, value: str, found: list[str]) -> None:
    page = desk.open(small())
    control = page.locator(f'#filters [name="{field}"]')
    if control.get_attribute("type") == "checkbox":
        control.check()
    elif control.evaluate("field => field.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)
    expect(page.get_by_role("status")).to_have_text(f"{len(found)} of 4 studies")
    assert shown_studies(page) == found
    expect(page).to_have_url(re.compile(f"#studies\\?{field}={value}$"))
    assert shown_studies(desk.open(small(), f"#studies?{field}={value}")) == found


def test_filters_work_together_and_are_cleared_together(desk: Desk) -> None:
    page = desk.open(small(), "#studies?from=2021&d.level=group&q=library")
    expect(page.get_by_role("status")).to_have_text("0 of 4 studies")
    page.get_by_label("Search", exact=True).fill("")
    expect(page.get_by_role("status")).to_have_text("1 of 4 studies")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("status")).to_have_text("4 of 4 studies")
    expect(page).to_have_url(re.compile("#studies$"))


def test_verified_studies_are_not_among_those_not_verified(desk: Desk) -> None:
    review = small()
    cells = {study.key: study.cells for study in review.evidence.studies}
    done = tuple(msgspec.structs.replace(cell, verified=cell.passages) for cell in cells["Okoro 2021"])
    studies = tuple(
        msgspec.structs.replace(study, cells=done) if study.key == "Okoro 2021" else study
        for study in review.evidence.studies
    )
    evidence = msgspec.structs.replace(review.evidence, studies=studies)
    page = desk.open(Review(evidence, review.codebook, review.run, "T", review.model, review.sources))
    page.get_by_label("Not verified only").check()
    assert shown_studies(page) == ["Moeller 2018", "Tamura 2021"]


def test_a_value_leads_to_its_studies_and_back_undoes_it(desk: Desk) -> None:
    page = desk.open(small())
    page.locator("#descriptives ~ *").get_by_role("link", name="Denmark").click()
    expect(page.get_by_role("status")).to_have_text("1 of 4 studies")
    expect(page.locator('#filters [name="a.country"]')).to_have_value("Denmark")
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("4 of 4 studies")


@pytest.mark.parametrize(
    ("column", "up", "down"),
    [
        ("Study", "Moeller Nilsson Okoro Tamura", "Tamura Okoro Nilsson Moeller"),
        ("Year", "Nilsson Moeller Okoro Tamura", "Okoro Tamura Moeller Nilsson"),
        ("Countries", "Moeller Tamura Okoro Nilsson", "Okoro Tamura Moeller Nilsson"),
        ("Factor", "Moeller Tamura Nilsson Okoro", "Moeller Tamura Nilsson Okoro"),
    ],
)
def test_columns_sort_both_ways_with_what_is_missing_last(desk: Desk, column: str, up: str, down: str) -> None:
    page = desk.open(small())
    page.get_by_role("button", name="Open all shown").click()
    head = page.locator("#table").get_by_role("columnheader", name=column, exact=True)
    for state, wanted in (("ascending", up), ("descending", down)):
        head.get_by_role("button").press("Enter")
        expect(head).to_have_attribute("aria-sort", state)
        assert " ".join(key.split()[0] for key in shown_studies(page)) == wanted
    assert page.locator("th[aria-sort]").count() == 1
    rows = page.locator("#table tbody tr")
    assert [rows.nth(n).get_attribute("class") for n in (1, 3, 5, 7)] == ["more"] * 4
    address = page.url.split("#")[1]
    linked = desk.open(small(), f"#{address}")
    assert shown_studies(linked) == shown_studies(page)


def test_the_table_shows_fifty_studies_and_the_rest_when_asked(desk: Desk) -> None:
    page = desk.open(many())
    assert len(shown_studies(page)) == 50
    expect(page.get_by_role("status")).to_have_text("60 of 60 studies")
    page.get_by_role("button", name="Show all 60").press("Enter")
    assert len(shown_studies(page)) == 60
    expect(page.locator("#table a.key").nth(50)).to_be_focused()
    expect(page.locator("#more")).to_be_hidden()


def test_filters_reach_the_studies_that_are_not_on_the_screen(desk: Desk) -> None:
    page = desk.open(many())
    page.get_by_label("Search", exact=True).fill("author00059")
    expect(page.get_by_role("status")).to_have_text("1 of 60 studies")
    assert len(shown_studies(page)) == 1


def test_a_deep_link_reaches_a_study_below_the_first_fifty(desk: Desk) -> None:
    last = many().evidence.studies[-1]
    page = desk.open(many(), f"#study/{last.study_id}")
    key = page.locator("#table a.key", has_text=last.key)
    expect(key).to_be_focused()
    expect(key).to_be_in_viewport()
    expect(page.locator("tr.more:visible")).to_have_count(1)


# What papers and people may write


@pytest.mark.parametrize("address", ["", "#cell/co_design", "#study"])
def test_hostile_text_is_inert_and_readable(desk: Desk, address: str) -> None:
    review = hostile()
    [study] = review.evidence.studies
    page = desk.open(review, f"#study/{study.study_id}" if address == "#study" else address)
    assert page.locator("img").count() == 0
    assert page.locator("body script:not([type])").count() == 1
    assert page.locator("style").count() == 1
    part = page.get_by_role("dialog") if address.startswith("#cell") else page.locator("main")
    assert HOSTILE in part.inner_text()


def test_marked_words_are_those_that_carried_the_code(desk: Desk) -> None:
    page = desk.open(hostile(), "#cell/co_design")
    assert page.get_by_role("dialog").locator("mark").all_inner_texts() == ["😀", "<img"]


# Everywhere


def faults(page: Page, **options: Any) -> list[str]:
    """Name what axe calls serious or critical."""
    found = Axe().run(page, **options).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in {"serious", "critical"}]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("review", [small, hostile, plain, crowded, empty, many], ids=lambda made: made.__name__)
def test_axe_finds_no_serious_fault(desk: Desk, scheme: str, review: Any) -> None:
    page = desk.open(review(), color_scheme=scheme, bypass_csp=True)
    assert faults(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_an_open_panel_and_open_rows(desk: Desk, scheme: str) -> None:
    page = desk.open(small(), CELL, color_scheme=scheme, bypass_csp=True)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open all shown").click()
    for part in page.locator("main details").all():
        part.evaluate("part => part.open = true")
    assert faults(page) == []


@pytest.mark.parametrize("review", [small, hostile, plain, crowded, empty], ids=lambda made: made.__name__)
def test_nothing_stands_out_of_a_phone_s_screen(desk: Desk, review: Any) -> None:
    page = desk.open(review(), viewport={"width": 360, "height": 740})
    widest = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
    assert page.evaluate(widest) <= 360
    if page.locator("#open-all").count():
        page.locator("#open-all").click()
        assert page.evaluate(widest) <= 360
    if page.locator(".cell a").count():
        page.locator(".cell a").first.click()
        assert page.get_by_role("dialog").evaluate("panel => panel.scrollWidth") <= 360


def test_a_phone_shows_in_a_row_s_details_what_the_row_leaves_out(desk: Desk) -> None:
    page = desk.open(small(), viewport={"width": 360, "height": 740})
    page.locator("#table a.key", has_text="Tamura 2021").click()
    expect(page.locator(".narrow-only")).to_be_visible()
    expect(page.locator(".narrow-only")).to_contain_text("Japan")
    expect(page.locator(".narrow-only")).to_contain_text("Co-delivery (1)")


def test_paper_shows_all_sections_and_rows_and_no_controls(desk: Desk) -> None:
    page = desk.open(many())
    page.locator("#table a.key").first.click()
    page.emulate_media(media="print")
    for heading in page.locator("main h2").all():
        expect(heading).to_be_visible()
    assert len(shown_studies(page)) == 60
    expect(page.locator("tr.more blockquote").first).to_be_visible()
    expect(page.locator("#rule ~ details td").first).to_be_visible()
    for control in page.locator("#filters, nav, #more, summary").all():
        expect(control).to_be_hidden()
    assert page.locator("body").evaluate("body => getComputedStyle(body).color") == "rgb(29, 38, 48)"


@pytest.mark.slow
def test_the_printed_page_holds_maps_tables_and_quotes_in_full(desk: Desk) -> None:
    page = desk.open(small(), color_scheme="dark")
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    titles = ["Evidence map", "Two by two", "Studies", "Synthesis", "Flow of records", "Model", "Codebook", "Versions"]
    assert [word for word in (*titles, DREW, "Water users voted", "Nilsson 2015", "at least 2 passages") if word not in text] == []


@pytest.mark.slow
def test_an_open_panel_is_printed_alone_and_whole(desk: Desk) -> None:
    page = desk.open(many(), "#cell/co_design")
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert "Evidence map" not in text
    assert text.count("Passage ") >= len(quotes(page.get_by_role("dialog"))) > 10


def test_without_a_script_tables_synthesis_and_a_hint_are_there(desk: Desk) -> None:
    page = desk.open(many(), java_script_enabled=False)
    expect(page.locator("noscript p")).to_be_visible()
    assert len(shown_studies(page)) == 60
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#more")).to_be_hidden()
    expect(page.locator(".quote blockquote").first).to_be_visible()


@pytest.mark.parametrize("review", [plain, crowded, empty], ids=lambda made: made.__name__)
def test_other_codebooks_and_empty_reviews_open(desk: Desk, review: Any) -> None:
    page = desk.open(review())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("performance.getEntriesByName('ready').length") == 1
    if page.locator(".cell a").count():
        page.locator(".cell a").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
