"""The review page in real browsers: others at work, blind coding, disputes, and text that is lost."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, expect

from support.browsing import LOST, Joining, chosen, lost, mark_words
from support.decisions import People
from support.review_page import (
    BOOK,
    FIRST,
    MODEL,
    OTHER,
    PROBABILITY,
    Served,
    decided,
    outlines,
    passages_of,
    published_review,
    served,
)
from support.reviewers import Reviewer, join

# Others at work


def test_a_stale_decision_is_refused_and_nothing_that_was_typed_is_lost(ada: Reviewer, joined: Joining) -> None:
    ben = joined("ben")
    ben.page.goto(ada.page.url)
    ada.press("m")
    ada.page.keyboard.type("long thought about")
    ada.press("Escape")
    ben.press("r")
    ben.decided(1)
    ada.press("a")
    alert = ada.page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved")
    expect(alert).to_contain_text("ben rejected it just now")
    assert (409, "POST", "/decisions") in ada.told
    assert outlines(ada.served.decisions()) == [("ben", "reject", FIRST.name)]
    expect(chosen(ada.page)).to_have_attribute("data-code", FIRST.name)
    expect(chosen(ada.page)).to_contain_text("Rejected by ben")
    expect(chosen(ada.page).get_by_label("Note")).to_have_value("long thought about")
    ada.shot("conflict")
    ada.press("a")
    made = ada.decided(2)
    assert outlines(made)[-1] == ("ada", "accept", FIRST.name)
    assert made[-1].base == (made[0].id,)
    assert made[-1].note == "long thought about"
    ada.faults[:] = [fault for fault in ada.faults if "409" not in fault]


def test_a_run_that_is_published_meanwhile_is_told(ada: Reviewer) -> None:
    published_review(ada.served.folder, papers=2, length=10, number=2)
    expect(ada.page.get_by_text("A new run has been published")).to_be_visible(timeout=10_000)
    ada.press("a")
    ada.decided(1)


def test_what_was_typed_stays_where_the_program_has_ended(browser: Browser, folder: Path) -> None:
    with ExitStack() as stack:
        ada = stack.enter_context(ExitStack())
        with served(folder) as review:
            person = ada.enter_context(join(browser, review, "ada"))
            person.go("/queue/uncertain")
            person.press("m")
            person.page.keyboard.type("not to be lost")
            person.press("Escape")
        person.press("a")
        expect(person.page.get_by_role("alert")).not_to_be_empty()
        expect(chosen(person.page).get_by_label("Note")).to_have_value("not to be lost")
    assert outlines(Served.decisions(review)) == []


# Blind coding, and what comes of it


def test_a_blind_coder_is_sent_nothing_of_the_machine_and_nothing_of_other_people(
    folder: Path, joined: Joining
) -> None:
    people = People()
    for passage in passages_of(folder):
        decided(folder, people.decide("coder-two", "accept", passage, FIRST.name, note="a secret of coder two"))
    cleo = joined("cleo", blind=True)
    sent = cleo.texts()
    cleo.go("/queue/blind")
    cleo.press("ArrowDown", "a", "j", "2", "d", "z", "]")
    made = cleo.decided(len(people.made) + 4)
    there = made[0].anchor
    cleo.go("/")
    for path in (f"/passage/{there.paper_id}/{there.place}", f"/state?paper={there.paper_id}&place={there.place}"):
        cleo.page.evaluate(f"fetch('{path}').then((answer) => answer.text())")
    assert len(sent) >= 10
    for path, text in [one for one in sent if not one[0].startswith("/static/")]:
        for secret in (MODEL, "coder-two", "a secret", str(PROBABILITY), "machine: ", "carried", "Not looked at"):
            assert secret not in text, (path, secret)
        assert not re.search(r"(yes|unsure), 0[.]\d", text), path


def test_what_a_blind_coder_is_shown_is_the_same_whether_the_machine_has_coded_or_not(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    published_review(tmp_path / "uncoded", papers=2, length=10, coded=False)
    passages = passages_of(folder)[:4]
    shown = []
    for one in (folder, tmp_path / "uncoded"):
        with served(one) as review, join(browser, review, "cleo", blind=True) as cleo:
            shown.append([_bare(cleo.go(f"/passage/{p.paper_id}/{p.id}?queue=blind").content()) for p in passages])
            assert cleo.faults == []
    assert shown[0] == shown[1]
    assert all(passage.text[:30] in page for passage, page in zip(passages, shown[0], strict=True))


def _bare(page: str) -> str:
    """Take out of a page what is another one each time: its key, and its place in the queue."""
    page = re.sub(r'content="[\w-]{40,}"', "", page)
    page = re.sub(r'data-(before|after)="[^"]*"', "", page)
    page = re.sub(r'<a href="[^"]*" data-act="[^"]*">', "", page)
    page = re.sub(r"Previous <kbd>k</kbd></a>", "", page)
    return html.unescape(re.sub(r"\d+ of \d+", "", page))


def test_codes_are_given_blind_by_number_keys_and_are_the_coders_own(joined: Joining) -> None:
    ada, ben = joined("ada", blind=True), joined("ben", blind=True)
    for person in (ada, ben):
        person.go("/queue/blind")
    assert ada.quote() == ben.quote()
    ada.press("1", "3", "3", "d")
    ada.decided(4)
    ben.press("2", "d")
    made = ben.decided(6)
    assert all(one.blind for one in made)
    assert [(one.coder, one.verdict == "reject", one.code) for one in made] == [
        ("ada", False, BOOK.code[0].name),
        ("ada", False, BOOK.code[2].name),
        ("ada", True, BOOK.code[2].name),
        ("ada", False, ""),
        ("ben", False, BOOK.code[1].name),
        ("ben", False, ""),
    ]
    assert ada.quote() == ben.quote(), "both go on to the same passage"


def test_a_dispute_is_settled_with_both_views_side_by_side(folder: Path, joined: Joining) -> None:
    people, passage = People(), passages_of(folder)[1]
    decided(folder, people.decide("ada", "add", passage, OTHER.name, blind=True, note="clearly so", said=None))
    decided(folder, people.decide("ben", "reject", passage, OTHER.name, blind=True, note="not at all", said=None))
    cleo = joined("cleo")
    cleo.page.get_by_role("link", name="Conflicts").click()
    cleo.page.wait_for_url("**/passage/**")
    assert cleo.quote() == passage.text
    views = cleo.page.get_by_role("group", name="What people say").locator(".voice")
    expect(views).to_have_count(2)
    for name, note in (("ada", "clearly so"), ("ben", "not at all")):
        expect(views.filter(has=cleo.page.get_by_role("heading", name=name))).to_contain_text(note)
    left, right = (views.nth(at).bounding_box() for at in (0, 1))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    cleo.press("a")
    last = cleo.decided(3)[-1]
    assert (last.coder, last.adjudicates, last.blind) == ("cleo", True, False)
    assert set(last.base) == {one.id for one in people.made}
    expect(cleo.page.get_by_role("heading", name="Nothing left here")).to_be_visible()


# Text that is not found any more


def test_a_decision_whose_text_is_lost_is_given_to_the_text_that_is_meant(folder: Path, joined: Joining) -> None:
    people = People()
    decided(folder, people.decide("ben", "accept", lost(folder), FIRST.name))
    ada = joined("ada")
    ada.page.get_by_role("link", name="Orphans").click()
    expect(ada.page.locator("blockquote")).to_have_text(LOST)
    ada.shot("orphan")
    shown = ada.page.locator("#text").inner_text().split("\n")
    words = max(shown, key=len)[:50].strip()
    mark_words(ada.page, words)
    ada.page.get_by_role("button", name="It is the text that I have marked").click()
    made = ada.decided(2)[-1]
    assert (made.coder, made.code, made.anchor.quote) == ("ada", FIRST.name, words)
    assert made.base == (people.made[0].id,)
    expect(ada.page.get_by_role("heading", name="Nothing left here")).to_be_visible()


def test_a_decision_whose_text_is_lost_can_be_dropped(folder: Path, joined: Joining) -> None:
    decided(folder, People().decide("ben", "accept", lost(folder), FIRST.name))
    ada = joined("ada")
    ada.go("/queue/orphans")
    ada.press("r")
    assert outlines(ada.decided(2))[-1] == ("ada", "reject", FIRST.name)
    expect(ada.page.get_by_role("heading", name="Nothing left here")).to_be_visible()
