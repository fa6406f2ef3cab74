"""What stands between the page and everybody else: hosts, origins, sessions, keys, and what a browser may do."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evitable.web.sessions import Session, Sessions

KEY_HEADER = "x-evitable-key"
"""Header by which a write proves that it comes from the page: no other site can read the key, or send such a header."""
LARGEST = 64 * 1024
"""Bytes that a write may have."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_SIGNED_OUT = "This browser is not signed in. Open the address that `evitable review` has printed: each opens one."
_OPEN = ("/start", "/login")
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Refusal(NamedTuple):
    """Why a request is refused; for the status 303, where it is sent instead."""

    status: int
    why: str


class Hosts:
    """The names under which the page may be asked for: against sites whose name is made to point at this machine.

    Args:
        port: Of the page.
        names: Names besides `127.0.0.1`, `localhost` and `[::1]`.
        numbers: Whether any number (IP address) will do, where the page can be reached from other machines. A name is
            needed to deceive a browser; a number cannot.
    """

    def __init__(self, port: int, names: Collection[str] = (), *, numbers: bool = False) -> None:
        self._port = port
        self._names = {"127.0.0.1", "localhost", "::1", *(name.lower() for name in names)}
        self._numbers = numbers

    def allow(self, host: str) -> bool:
        """Tell whether a `Host` header names the page."""
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port or 80
        except ValueError:
            return False
        if parts.netloc != host or parts.username is not None or port != self._port:
            return False
        return name in self._names or (self._numbers and _is_number(name))


class Guard:
    """ASGI middleware: lets through what comes from the page itself, and tells the browser what it may do.

    Args:
        app: What it guards.
        sessions: Who may.
        hosts: Under which names.
        cookie: Name of the cookie. Browsers do not tell ports apart in cookies: it should have the port in its name.
    """

    def __init__(self, app: ASGIApp, *, sessions: Sessions, hosts: Hosts, cookie: str) -> None:
        self._app = app
        self._sessions = sessions
        self._hosts = hosts
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        session = self._sessions.get(cookie_parser(headers.get("cookie", "")).get(self._cookie, ""))
        scope.setdefault("state", {})["session"] = session

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refusal = self._refusal(scope["method"], scope["path"], headers, session)
        app = self._app if refusal is None else _answer(refusal)
        await app(scope, receive, sealed)

    def _refusal(self, method: str, path: str, headers: Headers, session: Session | None) -> Refusal | None:
        """Say why a request is refused; None where it is not."""
        if len(headers.getlist("host")) != 1 or not self._hosts.allow(headers["host"]):
            return Refusal(400, "This is not the address of the review page.")
        if method not in _METHODS:
            return Refusal(405, "The review page knows no such request.")
        site = headers.get("sec-fetch-site", "none")
        if method == "POST":
            return _foreign_write(headers) or _unsigned_write(path, headers, session)
        if site not in ("none", "same-origin") and headers.get("sec-fetch-mode") != "navigate":
            return Refusal(403, "Other sites may not use the review page.")
        if session is not None or path in _OPEN or path.startswith("/static/"):
            return None
        return Refusal(303, "/login") if self._sessions.password_hash else Refusal(401, _SIGNED_OUT)


def session_of(request: Request) -> Session:
    """Give the session of a request that the guard has let through."""
    session: Session = request.state.session
    return session


def _foreign_write(headers: Headers) -> Refusal | None:
    """Say why a write does not come from the page."""
    if headers.get("origin") != f"http://{headers['host']}":
        return Refusal(403, "Other sites may not write to the review page.")
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return Refusal(403, "Other sites may not write to the review page.")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return Refusal(415, "The review page takes JSON only.")
    return None


def _unsigned_write(path: str, headers: Headers, session: Session | None) -> Refusal | None:
    """Say why a write does not come from somebody who is signed in."""
    if path == "/login":
        return None
    if session is None:
        return Refusal(401, _SIGNED_OUT)
    if not secrets.compare_digest(headers.get(KEY_HEADER, "").encode(), session.key.encode()):
        return Refusal(403, "This page was opened before the program was started anew: load it again.")
    return None


def _answer(refusal: Refusal) -> Response:
    if refusal.status == 303:
        return RedirectResponse(refusal.why, status_code=303)
    return PlainTextResponse(refusal.why + "\n", status_code=refusal.status)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
