"""What the page keeps from whom, and what it tells of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evitable.web.pictures import Pictures
from support.at_the_page import HASH, ORIGIN, Opened, Person, accept
from support.page import Visitor, made_review


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
    assert ada.get(address).json()["run"] == "run-2"


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
