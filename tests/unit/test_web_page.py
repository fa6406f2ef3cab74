"""The page as it is asked for: what it shows, what it takes, and what it keeps from whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from starlette.types import ASGIApp

from evitable.records import Decision
from evitable.store import Workspace, open_decisions
from evitable.web.app import application
from evitable.web.desk import Desk
from evitable.web.guard import KEY_HEADER, Hosts
from evitable.web.pictures import Pictures
from evitable.web.sessions import Sessions
from evitable.web.shop import Shop
from support.page import BOOK, DOUBTED, GIVEN, MODEL, OTHER, PROBABILITY, Visitor, made_review

PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("a long pass phrase")


class Opened:
    """A review page in this process.

    Attributes:
        shop: What its routes work with.
        app: The application.
        said: Start addresses that it has printed.
        now: Its clock.
    """

    def __init__(self, workspace: Workspace, pictures: Pictures, **session: Any) -> None:
        self.workspace = workspace
        self.said: list[str] = []
        self.now = datetime(2026, 1, 1, 10, tzinfo=UTC)
        self.shop = Shop(
            desk=Desk(workspace, open_decisions(workspace), lambda: BOOK),
            sessions=Sessions(**session),
            pictures=pictures,
            address=ORIGIN,
            cookie=f"evitable-{PORT}",
            said=self.said.append,
            clock=self._clock,
        )
        self.app: ASGIApp = application(self.shop, Hosts(PORT))

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def decisions(self) -> tuple[Decision, ...]:
        """Give what is in the log on the disk."""
        return open_decisions(self.workspace).read()

    def addresses(self) -> list[str]:
        """Give the address of each passage, in the order of the text."""
        return [f"/passage/{one.paper_id}/{one.place}" for one in self.shop.desk.now().passages]


class Person:
    """Somebody at the page."""

    def __init__(self, page: Opened, name: str = "", *, blind: bool = False) -> None:
        self.page = page
        self.browser = Visitor(page.app, ORIGIN)
        self.browser.get(page.shop.start.removeprefix(ORIGIN))
        session = page.shop.sessions.get(self.browser.cookies.get(page.shop.cookie, ""))
        assert session
        self.key = session.key
        if name:
            assert self.post("/coder", {"coder": name, "blind": blind}).status_code == 200

    def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return self.browser.get(path)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Write."""
        sent = {"Origin": ORIGIN, KEY_HEADER: self.key, **headers}
        return self.browser.request("POST", path, headers=sent, json=body)

    def decide(self, address: str, *wishes: dict[str, Any], queue: str = "", **more: Any) -> httpx.Response:
        """Decide on a passage with what its page says of revisions; `base` in a wish says otherwise."""
        paper, place = address.split("/")[2:]
        shown = self.get(address + (f"?queue={queue}" if queue else "")).text
        revisions = re.search(r'data-revisions="([^"]*)"', shown)
        assert revisions
        known = httpx.Response(200, text=revisions[1].replace("&#34;", '"')).json()
        body = {
            "paper": paper,
            "place": place,
            "queue": queue,
            "decisions": [{"base": known.get(wish.get("code", ""), []), **wish} for wish in wishes],
            **more,
        }
        return self.post("/decisions", body)


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    with Pictures(children=1) as drawn:
        yield drawn


@pytest.fixture
def page(tmp_path: Path, pictures: Pictures) -> Opened:
    """The page over a review of two papers with six passages each."""
    return Opened(made_review(tmp_path / "review"), pictures)


def accept(code: str = GIVEN.name, **more: Any) -> dict[str, Any]:
    return {"verdict": "accept", "code": code, **more}


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


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/redoc",
        "/openapi.json",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/app.py",
        "/static/",
        "/picture/..%2f..%2freview.toml/1",
        "/picture/group-1.pdf/1",
        "/picture//etc/passwd/1",
        "/passage/p/q",
        "/passage/../../etc",
        "/sheet/p/1?place=q",
        "/queue/nothing",
        "/corpus/group-1.pdf",
        "/outputs/papers.json",
        "/review.toml",
    ],
)
def test_nothing_but_the_page_is_given_away(path: str, page: Opened) -> None:
    assert Person(page, "ada").get(path).status_code == 404


@pytest.mark.parametrize("number", ["-1", "1.5", "0x1", "9999999", "%00", "\u0661", "a"])
def test_a_page_number_that_is_none_is_refused(number: str, page: Opened) -> None:
    paper, place = page.addresses()[0].split("/")[2:]
    person = Person(page, "ada")
    assert person.get(f"/picture/{paper}/{number}").status_code == 404
    assert person.get(f"/sheet/{paper}/{number}?place={place}").status_code == 404


def test_hostile_names_and_notes_are_just_text(page: Opened) -> None:
    person = Person(page, "ada")
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
    person.decide(page.addresses()[0], accept(note=evil))
    for shown in (
        person.get(page.addresses()[0]).text,
        person.get(f"{page.addresses()[0]}?queue=code&code={evil}").text,
        person.get(f"/queue/code?code={evil}&study={evil}").text,
        person.post("/coder", {"coder": evil}).text,
    ):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "49" not in re.sub(r"[\w-]{20,}", "", shown.split("<main")[-1].split("</h1>")[0])


def test_no_script_and_no_style_stands_in_a_page(page: Opened) -> None:
    person = Person(page, "ada")
    for path in ("/", "/coder", "/codebook", "/queue/conflicts", page.addresses()[0], "/nothing"):
        shown = person.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", shown), path
        assert not re.search(r"\sstyle=|\son\w+=", re.sub(r">[^<]*<", "><", shown)), path
        assert "<style" not in shown
        assert not re.search(r'(src|href)="(https?:)?//', shown)


def test_every_file_of_the_page_is_there(page: Opened) -> None:
    person = Person(page, "ada")
    asked = {"review.css"}
    for path in ("/", page.addresses()[0]):
        asked |= set(re.findall(r'/static/([\w.-]+)"', person.get(path).text))
    for name in list(asked):
        if name.endswith(".js"):
            asked |= set(re.findall(r'from "\./([\w.-]+)"', person.get(f"/static/{name}").text))
    assert len(asked) >= 4
    for name in asked:
        assert person.get(f"/static/{name}").status_code == 200, name


def test_the_page_is_told_of_decisions_and_of_a_new_run(page: Opened) -> None:
    ada, ben = Person(page, "ada"), Person(page, "ben")
    paper, place = page.addresses()[0].split("/")[2:]
    address = f"/state?paper={paper}&place={place}"
    before = ada.get(address).json()
    assert ada.get(address).json() == before
    ben.decide(page.addresses()[0], accept())
    after = ada.get(address).json()
    assert after["version"] != before["version"]
    assert f'data-version="{after["version"]}"' in ada.get(page.addresses()[0]).text
    made_review(page.workspace.root, papers=3, number=2)
    assert ada.get(address).json()["run"] == 2


def test_what_cannot_be_read_is_said_in_words(page: Opened) -> None:
    person = Person(page, "ada")
    paper, place = page.addresses()[0].split("/")[2:]
    (page.workspace.outputs / "papers.json").write_bytes(b"{")
    shown = person.get("/")
    assert shown.status_code == 422
    assert "damaged" in shown.text
    told = person.post("/decisions", {"paper": paper, "place": place, "decisions": [accept()]})
    assert (told.status_code, "damaged" in told.json()["message"]) == (422, True)


def test_another_browser_gets_an_address_of_its_own(page: Opened) -> None:
    person = Person(page, "ada")
    link = person.post("/link", {}).json()["address"]
    assert Visitor(page.app, ORIGIN).get(link.removeprefix(ORIGIN)).status_code == 303


def test_who_signs_out_must_come_in_anew(page: Opened) -> None:
    person = Person(page, "ada")
    assert person.post("/logout", {}).status_code == 200
    assert person.get("/").status_code == 401


def test_a_password_lets_in_and_wrong_ones_are_counted(tmp_path: Path, pictures: Pictures) -> None:
    page = Opened(made_review(tmp_path / "review"), pictures, password_hash=HASH)
    visitor = Visitor(page.app, ORIGIN)
    assert visitor.get("/").headers["location"] == "/login"
    assert "password" in visitor.get("/login").text

    def tried(password: str, **headers: str) -> int:
        sent = {"Origin": ORIGIN, **headers}
        return visitor.request("POST", "/login", headers=sent, json={"password": password}).status_code

    assert tried("a long pass phrase", Origin="http://evil.example") == 403
    assert [tried("guessed") for _ in range(5)] == [403] * 5
    assert tried("a long pass phrase") == 429
    page.shop.sessions._wrong.clear()
    assert tried("a long pass phrase") == 200
    assert visitor.get("/").headers["location"] == "/coder"


def test_without_a_password_there_is_no_such_page(page: Opened) -> None:
    assert Person(page, "ada").get("/login").status_code == 404
    assert Person(page, "ada").post("/login", {"password": ""}).status_code == 404
