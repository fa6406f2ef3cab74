"""The report's study table in a real browser: open, search, filter, sort."""

from __future__ import annotations

import re

import msgspec
import pytest
from playwright.sync_api import expect

from evitable.aggregate import Counting
from evitable.export.review import Review
from evitable.records import RollUp
from evitable.settings import StudyPapers
from support.browser import Desk
from support.evidence import coded_paper
from support.review import review_of
from web.reviews import DREW, STOPPED, many, quotes, shown_studies, small


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


def test_a_passage_that_the_rule_does_not_take_for_enough_is_listed_apart(desk: Desk) -> None:
    said = {"One.": [("co_design", "", 0.9)], "Two.": [("co_design", "", 0.9), ("group", "", 0.9)]}
    review = review_of([coded_paper("one", said)], counting=Counting(rule=RollUp(kind="at_least", least=2)))
    page = desk.open(review)
    page.locator("#table a.key").click()
    counted = page.locator("tr.more .details > .quotes")
    assert quotes(counted) == ["One.", "Two."]
    expect(counted).not_to_contain_text("Group")
    page.get_by_text("1 passage listed, not counted").click()
    expect(page.locator("tr.more details[open]")).to_contain_text(
        "Group finding · not enough by the rule · machine 0.90"
    )


def test_a_decision_names_its_person_and_a_doubtful_quote_its_doubt(desk: Desk) -> None:
    review = small()
    first, *others = review.evidence.codings
    decided = msgspec.structs.replace(first, status="accepted", coder="Ann Onym", match="fuzzy")
    evidence = msgspec.structs.replace(review.evidence, codings=(decided, *others))
    page = desk.open(Review(evidence, review.codebook, review.run, "T", review.model, review.sources))
    page.locator("#table a.key", has_text="Moeller 2018").click()
    shown = page.locator("tr.more figure").first
    expect(shown).to_contain_text("Co-design finding · accepted by Ann Onym; machine 0.93")
    expect(shown.locator(".doubt")).to_have_text("differs from the page")


def test_a_study_of_two_papers_names_the_paper_of_each_quote(desk: Desk) -> None:
    papers = [coded_paper(name, {f"Text of {name}.": [("co_design", "", 0.9)]}) for name in ("alpha", "beta")]
    joined = StudyPapers(key="Both 2020", papers=("alpha.pdf", "beta.pdf"))
    page = desk.open(review_of(papers, counting=Counting(joined=(joined,))))
    page.locator("#table a.key", has_text="Both 2020").click()
    figures = page.locator("tr.more figure")
    assert [text.split("·")[1].split()[0] for text in figures.locator("figcaption").all_inner_texts()] == [
        "alpha.pdf",
        "beta.pdf",
    ]


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
def test_each_filter_leaves_the_right_studies_also_by_address(
    desk: Desk, field: str, value: str, found: list[str]
) -> None:
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
    link = page.locator("#descriptives ~ *").get_by_role("link", name="Denmark")
    link.hover()  # what comes into sight is laid out only then, and may push the link on
    link.click()
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
