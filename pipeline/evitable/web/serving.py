"""Serving the page: on this machine alone, or behind a password."""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import uvicorn

from evitable.errors import UserError
from evitable.web.app import application
from evitable.web.desk import Desk
from evitable.web.guard import Hosts
from evitable.web.pictures import Pictures
from evitable.web.sessions import Sessions
from evitable.web.shop import Shop

LOCAL = "127.0.0.1"
PORT = 8765


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is served.

    Attributes:
        host: Address that it binds to.
        port: Port; 0 for any that is free.
        browser: Whether a browser is opened.
    """

    host: str = LOCAL
    port: int = PORT
    browser: bool = True


def is_local(host: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_place(place: Place, sessions: Sessions) -> None:
    """Make sure that the page may be served at a place.

    Raises:
        UserError: Others could reach it there, and no password is set.
    """
    if not is_local(place.host) and not sessions.password_hash:
        raise UserError(
            f"At {place.host} other people could reach the page, and no password is set.",
            "Add --password, or set EVITABLE_REVIEW_PASSWORD_HASH.",
        )


def listen(place: Place) -> socket.socket:
    """Take the port.

    Raises:
        UserError: Something else listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((place.host, place.port))
        found.listen()  # before the address is printed: a browser may be fast
    except OSError as error:
        found.close()
        raise UserError(
            f"The page cannot be served at {place.host}, port {place.port} ({error.strerror}).",
            "Perhaps it is open already. Choose another port: --port 8766, or --port 0 for any that is free.",
        ) from error
    return found


def serve(desk: Desk, sessions: Sessions, place: Place, say: Callable[[str], None]) -> None:
    """Serve the page until it is interrupted.

    Args:
        desk: The review.
        sessions: Who may.
        place: Where; any place that is not of this machine alone needs a password in `sessions`.
        say: Is told the start address, and the next one whenever one was used up.

    Raises:
        UserError: It cannot be served there, or not without a password.
    """
    check_place(place, sessions)
    with listen(place) as listening, Pictures() as pictures:
        port = listening.getsockname()[1]
        shop = Shop(desk, sessions, pictures, f"http://{_shown(place.host)}:{port}", f"evitable-{port}", said=say)
        names = () if is_local(place.host) else (socket.gethostname(), socket.getfqdn())
        app = application(shop, Hosts(port, names, numbers=not is_local(place.host)))
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=False)
        server = uvicorn.Server(config)
        say(shop.start)
        if place.browser:
            threading.Timer(0.5, webbrowser.open, [shop.start]).start()
        with suppress(KeyboardInterrupt):  # the usual end
            server.run(sockets=[listening])


def _shown(host: str) -> str:
    """Give an address as a browser of this machine takes it."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return LOCAL
    return f"[{host}]" if ":" in host else host
