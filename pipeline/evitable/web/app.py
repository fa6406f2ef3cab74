"""The page as a web application."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from evitable.errors import RunFailedError, UserError
from evitable.web.guard import Guard, Hosts
from evitable.web.reading import Reading
from evitable.web.shop import NotFoundError, Shop, answer
from evitable.web.writing import Writing


def application(shop: Shop, hosts: Hosts) -> ASGIApp:
    """Make the application: routes, and the guard before them.

    Args:
        shop: What the routes work with.
        hosts: Under which names it may be asked for.
    """
    inner = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    inner.include_router(Reading(shop).routes())
    inner.include_router(Writing(shop).routes())

    def in_plain_words(request: Request, error: Exception) -> Response:
        status, message, hint = _words(error)
        if request.method == "POST":
            return answer({"message": f"{message} {hint}".strip()}, status)
        session = getattr(request.state, "session", None)
        return shop.page("trouble.html.j2", session, status, message=message, hint=hint)

    for kind in (UserError, RunFailedError, NotFoundError, HTTPException):
        inner.add_exception_handler(kind, in_plain_words)
    return Guard(inner, sessions=shop.sessions, hosts=hosts, cookie=shop.cookie)


def _words(error: Exception) -> tuple[int, str, str]:
    """Give status, message and hint of what went wrong."""
    if isinstance(error, HTTPException):
        return error.status_code, "There is no such page." if error.status_code == 404 else str(error.detail), ""
    if isinstance(error, NotFoundError):
        return 404, str(error), "Go on from the front page."
    if isinstance(error, UserError):
        return 422, error.message, error.hint
    if isinstance(error, RunFailedError):
        return 503, error.message, error.hint
    raise error
