"""The review page in a real browser: the loop by keyboard, two coders, blind coding, lost text, and who sees it how."""

from __future__ import annotations

import html
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from evitable.records import Anchor, squash
from support.decisions import People
from support.review_page import (
    BOOK,
    FIRST,
    MODEL,
    OTHER,
    PROBABILITY,
    SECOND,
    Served,
    decided,
    outlines,
    passages_of,
    published_review,
    served,
)
from support.reviewers import Reviewer, join

Joining = Callable[..., Reviewer]
LOST = "This sentence was in the paper once, and is nowhere in it any more, nor is anything like it."
SCREENS = {
    "front": "/",
    "passage": "/queue/uncertain",
    "uncoded": "/queue/sample",
    "blind": "/queue/blind",
    "conflicts": "/queue/conflicts",
    "orphans": "/queue/orphans",
    "codebook": "/codebook",
    "name": "/coder",
    "nothing left": "/queue/open",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published review on which nobody has decided, to be copied."""
    folder = tmp_path_factory.mktemp("template") / "review"
    published_review(folder, papers=2, length=10)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A review of one's own."""
    return shutil.copytree(template, tmp_path / "review")


@pytest.fixture
def review(folder: Path) -> Iterator[Served]:
    """The page over it."""
    with served(folder) as page:
        yield page


@pytest.fixture
def joined(browser: Browser, review: Served) -> Iterator[Joining]:
    """Lets people sit down at the page, and sees that nothing went wrong on their screens."""
    with ExitStack() as stack:
        people: list[Reviewer] = []

        def sit(coder: str, **options: Any) -> Reviewer:
            people.append(stack.enter_context(join(browser, review, coder, **options)))
            return people[-1]

        yield sit
        assert [fault for person in people for fault in person.faults] == []


@pytest.fixture
def ada(joined: Joining) -> Reviewer:
    """A reviewer at the first passage of the queue of what is most uncertain."""
    person = joined("ada")
    person.go("/queue/uncertain")
    return person


def lost(folder: Path, near: str = LOST) -> Anchor:
    paper = passages_of(folder)[0].paper_id
    return Anchor(paper_id=paper, passage_id="qgone", page=1, start=0, end=len(near), quote=near, key=squash(near))


@pytest.fixture(scope="module")
def furnished(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over a review that has something on each screen."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("furnished") / "review")
    people, passage = People(), passages_of(folder)[1]
    decided(folder, people.decide("ada", "add", passage, OTHER.name, blind=True, note="clearly so", said=None))
    decided(folder, people.decide("ben", "reject", passage, OTHER.name, blind=True, said=None))
    decided(folder, people.decide("ben", "accept", lost(folder), FIRST.name, note="years ago"))
    with served(folder) as page:
        yield page


@pytest.fixture
def looking(browser: Browser, furnished: Served) -> Iterator[Reviewer]:
    """A reviewer who decides nothing, at the first passage of the queue of what is most uncertain."""
    with join(browser, furnished, "cleo") as person:
        person.go("/queue/uncertain")
        before = furnished.decisions()
        yield person
        assert furnished.decisions() == before
        assert person.faults == []


def chosen(page: Page) -> Any:
    """Give the code that is open."""
    return page.locator("#codes > [data-chosen]")


def mark_words(page: Page, words: str) -> None:
    """Mark words in the text, as a person does with the mouse."""
    page.evaluate(
        """(words) => {
            const walk = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
            throw new Error("these words are not shown in one piece");
        }""",
        words,
    )


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
    expect(ada.page.get_by_text("Run 2 has been published")).to_be_visible(timeout=10_000)
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
