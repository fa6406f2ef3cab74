"""The review page under attack from a real browser: other sites, other windows, hostile text. Nothing is decided."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Request, expect

from support.attackers import hostile_site
from support.browser import ARGUMENTS, chromium
from support.review_page import Served, passages_of, published_review, served
from support.reviewers import Reviewer, join, sit_down

BARE = "<!doctype html><title>attack</title>"
TRIED = """([target, body, options]) => fetch(target, {method: "POST", body, credentials: "include", ...options})
    .then((answer) => `answered ${answer.type} ${answer.status}`, () => "refused")"""
FORM = (
    BARE
    + """<form method="post" action="%s" enctype="%s"><input name="%s" value=""><button>win a prize</button></form>"""
)
SHOWN = """(address) => new Promise((tell) => {
    const image = new Image();
    image.onload = () => tell("shown");
    image.onerror = () => tell("refused");
    image.src = address;
})"""


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over a small review."""
    folder = tmp_path_factory.mktemp("attacked") / "review"
    published_review(folder, papers=1, length=9)
    with served(folder) as page:
        yield page


@pytest.fixture(scope="module")
def ada(browser: Browser, review: Served) -> Iterator[Reviewer]:
    """A reviewer who is at work."""
    with join(browser, review, "ada") as person:
        yield person


@pytest.fixture(scope="module")
def write(ada: Reviewer) -> Request:
    """What the page sent when ada decided something."""
    ada.go("/queue/uncertain")
    with ada.page.expect_request(lambda request: request.method == "POST") as sent:
        ada.press("a")
    ada.decided(1)
    return sent.value


@pytest.fixture(autouse=True)
def nothing_is_decided(review: Served, write: Request) -> Iterator[None]:
    """No attack leaves a decision."""
    before = review.decisions()
    assert before, "the page itself can write"
    yield
    assert review.decisions() == before


def fresh(write: Request) -> dict[str, Any]:
    """Give what would be a good decision on another code, were it sent by the page."""
    wish = json.loads(write.post_data or "")
    wish["decisions"] = [{"verdict": "reject", "code": "group", "base": []}]
    return wish


def visiting(ada: Reviewer, site: str) -> Page:
    """Have ada's browser, with all its cookies, visit a hostile site in another tab."""
    page = ada.context.new_page()
    page.goto(site)
    return page


def again(ada: Reviewer, write: Request, **headers: str) -> APIResponse:
    """Send a good decision with ada's cookie and key, and other headers; an empty one is left out."""
    own = {name: value for name, value in write.headers.items() if name.startswith(("x-", "content-type", "sec-"))}
    sent = {**own, "origin": ada.served.origin, **{name.replace("_", "-"): value for name, value in headers.items()}}
    kept = {name: value for name, value in sent.items() if value}
    return ada.context.request.post(write.url, data=json.dumps(fresh(write)), headers=kept)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_another_site_cannot_write(name: str, ada: Reviewer, write: Request) -> None:
    """From another port of the same address, to which the browser sends cookies all the same; and from another name."""
    with hostile_site({"/": BARE}) as port:
        page = visiting(ada, f"http://{name}:{port}/")
        failures: list[str] = []
        page.on("requestfailed", lambda request: failures.append(str(request.failure)))
        for options in (
            {"mode": "no-cors"},
            {"mode": "no-cors", "headers": {"Content-Type": "text/plain;charset=application/json"}},
            {"headers": {"Content-Type": "application/json"}},
            {"headers": {"Content-Type": "application/json", "X-Evitable-Key": "guessed"}},
        ):
            told = page.evaluate(TRIED, [write.url, json.dumps(fresh(write)), options])
            assert told == "refused", options
        page.close()
    assert any("BLOCKED_BY_RESPONSE" in failure for failure in failures), "it was the page that refused"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_on_another_site_cannot_write(kind: str, ada: Reviewer, write: Request) -> None:
    body = html.escape(json.dumps(fresh(write)))
    with hostile_site({"/": FORM % (write.url, kind, body)}) as port:
        page = visiting(ada, f"http://127.0.0.1:{port}/")
        with page.expect_response(write.url) as answer:
            page.get_by_role("button").click()
        assert answer.value.status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x_evitable_key": ""}, 403),
        ({"x_evitable_key": "guessed"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"content_type": "text/plain"}, 415),
        ({"host": "evil.example"}, 400),
        ({"host": "127.0.0.1"}, 400),
    ],
)
def test_a_cookie_alone_is_not_enough_to_write(
    headers: dict[str, str], status: int, ada: Reviewer, write: Request
) -> None:
    assert again(ada, write, **headers).status == status


def test_the_address_of_a_write_cannot_be_read_to_write(ada: Reviewer, write: Request) -> None:
    for path in ("/decisions", "/undo", "/coder?coder=eve", "/link", "/logout"):
        before = ada.served.decisions()
        ada.context.request.get(ada.served.origin + path)
        assert ada.served.decisions() == before
    ada.go("/")
    expect(ada.page.locator(".who")).to_contain_text("ada")


def test_another_site_cannot_read_a_passage_a_picture_or_a_script(ada: Reviewer) -> None:
    ada.go("/queue/uncertain")
    origin = ada.served.origin
    picture = str(ada.page.locator("#sheet img").get_attribute("src"))
    with hostile_site({"/": BARE}) as port:
        page = visiting(ada, f"http://127.0.0.1:{port}/")
        read = "(a) => fetch(a, {credentials: 'include'}).then((answer) => answer.text(), () => 'refused')"
        for address in (ada.page.url, origin + picture, f"{origin}/static/review.js", f"{origin}/state"):
            assert page.evaluate(read, address) == "refused"
        assert page.evaluate(SHOWN, origin + picture) == "refused"
        page.close()
    assert ada.page.evaluate(SHOWN, picture) == "shown"


def test_another_site_cannot_frame_the_page(ada: Reviewer) -> None:
    ada.go("/queue/uncertain")
    quote = ada.quote()[10:50]
    assert quote in ada.page.content()
    with hostile_site({"/": f'{BARE}<iframe src="{ada.page.url}"></iframe>'}) as port:
        page = visiting(ada, f"http://127.0.0.1:{port}/")
        page.wait_for_function("document.querySelector('iframe').contentDocument === null")
        [frame] = page.main_frame.child_frames
        frame.wait_for_load_state()
        assert quote not in frame.content()
        page.close()


def test_another_site_that_opens_the_page_cannot_reach_into_its_window(ada: Reviewer) -> None:
    opened = f'{BARE}<button onclick="other = window.open({html.escape(json.dumps(ada.served.origin))})">open</button>'
    with hostile_site({"/": opened}) as port:
        page = visiting(ada, f"http://localhost:{port}/")
        with ada.context.expect_page() as window:
            page.get_by_role("button").click()
        window.value.wait_for_load_state()
        page.wait_for_function("other.closed")  # to the site: it cannot see the window any more
        window.value.close()
        page.close()


def test_a_name_that_is_made_to_point_at_this_machine_is_refused(browser: Browser, review: Served) -> None:
    """DNS rebinding: the hostile site's own name leads to the page, so that the browser takes both for one site."""
    port = review.origin.rpartition(":")[2]
    rebound = (*ARGUMENTS, "--host-resolver-rules=MAP evil.example 127.0.0.1")
    other = browser.browser_type.launch(executable_path=chromium(), args=list(rebound))
    try:
        page = other.new_page()
        answer = page.goto(f"http://evil.example:{port}/start?token=guessed")
        assert answer is not None
        assert answer.status == 400
        assert "Meetings" not in page.content()
    finally:
        other.close()


def test_a_start_address_opens_one_browser_once(browser: Browser, review: Served) -> None:
    address = review.invitation()
    first, second, third = (sit_down(browser, review) for _ in range(3))
    first.page.goto(address)
    expect(first.page.get_by_label("Your name")).to_be_visible()
    for person, tried in ((second, address), (third, review.origin + "/start?token=guessed")):
        answer = person.page.goto(tried)
        assert answer is not None
        assert answer.status == 403
        assert person.context.cookies() == []
        for path in ("/", "/queue/uncertain", "/codebook"):
            told = person.page.goto(review.origin + path)
            assert told is not None
            assert told.status == 401
            assert "Meeting" not in person.page.content()
    for person in (first, second, third):
        person.context.close()


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(ada: Reviewer) -> None:
    ada.go("/")
    [cookie] = ada.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert ada.page.evaluate("document.cookie") == ""
    assert cookie["value"] not in ada.page.content()


def test_hostile_text_of_a_paper_is_text(ada: Reviewer) -> None:
    hostile = passages_of(ada.served.folder)[1]
    assert "<script>" in hostile.text
    ada.go(f"/passage/{hostile.paper_id}/{hostile.id}")
    assert ada.quote() == hostile.text
    assert ada.page.locator("img[src=x]").count() == 0
    assert ada.page.locator("main script").count() == 0
    assert ada.page.title() == "Group 1 · Evitable"
    neighbour = passages_of(ada.served.folder)[2]
    ada.go(f"/passage/{neighbour.paper_id}/{neighbour.id}")
    expect(ada.page.locator("#text")).to_contain_text("<script>document.title='broken'</script>")
    assert ada.page.title() == "Group 1 · Evitable"


def test_a_hostile_name_of_a_coder_is_text_or_refused(browser: Browser, review: Served) -> None:
    person = sit_down(browser, review)
    person.page.goto(review.invitation())
    person.page.get_by_label("Your name").fill("<img src=x onerror=document.title='broken'>")
    person.page.get_by_role("button", name="Begin").click()
    person.settled()
    person.go("/")
    assert person.page.locator("img[src=x]").count() == 0
    assert "broken" not in person.page.title()
    person.context.close()


def test_the_browser_runs_no_script_and_no_style_that_stands_in_the_page(ada: Reviewer) -> None:
    """Should text ever slip through unescaped, the policy of the page is the second wall."""
    ada.go("/queue/uncertain")
    ada.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.broken = 'script'";
            document.body.append(script);
            const button = document.createElement("button");
            button.setAttribute("onclick", "window.broken = 'attribute'");
            document.body.append(button);
            button.click();
            const far = document.createElement("script");
            far.src = "data:text/javascript,window.broken = 'data'";
            document.body.append(far);
            const style = document.createElement("style");
            style.textContent = "main { display: none }";
            document.body.append(style);
            const base = document.createElement("base");
            base.href = "http://evil.example/";
            document.head.append(base);
        }"""
    )
    ada.page.wait_for_timeout(200)
    assert ada.page.evaluate("window.broken") is None
    assert ada.page.locator("main").is_visible()
    assert ada.page.evaluate("document.baseURI").startswith(ada.served.origin)
    leak = "fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => String(error))"
    assert "sent" not in str(ada.page.evaluate(leak))
    refused = [fault for fault in ada.faults if "Content Security Policy" in fault]
    assert len(refused) >= 5
    ada.faults.clear()


@pytest.mark.parametrize(
    "path",
    [
        "/picture/../../review.toml/1",
        "/picture/..%2f..%2freview.toml/1",
        "/picture/%2e%2e/1",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2fetc%2fpasswd",
        "/passage/..%2f..%2f/x",
        "/docs",
        "/openapi.json",
        "/redoc",
        "/queue/nonsense",
        "/passage/p/q",
    ],
)
def test_no_file_is_given_away_but_by_its_id(path: str, ada: Reviewer) -> None:
    answer = ada.page.request.get(ada.served.origin + path, max_redirects=0)
    assert answer.status == 404
    assert not re.search(r"import annotations|Meetings of groups\"|root:", answer.text())


def test_pages_beyond_the_paper_are_not_there(ada: Reviewer) -> None:
    paper = passages_of(ada.served.folder)[0].paper_id
    for page, status in (("1", 200), ("0", 404), ("99", 404), ("-1", 404), ("1e9", 404), ("99999999999", 404)):
        answer = ada.page.request.get(f"{ada.served.origin}/picture/{paper}/{page}?width=99999")
        assert answer.status == status, page


def test_a_decision_that_is_too_long_is_refused(ada: Reviewer, write: Request) -> None:
    headers = {**write.headers, "origin": ada.served.origin}
    wish = fresh(write)
    wish["decisions"][0]["note"] = "x" * 70_000
    assert ada.context.request.post(write.url, data=json.dumps(wish), headers=headers).status == 413
    wish["decisions"][0]["note"] = "x" * 6_000
    assert ada.context.request.post(write.url, data=json.dumps(wish), headers=headers).status == 422
