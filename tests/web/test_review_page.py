"""The review page in a real browser: the loop by keyboard, and who sees it how."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from support.browsing import SCREENS, Joining, chosen, mark_words
from support.review_page import (
    FIRST,
    OTHER,
    SECOND,
    Served,
    outlines,
    published_review,
    served,
)
from support.reviewers import Reviewer, join

# The loop by keyboard


@pytest.mark.slow
def test_fifty_decisions_by_keyboard_are_fifty_decisions_on_the_disk(
    browser: Browser, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Keys are pressed without waiting for the screen: none is lost, none counts twice, each is what was pressed."""
    published_review(tmp_path / "review", papers=3, length=24)
    with served(tmp_path / "review") as review, join(browser, review, "ada") as ada:
        ada.go("/queue/uncertain")
        keys = [key for _ in range(10) for key in "aarua"]
        start = time.perf_counter()
        ada.press(*keys)
        made = ada.decided(50, seconds=60)
        seconds = time.perf_counter() - start
        record_property("seconds for 50 decisions", round(seconds, 2))
        print(f"\n50 decisions by keyboard in {seconds:.1f} s")
        verdicts = {"a": "accept", "r": "reject", "u": "unsure"}
        assert [one.verdict for one in made] == [verdicts[key] for key in keys]
        assert len({one.item for one in made}) == 50
        assert {one.coder for one in made} == {"ada"}
        assert all(one.said is not None and not one.base for one in made)
        assert ada.faults == []


def test_after_a_decision_the_next_code_is_chosen_and_then_the_next_passage_shown(ada: Reviewer) -> None:
    first = ada.quote()
    expect(chosen(ada.page)).to_have_attribute("data-code", FIRST.name)
    ada.press("a")
    expect(chosen(ada.page)).to_have_attribute("data-code", SECOND.name)
    expect(ada.page.get_by_role("status").filter(has_text="Accepted: " + FIRST.title)).to_be_attached()
    assert ada.quote() == first
    ada.press("r")
    made = ada.decided(2)
    assert outlines(made) == [("ada", "accept", FIRST.name), ("ada", "reject", SECOND.name)]
    assert ada.quote() != first
    expect(chosen(ada.page)).to_be_visible()


def test_letters_in_a_note_are_letters_and_the_note_goes_with_the_decision(ada: Reviewer) -> None:
    ada.press("ArrowDown", "m")
    expect(ada.page.get_by_label("Note").and_(ada.page.locator(":focus"))).to_be_visible()
    ada.page.keyboard.type("a rare, clear case? jk ud")
    ada.press("Escape", "p", "a")
    [made] = ada.decided(1)
    assert (made.code, made.verdict, made.note) == (SECOND.name, "accept", "a rare, clear case? jk ud")
    assert made.polarity == "hinders", "p goes on from what the machine says"
    assert made.said is not None
    assert made.said.polarity == "facilitates"


def test_undo_takes_the_last_decision_back_and_shows_its_passage(ada: Reviewer) -> None:
    there = ada.quote()
    ada.press("a", "r")
    ada.decided(2)
    ada.press("z")
    made = ada.decided(3)
    assert outlines(made)[-1] == ("ada", "undo", SECOND.name)
    assert made[-1].base == (made[1].id,)
    expect(ada.page.locator("#said")).to_contain_text("Taken back: " + SECOND.title)
    assert ada.quote() == there
    expect(ada.page.locator(f"[data-code={SECOND.name}] .status")).to_have_text("Not looked at yet")


def test_a_code_is_changed_to_another_by_typing_its_name(ada: Reviewer) -> None:
    ada.press("c")
    expect(ada.page.get_by_role("dialog", name="Choose a code")).to_be_hidden()
    expect(ada.page.get_by_role("dialog", name=f"Instead of {FIRST.title}")).to_be_visible()
    ada.page.keyboard.type(OTHER.title.lower()[:8])
    ada.press("Enter")
    away, instead = sorted(ada.decided(2), key=lambda one: one.verdict == "add")  # both at the same moment
    assert outlines([away, instead]) == [("ada", "reject", FIRST.name), ("ada", "add", OTHER.name)]
    assert instead.replaces == FIRST.name
    assert away.anchor.place == instead.anchor.place


def test_a_code_is_added_to_a_passage_that_the_machine_passed_over(joined: Joining) -> None:
    ada = joined("ada")
    ada.go("/queue/sample")
    expect(ada.page.get_by_text("The machine gives no code here")).to_be_visible()
    quote = ada.quote()
    ada.press("n")
    ada.page.keyboard.type(OTHER.title)
    ada.press("Enter")
    [made] = ada.decided(1)
    assert (made.verdict, made.code, made.anchor.quote, made.said) == ("add", OTHER.name, quote, None)
    assert made.anchor.passage_id
    assert ada.quote() == quote, "one may add another code"
    expect(ada.page.locator(f"[data-code={OTHER.name}] .status")).to_contain_text("by ada")


def test_a_code_is_added_to_words_that_were_marked(ada: Reviewer) -> None:
    words = " ".join(ada.quote().split()[8:13])
    mark_words(ada.page, words)
    ada.press("n")
    expect(ada.page.get_by_label("Words it is about")).to_have_value(words)
    ada.page.keyboard.type(OTHER.title)
    ada.press("Enter")
    [made] = ada.decided(1)
    assert (made.verdict, made.code, made.anchor.quote) == ("add", OTHER.name, words)
    assert made.anchor.passage_id == ""
    expect(ada.page.get_by_text("Marked inside this passage")).to_be_visible()


def test_what_is_left_open_waits_in_a_queue_of_its_own(ada: Reviewer) -> None:
    quote = ada.quote()
    ada.press("u")
    ada.decided(1)
    ada.go("/queue/open")
    assert ada.quote() == quote
    expect(chosen(ada.page)).to_contain_text("Left open by ada")
    ada.press("r")
    assert outlines(ada.decided(2))[-1] == ("ada", "reject", FIRST.name)
    expect(ada.page.get_by_role("heading", name="Nothing left here")).to_be_visible()


def test_the_sample_is_read_passage_by_passage_until_nothing_is_left(joined: Joining) -> None:
    ada = joined("ada")
    ada.go("/queue/sample")
    [number] = map(int, re.findall(r"1 of (\d+)", ada.page.locator(".where").inner_text()))
    ada.press(*["d"] * number)
    made = ada.decided(number)
    assert {(one.verdict, one.code) for one in made} == {("complete", "")}
    expect(ada.page.get_by_role("heading", name="Nothing left here")).to_be_visible()
    ada.go("/")
    expect(ada.page.get_by_text(f"Of {number} passages read at random among {number}")).to_be_visible()


def test_every_passage_has_its_address_and_the_way_back_leads_back(looking: Reviewer) -> None:
    first, there = looking.quote(), looking.page.url
    looking.press("j")
    expect(looking.page).not_to_have_url(there)
    looking.settled()
    second = looking.quote()
    assert second != first
    looking.page.reload()
    assert looking.quote() == second
    looking.press("k")
    expect(looking.page).to_have_url(there)
    looking.page.go_back()
    expect(looking.page).not_to_have_url(there)
    looking.settled()
    assert looking.quote() == second


def test_the_picture_of_the_page_is_beside_the_passage_with_its_lines_marked(looking: Reviewer) -> None:
    picture = looking.page.get_by_role("img", name=re.compile("Picture of page"))
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(image) => image.naturalWidth") == 1000
    marks = looking.page.locator("#sheet rect")
    assert 3 <= marks.count() <= 6
    leaf, mark = (found.bounding_box() for found in (picture, marks.first))
    assert leaf is not None
    assert mark is not None
    assert leaf["x"] < mark["x"] < mark["x"] + mark["width"] < leaf["x"] + leaf["width"]
    assert 0.5 < mark["width"] / leaf["width"] < 0.8
    page = looking.page.locator("#sheet").get_attribute("data-page")
    looking.press("[" if page != "1" else "]")
    expect(looking.page.locator("#sheet")).not_to_have_attribute("data-page", page or "")


def test_the_words_that_carried_the_chosen_code_are_marked_in_the_passage(looking: Reviewer) -> None:
    expect(looking.page.locator("#text mark.on")).to_have_text("Meeting")
    looking.press("ArrowDown")
    expect(looking.page.locator("#text mark.on")).to_have_count(0)


def test_the_focus_is_never_lost(ada: Reviewer) -> None:
    number = 0
    for keys in ("j", "k", "ArrowDown", "a", "z", "?", "Escape", "c", "Escape", "n", "Escape", "m", "Escape", "d", "r"):
        ada.press(keys)
        number += keys in ("a", "z", "d", "r")
        ada.decided(number)
        held = ada.page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.className")
        assert not held.startswith("BODY"), f"after {keys}"
        assert ada.page.evaluate("document.activeElement.checkVisibility()"), f"after {keys}: {held}"


def test_the_keys_are_listed_on_the_page(looking: Reviewer) -> None:
    looking.press("?")
    keys = looking.page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    for key in "arcnpumzdjk?":
        expect(keys.locator("kbd", has_text=re.compile(f"^{re.escape(key)}$"))).to_be_visible()
    looking.press("a", "Escape")
    expect(keys).to_be_hidden()


# For everybody


def grave_faults(page: Page) -> list[str]:
    """Give what axe finds that keeps people from using a page."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


def test_no_screen_has_serious_faults_of_access(browser: Browser, furnished: Served) -> None:
    with join(browser, furnished, "cleo") as cleo:
        for name, path in SCREENS.items():
            page = cleo.go(path)
            cleo.settled()
            cleo.shot(f"desk {name}")
            assert grave_faults(page) == [], name
        assert cleo.faults == []


@pytest.mark.parametrize("size", [(820, 1180), (640, 450)], ids=["tablet", "enlarged twice"])
def test_on_a_tablet_and_enlarged_nothing_is_wider_than_the_screen(
    browser: Browser, furnished: Served, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    wide, high = size
    with join(browser, furnished, "cleo", wide=wide, high=high) as cleo:
        for name, path in SCREENS.items():
            page = cleo.go(path)
            cleo.settled()
            cleo.shot(f"{request.node.callspec.id} {name}")
            assert page.evaluate("document.documentElement.scrollWidth") <= wide, name
        cleo.go(SCREENS["passage"])
        assert grave_faults(cleo.page) == []
        assert cleo.page.get_by_role("button", name="Accept").is_visible()
        assert cleo.faults == []


def test_open_dialogs_have_no_serious_faults_of_access(browser: Browser, furnished: Served) -> None:
    with join(browser, furnished, "cleo") as cleo:
        cleo.go("/queue/uncertain")
        for key, name in (("?", "keys"), ("n", "picker")):
            cleo.press(key)
            cleo.shot(name)
            assert grave_faults(cleo.page) == []
            cleo.press("Escape")
