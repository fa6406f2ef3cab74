"""What stands between the page and everybody else: each attack is refused, and what the page itself asks for is not."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from evitable.web.guard import KEY_HEADER, Guard, Hosts, session_of
from evitable.web.sessions import Session, Sessions
from support.page import Visitor

PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"
COOKIE = f"evitable-{PORT}"
WRITES = "/decisions"


def who(request: Request) -> Response:
    """Answer with the coder's name."""
    return PlainTextResponse(f"hello {session_of(request).coder}")


def anybody(_: Request) -> Response:
    """Answer whoever asks."""
    return PlainTextResponse("open to all")


@pytest.fixture
def sessions() -> Sessions:
    return Sessions("ada")


@pytest.fixture
def client(sessions: Sessions) -> Visitor:
    """A browser that has not been let in."""
    routes = [
        Route("/", who),
        Route(WRITES, who, methods=["POST"]),
        Route("/start", anybody),
        Route("/login", anybody, methods=["GET", "POST"]),
        Route("/static/{name}", anybody),
    ]
    app = Guard(Starlette(routes=routes), sessions=sessions, hosts=Hosts(PORT), cookie=COOKIE)
    return Visitor(app, ORIGIN)


@pytest.fixture
def session(client: Visitor, sessions: Sessions) -> Session:
    """Let the browser in."""
    found = sessions.enter(sessions.token)
    assert found
    client.cookies.set(COOKIE, found.id)
    return found


def write(client: Visitor, session: Session, **headers: str | bytes | None) -> int:
    """Write as the page does, but for some headers (None leaves one out), and give the status."""
    usual: dict[str, str | bytes | None] = {
        "Origin": ORIGIN,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/json",
        KEY_HEADER: session.key,
    }
    sent = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.request(
        "POST", WRITES, content=b"{}", headers={k: v for k, v in sent.items() if v is not None}
    ).status_code


def test_the_page_itself_may_read_and_write(client: Visitor, session: Session) -> None:
    assert client.get("/").text == "hello ada"
    assert write(client, session) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        f"127.0.0.1:{PORT + 1}",
        f"127.0.0.1.evil.example:{PORT}",
        f"evil.example@127.0.0.1:{PORT}",
        f"127.0.0.1:{PORT}/x",
        f"10.0.0.7:{PORT}",
        "127.0.0.1:port",
        "[::1",
        "",
    ],
)
def test_a_name_that_was_made_to_point_here_is_refused(host: str, client: Visitor, session: Session) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "ada" not in answer.text


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}"])
def test_the_names_of_this_machine_are_allowed(host: str, client: Visitor, session: Session) -> None:
    assert client.get("/", headers={"Host": host, "Cookie": f"{COOKIE}={session.id}"}).status_code == 200


def test_two_host_headers_are_refused(client: Visitor, session: Session) -> None:
    headers = [("Host", f"127.0.0.1:{PORT}"), ("Host", "evil.example")]
    assert client.get("/", headers=headers).status_code == 400


def test_any_number_will_do_where_others_may_reach_the_page_but_no_name() -> None:
    hosts = Hosts(PORT, ["study-pc"], numbers=True)
    assert hosts.allow(f"10.0.0.7:{PORT}")
    assert hosts.allow(f"[fe80::1]:{PORT}")
    assert hosts.allow(f"Study-PC:{PORT}")
    assert not hosts.allow(f"evil.example:{PORT}")
    assert not hosts.allow(f"10.0.0.7.evil.example:{PORT}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": f"http://localhost:{PORT}"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"x_evitable_key": None},
        {"x_evitable_key": ""},
        {"x_evitable_key": "guessed"},
        {"x_evitable_key": b"gu\xc3\xa9ss\xc3\xa9"},
    ],
    ids=str,
)
def test_a_write_from_elsewhere_is_refused(
    headers: dict[str, str | bytes | None], client: Visitor, session: Session
) -> None:
    assert write(client, session, **headers) == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_what_a_form_can_send_is_refused(kind: str | None, client: Visitor, session: Session) -> None:
    assert write(client, session, Content_Type=kind) == 415


def test_the_key_of_another_session_is_refused(client: Visitor, session: Session, sessions: Sessions) -> None:
    other = sessions.enter(sessions.token)
    assert other
    assert write(client, session, x_evitable_key=other.key) == 403


def test_who_has_not_been_let_in_reads_and_writes_nothing(client: Visitor, sessions: Sessions) -> None:
    assert client.get("/").status_code == 401
    client.cookies.set(COOKIE, "guessed")
    assert client.get("/").status_code == 401
    assert write(client, Session("none", "none")) == 401
    assert client.get("/start").status_code == 200
    assert client.get("/static/review.css").status_code == 200


def test_a_cookie_of_a_page_on_another_port_does_not_let_in(client: Visitor, session: Session) -> None:
    client.cookies.clear()
    assert client.get("/", headers={"Cookie": f"evitable-{PORT + 1}={session.id}"}).status_code == 401


def test_where_there_is_a_password_who_is_not_in_is_sent_to_it() -> None:
    app = Guard(
        Starlette(routes=[Route("/", who)]), sessions=Sessions(password_hash="x"), hosts=Hosts(PORT), cookie=COOKIE
    )
    answer = Visitor(app, ORIGIN).get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("mode", ["no-cors", "cors"])
def test_another_site_reads_nothing(site: str, mode: str, client: Visitor, session: Session) -> None:
    answer = client.get("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})
    assert answer.status_code == 403
    assert "ada" not in answer.text


def test_a_link_from_elsewhere_may_be_followed(client: Visitor, session: Session) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_requests_than_reading_and_writing_are_refused(method: str, client: Visitor, session: Session) -> None:
    answer = client.request(method, "/", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_every_answer_tells_the_browser_what_it_may_do(client: Visitor, session: Session) -> None:
    answers = [client.get("/"), client.get("/nothing"), client.get("/", headers={"Host": "evil.example"})]
    assert [answer.status_code for answer in answers] == [200, 404, 400]
    for answer in answers:
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_sockets_are_closed_at_once(client: Visitor) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(client.app({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
