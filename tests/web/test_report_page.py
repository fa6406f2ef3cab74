"""The report in a real browser: by keyboard, on paper, on a phone, without a network, with hostile text."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from support.browser import Desk
from support.evidence import coded_paper
from support.review import review_of
from web.reviews import CELL, DREW, HOSTILE, STOPPED, crowded, empty, hostile, many, plain, quotes, shown_studies, small


def cell(page: Page, address: str = CELL) -> Locator:
    return page.locator(f'#map ~ * a[href="{address}"]').first


# The panel behind a cell


def test_a_cell_opens_by_keyboard_and_shows_the_quotes_that_put_the_study_there(desk: Desk) -> None:
    page = desk.open(small())
    cell(page).press("Enter")
    panel = page.get_by_role("dialog", name="Co-design × Group × Process design")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("1 study carries all of these codes")
    assert quotes(panel) == [DREW, STOPPED]
    first = panel.locator("figure").first
    expect(first).to_contain_text("p. 101 (PDF 1)")
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
    assert quotes(page.get_by_role("dialog", name="Co-delivery × Group")) == [
        "Parents and teachers ran the school library together."
    ]
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"\.html$"))  # "back" has been done before the next link is followed
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


@pytest.mark.parametrize(
    "address", ["#cell/nonsense", "#cell/", "#study/nonsense", "#cell/%", "#studies?x=y&d.phase=no", "#?"]
)
def test_an_address_that_names_nothing_does_no_harm(desk: Desk, address: str) -> None:
    page = desk.open(small(), address)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#table")).to_be_visible()


def test_a_mention_of_a_code_that_the_study_carries_is_not_among_its_quotes(desk: Desk) -> None:
    said = {"We designed it.": [("co_design", "", 0.9)], "Others designed it.": [("co_design", "", 0.9)]}
    page = desk.open(review_of([coded_paper("one", said, bases={"Others designed it.": "mention"})]), "#cell/co_design")
    assert quotes(page.get_by_role("dialog")) == ["We designed it."]


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
    page = desk.open(
        review_of([coded_paper("one", {**said, "On groups.": [("group", "", 0.5)]})]), "#cell/co_design+group"
    )
    panel = page.get_by_role("dialog")
    assert len(quotes(panel)) == 6
    assert "On groups." in quotes(panel)[:2]
    panel.get_by_text("4 more passages").click()
    expect(panel.locator("blockquote:visible")).to_have_count(10)


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


def faults(page: Page) -> list[str]:
    """Name what axe calls serious or critical, also in parts that are drawn only when they come into view."""
    page.add_style_tag(content="* { content-visibility: visible !important }")
    found = Axe().run(page).response["violations"]
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
    assert [
        word for word in (*titles, DREW, "Water users voted", "Nilsson 2015", "at least 2 passages") if word not in text
    ] == []


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
