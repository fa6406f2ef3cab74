"""`evitable review`: the page on which people check what the machine has coded."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from evitable.web.desk import Desk

_HASH = "EVITABLE_REVIEW_PASSWORD_HASH"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--coder", default="", metavar="NAME", help="Your name; without it the page asks for one.")
@click.option("--blind", is_flag=True, help="Blind coding only: neither the machine's codes nor other people's.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 for any that is free.")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address for other machines; needs a password.")
@click.option("--password", is_flag=True, help="Ask for a password that others must give.")
@click.option("--password-hash", is_flag=True, help=f"Ask for a password, print its hash for {_HASH}, and end.")
def review(  # noqa: PLR0913 - options of the command
    folder: Path,
    *,
    coder: str,
    blind: bool,
    port: int,
    no_browser: bool,
    host: str,
    password: bool,
    password_hash: bool,
) -> None:
    """Open the page on which people check, correct and add codings.

    Every decision is kept at once in corpus/decisions/. Runs and the page may be used at the same time; the tables have
    new decisions after the next `evitable run`. Ctrl-C ends the page.

    \b
    Examples:
      evitable review my-review --coder ada
      evitable review my-review --coder ben --blind
      evitable review my-review --host 0.0.0.0 --password   (colleagues in a network that you trust)
    """
    if password_hash:
        click.echo(_hash_of(click.prompt("Password", hide_input=True, confirmation_prompt=True)))
        return
    from evitable.store.decision_files import check_coder  # noqa: PLC0415
    from evitable.web.serving import Place, check_place, is_local, serve  # noqa: PLC0415
    from evitable.web.sessions import Sessions  # noqa: PLC0415

    secret = os.environ.get(_HASH, "")
    if password:
        secret = _hash_of(click.prompt("Password for the page", hide_input=True, confirmation_prompt=True))
    sessions = Sessions(check_coder(coder) if coder else "", blind=blind, password_hash=secret)
    place = Place(host, port, browser=not no_browser)
    check_place(place, sessions)
    desk = _desk(folder, _progress())
    if not is_local(host):
        click.echo(
            "Warning: other machines can reach the page. What they send, the password too, is NOT encrypted.\n"
            "Use it only in a network that you trust, or through an encrypted tunnel.",
            err=True,
        )
    serve(desk, sessions, place, _announce())


def _desk(folder: Path, say: Callable[[int, int], None]) -> Desk:
    from evitable.flows.config import load_codebook  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415
    from evitable.store.decisions import open_decisions  # noqa: PLC0415
    from evitable.web.desk import Desk  # noqa: PLC0415

    workspace = open_workspace(folder)
    settings = workspace.settings()
    log = open_decisions(workspace, settings.store)
    return Desk(workspace, log, lambda: load_codebook(workspace.root, settings.codebook), say)


def _progress() -> Callable[[int, int], None]:
    """Give what tells how far the reading has come: nothing for a few papers, a line where it takes a while."""
    terminal = sys.stderr.isatty()

    def say(done: int, papers: int) -> None:
        if papers > 50 and done and (done == papers or (terminal and done % 10 == 0)):
            click.echo(f"\r{done} of {papers} papers", err=True, nl=done == papers)

    return say


def _announce() -> Callable[[str], None]:
    """Give what prints start addresses: the first one, and the next ones as those that other browsers need."""
    printed: list[str] = []

    def say(address: str) -> None:
        click.echo(f"For another browser: {address}" if printed else f"Open {address}\nCtrl-C ends the page.")
        printed.append(address)

    return say


def _hash_of(password: str) -> str:
    from argon2 import PasswordHasher  # noqa: PLC0415

    if len(password) < 8:
        raise click.UsageError("The password must have at least 8 characters.")
    return PasswordHasher().hash(password)
