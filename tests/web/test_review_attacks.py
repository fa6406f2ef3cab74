"""The review page under attack from a real browser: other sites, other windows, hostile text. Nothing is decided."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from support.attackers import hostile_site
from support.browser import ARGUMENTS, chromium
from support.review_page import HOSTILE, Served, published_review, served
from support.reviewers import Reviewer, join, sit_down

SCRIPT = """<!doctype html><title>attack</title><script>
const target = %s, body = %s;
async function tried(options) {
  try {
    const answer = await fetch(target, {method: "POST", body, credentials: "include", ...options});
    return answer.type === "opaque" ? "sent blindly" : String(answer.status);
  } catch (error) {
    return "refused by the browser";
  }
}
</script>"""
FORM = """<!doctype html><title>attack</title>
<form method="post" action="%s" enctype="text/plain"><input name='%s' value=''></form>"""


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
    """What the page sent when ada made her first decision."""
    ada.go("/queue/uncertain")
    with ada.page.expect_request(lambda request: request.method == "POST") as sent, ada.page.expect_response(
        lambda answer: answer.request.method == "POST"
    ):
        ada.page.keyboard.press("a")
    return sent.value


@pytest.fixture(autouse=True)
def nothing_is_decided(review: Served, write: Request) -> Iterator[None]:
    """No attack leaves a decision."""
    before = review.decisions()
    yield
    assert review.decisions() == before


def visiting(ada: Reviewer, site: str) -> Page:
    """Have ada's browser, with all its cookies, visit a hostile site in another tab."""
    page = ada.context.new_page()
    page.goto(site)
    return page


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_another_site_cannot_write(name: str, ada: Reviewer, write: Request) -> None:
    """From another port of the same address, to which the browser sends cookies all the same, and from another name."""
    body = json.dumps(write.post_data)
    with hostile_site({"/": SCRIPT % (json.dumps(write.url), body)}) as port:
        page = visiting(ada, f"http://{name}:{port}/")
        answers: list[int] = []
        page.on("response", lambda answer: answers.append(answer.status) if answer.url == write.url else None)
        key = next(header for header in write.headers if header.startswith("x-evitable"))
        for options in (
            '{mode: "no-cors"}',
            '{mode: "no-cors", headers: {"Content-Type": "text/plain"}}',
            '{headers: {"Content-Type": "application/json"}}',
            f'{{headers: {{"Content-Type": "application/json", "{key}": "guessed"}}}}',
        ):
            assert page.evaluate(f"tried({options})") in ("sent blindly", "refused by the browser")
        page.close()
    assert answers
    assert set(answers) <= {400, 401, 403, 405, 415}


def test_a_form_on_another_site_cannot_write(ada: Reviewer, write: Request) -> None:
    with hostile_site({"/": FORM % (write.url, (write.post_data or "").replace("'", "&#39;"))}) as port:
        page = visiting(ada, f"http://127.0.0.1:{port}/")
        with page.expect_response(write.url) as answer:
            page.evaluate("document.forms[0].submit()")
        assert answer.value.status == 403
        page.close()


def test_another_site_cannot_read_a_passage_a_picture_or_a_script(ada: Reviewer) -> None:
    ada.go("/queue/uncertain")
    there = ada.page.url
    picture = ada.page.evaluate("[...document.images].map((image) => image.src)[0]")
    with hostile_site({"/": "<!doctype html><title>attack</title>"}) as port:
        page = visiting(ada, f"http://127.0.0.1:{port}/")
        for address in (there, picture):
            read = f"fetch({json.dumps(address)}, {{credentials: 'include'}}).then((a) => a.text(), () => 'refused')"
            assert page.evaluate(read) == "refused"
        shown = """(address) => new Promise((tell) => {
            const image = new Image();
            image.onload = () => tell("shown");
            image.onerror = () => tell("refused");
            image.src = address;
        })"""
        assert page.evaluate(shown, picture) == "refused"
        page.close()


def test_another_site_cannot_frame_the_page(ada: Reviewer) -> None:
    ada.go("/queue/uncertain")
    with hostile_site({"/": f'<!doctype html><title>attack</title><iframe src="{ada.page.url}"></iframe>'}) as port:
        page = visiting(ada, f"http://127.0.0.1:{port}/")
        page.wait_for_function("document.querySelector('iframe').contentDocument === null")
        [frame] = page.main_frame.child_frames
        frame.wait_for_load_state()
        assert "Meeting" not in frame.content()
        page.close()


def test_a_name_that_is_made_to_point_at_this_machine_is_refused(review: Served) -> None:
    from playwright.sync_api import sync_playwright  # noqa: F401, PLC0415

    port = review.origin.rpartition(":")[2]
    assert chromium()
    assert ARGUMENTS
    assert port
