"""The page as it is asked for: what it shows, and what it takes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from evitable.web.guard import KEY_HEADER
from evitable.web.pictures import Pictures
from support.at_the_page import ORIGIN, Opened, Person, accept
from support.page import BOOK, DOUBTED, GIVEN, MODEL, OTHER, PROBABILITY, Visitor, made_review


def test_the_start_address_works_once_and_becomes_a_cookie_that_scripts_cannot_read(page: Opened) -> None:
    first = page.shop.start.removeprefix(ORIGIN)
    answer = Visitor(page.app, ORIGIN).get(first)
    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    again = Visitor(page.app, ORIGIN).get(first)
    assert again.status_code == 403
    assert "set-cookie" not in again.headers
    assert page.said == [page.shop.start]
    assert Visitor(page.app, ORIGIN).get(page.shop.start.removeprefix(ORIGIN)).status_code == 303


def test_who_has_no_name_yet_is_asked_for_one(page: Opened) -> None:
    person = Person(page)
    assert person.get("/").headers["location"] == "/coder"
    assert person.get("/queue/study").headers["location"] == "/coder"
    assert person.get(page.addresses()[0]).headers["location"] == "/coder"
    assert "Who decides?" in person.get("/coder").text
    paper, place = page.addresses()[0].split("/")[2:]
    answer = person.post("/decisions", {"paper": paper, "place": place, "decisions": [accept()]})
    assert (answer.status_code, page.decisions()) == (422, ())


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101, "\u202eada"])
def test_a_name_must_be_one(name: str, page: Opened) -> None:
    answer = Person(page).post("/coder", {"coder": name})
    assert answer.status_code == 422
    assert "name" in answer.json()["message"]


def test_a_name_that_looks_like_a_path_stays_in_its_folder(page: Opened) -> None:
    Person(page, "../../ada").decide(page.addresses()[0], accept())
    [file] = page.workspace.root.rglob("*.jsonl")
    assert file.parent == page.workspace.corpus / "decisions"


def test_the_front_page_tells_what_there_is_to_do(page: Opened) -> None:
    person = Person(page, "ada")
    shown = person.get("/").text
    assert "Meetings of groups" in shown
    assert re.search(r'<a href="/queue/uncertain">Most uncertain</a> <span class="n">6 passages', shown)
    assert "Group 2" in shown
    assert person.get("/queue/uncertain").headers["location"].startswith("/passage/")
    assert person.get("/queue/conflicts").status_code == 200
    assert "Nothing left" in person.get("/queue/conflicts").text


def test_a_passage_is_shown_with_its_words_its_codes_and_their_definitions(page: Opened) -> None:
    shown = Person(page, "ada").get(page.addresses()[0]).text
    assert "hoped for &amp; feared" in shown
    assert '<mark class="passage carried"' in shown
    assert f"machine: yes, {PROBABILITY:.2f}" in shown
    assert GIVEN.title in shown
    assert DOUBTED.title in shown
    assert "Code it when" in shown
    assert "page 101" in shown


def test_a_decision_is_on_the_disk_when_the_page_says_so(page: Opened) -> None:
    person = Person(page, "ada")
    answer = person.decide(page.addresses()[0], accept(polarity="hinders", note="  as on page 4 "))
    assert answer.status_code == 200
    assert "Accepted" in answer.json()["said"]
    assert "Applies, against the machine by ada" in answer.json()["main"]
    [one] = page.decisions()
    assert (one.coder, one.verdict, one.polarity, one.note, one.via) == (
        "ada",
        "accept",
        "hinders",
        "as on page 4",
        "page",
    )
    assert one.said
    assert one.said.probability == PROBABILITY
    assert one.codebook_version == BOOK.digest


def test_a_change_is_a_no_and_a_yes_in_one(page: Opened) -> None:
    person = Person(page, "ada")
    wishes = ({"verdict": "reject", "code": GIVEN.name}, {"verdict": "add", "code": OTHER.name, "replaces": GIVEN.name})
    assert person.decide(page.addresses()[0], *wishes).status_code == 200
    assert [(one.verdict, one.code, one.replaces) for one in page.decisions()] == [
        ("reject", GIVEN.name, ""),
        ("add", OTHER.name, GIVEN.name),
    ]


def test_a_stale_decision_is_refused_with_what_stands_now_and_made_again_in_sight_of_it(page: Opened) -> None:
    ada, ben = Person(page, "ada"), Person(page, "ben")
    address = page.addresses()[0]
    assert ben.decide(address, {"verdict": "reject", "code": GIVEN.name}).status_code == 200
    page.now += timedelta(minutes=2)
    refused = ada.decide(address, accept(base=[], note="typed"))
    assert refused.status_code == 409
    assert "ben rejected it 2 minutes ago" in refused.json()["message"]
    assert "Rejected by ben" in refused.json()["main"]
    assert refused.json()["codes"] == [GIVEN.name]
    assert len(page.decisions()) == 1
    assert ada.decide(address, accept(note="typed")).status_code == 200
    assert page.decisions()[1].base == (page.decisions()[0].id,)


def test_of_several_decisions_none_is_taken_where_one_is_stale(page: Opened) -> None:
    ada, ben = Person(page, "ada"), Person(page, "ben")
    address = page.addresses()[0]
    ben.decide(address, {"verdict": "reject", "code": GIVEN.name})
    wishes = ({"verdict": "reject", "code": GIVEN.name, "base": []}, {"verdict": "add", "code": OTHER.name})
    assert ada.decide(address, *wishes).status_code == 409
    assert len(page.decisions()) == 1


def test_what_was_decided_last_is_taken_back_and_then_what_was_before(page: Opened) -> None:
    person = Person(page, "ada")
    first, second = page.addresses()[:2]
    person.decide(first, accept())
    person.decide(second, accept())
    for address in (second, first):
        answer = person.post("/undo", {})
        assert answer.status_code == 200
        assert answer.json()["address"].startswith(address)
    assert [one.verdict for one in page.decisions()] == ["accept", "accept", "undo", "undo"]
    assert page.shop.desk.now().passages[0].codes[0].status == "machine"
    assert person.post("/undo", {}).status_code == 422


def test_what_somebody_has_decided_on_since_is_not_taken_back(page: Opened) -> None:
    ada, ben = Person(page, "ada"), Person(page, "ben")
    ada.decide(page.addresses()[0], accept())
    ben.decide(page.addresses()[0], {"verdict": "reject", "code": GIVEN.name})
    answer = ada.post("/undo", {})
    assert answer.status_code == 409
    assert "ben rejected it" in answer.json()["message"]
    assert len(page.decisions()) == 2


def test_nobody_takes_back_what_another_browser_decided(page: Opened) -> None:
    Person(page, "ada").decide(page.addresses()[0], accept())
    assert Person(page, "ben").post("/undo", {}).status_code == 422
    assert len(page.decisions()) == 1


def test_a_passage_is_read_in_full(page: Opened) -> None:
    person = Person(page, "ada")
    assert person.decide(page.addresses()[3], {"verdict": "complete"}, queue="sample").status_code == 200
    assert page.shop.desk.now().passages[3].completed_by == {"ada"}
    assert "Read in full by ada" in person.get(page.addresses()[3]).text


def test_a_stretch_of_text_is_coded_and_found_again(page: Opened) -> None:
    person = Person(page, "ada")
    review = page.shop.desk.now()
    state = review.passages[3]
    document = page.shop.desk.document(state.paper_id)
    start = page.shop.desk.work(state.paper_id).passages[state.place].start
    wish = {"verdict": "add", "code": OTHER.name, "start": start, "end": start + 8}
    right = {**wish, "quote": document.text[start : start + 8]}
    assert person.decide(page.addresses()[3], {**wish, "quote": "Other te"}).status_code == 422
    assert person.decide(page.addresses()[3], right).status_code == 200
    [one] = page.decisions()
    assert (one.anchor.quote, one.anchor.passage_id, one.verdict) == ("Meeting", "", "add")
    stretch = page.shop.desk.now().passages[-1 if review.passages[-1].kind == "stretch" else 6]
    assert (stretch.kind, stretch.within) == ("stretch", state.place)
    assert "Marked inside this passage" in person.get(page.addresses()[3]).text
    assert "The passage round it" in person.get(f"/passage/{stretch.paper_id}/{stretch.place}").text


@pytest.mark.parametrize(
    "wish",
    [
        {"verdict": "accept", "code": "no_such_code"},
        {"verdict": "accept"},
        {"verdict": "complete", "code": GIVEN.name},
        {"verdict": "delete", "code": GIVEN.name},
        accept(polarity="sideways"),
        accept(coder="ben"),
        accept(start=0, end=10**9, quote="x"),
        accept(start=-7, end=3),
        accept(note="x" * 5001),
    ],
    ids=str,
)
def test_what_the_page_would_never_send_is_refused(wish: dict[str, Any], page: Opened) -> None:
    assert Person(page, "ada").decide(page.addresses()[0], wish).status_code == 422
    assert page.decisions() == ()


def test_a_write_may_have_64_kilobytes(page: Opened) -> None:
    person = Person(page, "ada")
    answer = person.post("/decisions", {"paper": "x" * 66_000})
    assert answer.status_code == 413
    assert "too long" in answer.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 60_000])
def test_a_body_that_is_no_json_is_refused(body: bytes, page: Opened) -> None:
    person = Person(page, "ada")
    headers = {"Origin": ORIGIN, KEY_HEADER: person.key, "Content-Type": "application/json"}
    assert person.browser.request("POST", "/decisions", headers=headers, content=body).status_code == 422


def test_blind_coders_are_sent_nothing_of_the_machines_and_nothing_of_other_people(page: Opened) -> None:
    ada = Person(page, "ada")
    for address in page.addresses():
        ada.decide(address, accept(note="ada's own thought", polarity="hinders"))
        ada.decide(address, {"verdict": "complete"})
    ben = Person(page, "ben", blind=True)
    shown = [ben.get("/").text, ben.get("/coder").text, ben.get("/codebook").text]
    for address in page.addresses():
        assert ben.get(address).headers["location"] == "/"
        assert ben.get(f"{address}?queue=uncertain").headers["location"] == "/"
        shown.append(ben.get(f"{address}?queue=blind").text)
        shown.append(ben.decide(address, accept(DOUBTED.name), queue="blind", blind=True).text)
        paper, place = address.split("/")[2:]
        shown.append(ben.get(f"/sheet/{paper}/1?place={place}&queue=blind").text)
        shown.append(ben.get(f"/state?paper={paper}&place={place}&queue=blind").text)
    for text in shown:
        for secret in ("0.73", "7319", MODEL, "ada", "hinders it", "thought", "machine: ", "data-codes", "carried"):
            assert secret not in text.replace('<option value="hinders">hinders', ""), secret
    alone = Person(Opened(made_review(page.workspace.root.parent / "untouched"), page.shop.pictures), "ben", blind=True)
    for address in page.addresses():
        assert _bare(ben.get(f"{address}?queue=blind").text) == _bare_decided(alone, address)


def _bare(html: str) -> str:
    """Leave out what is new in every session or every decision."""
    return re.sub(r'(content|data-version|data-revisions)="[^"]*"', "", html)


def _bare_decided(alone: Person, address: str) -> str:
    alone.decide(address, accept(DOUBTED.name), queue="blind", blind=True)
    return _bare(alone.get(f"{address}?queue=blind").text)


def test_blind_decisions_are_in_a_line_of_their_own(page: Opened) -> None:
    ada, ben = Person(page, "ada"), Person(page, "ben", blind=True)
    ada.decide(page.addresses()[0], accept())
    answer = ben.decide(page.addresses()[0], accept(), queue="blind", blind=True)
    assert answer.status_code == 200
    assert [(one.coder, one.verdict, one.blind, one.base) for one in page.decisions()] == [
        ("ada", "accept", False, ()),
        ("ben", "add", True, ()),
    ]


def test_who_codes_blind_cannot_decide_in_sight_and_the_other_way_round(page: Opened) -> None:
    ada, ben = Person(page, "ada"), Person(page, "ben", blind=True)
    paper, place = page.addresses()[0].split("/")[2:]
    body = {"paper": paper, "place": place, "decisions": [accept()]}
    assert ben.post("/decisions", body).status_code == 422
    assert ada.post("/decisions", {**body, "blind": True}).status_code == 422
    assert page.decisions() == ()


def test_a_page_that_was_started_for_blind_coding_stays_so(tmp_path: Path, pictures: Pictures) -> None:
    person = Person(Opened(made_review(tmp_path / "review"), pictures, blind=True), "ada", blind=False)
    assert person.get("/queue/uncertain").headers["location"] == "/"


def test_a_dispute_is_shown_with_both_views_and_settled(page: Opened) -> None:
    for name, verdict in (("ada", "accept"), ("ben", "reject")):
        wish = {"verdict": verdict, "code": GIVEN.name, "note": f"so says {name}"}
        Person(page, name, blind=True).decide(page.addresses()[0], wish, queue="blind", blind=True)
    judge = Person(page, "eve")
    address = judge.get("/queue/conflicts").headers["location"]
    shown = judge.get(address).text
    assert shown.count("so says ada") >= 1
    assert shown.count("so says ben") >= 1
    assert "Your word settles it" in shown
    assert judge.decide(page.addresses()[0], accept(), queue="conflicts").status_code == 200
    last = page.decisions()[-1]
    assert (last.adjudicates, len(last.base)) == (True, 2)
    assert page.shop.desk.now().passages[0].codes[0].status == "accepted"


def test_looking_changes_nothing(page: Opened) -> None:
    person = Person(page, "ada")
    person.decide(page.addresses()[0], accept())
    before = page.decisions()
    paper, place = page.addresses()[0].split("/")[2:]
    for path in (
        "/decisions",
        "/undo",
        "/link",
        "/logout",
        f"/decisions?paper={paper}&place={place}&verdict=reject",
        "/queue/study",
        "/state",
        page.addresses()[1],
    ):
        person.get(path)
    assert page.decisions() == before
    assert person.get("/").status_code == 200
