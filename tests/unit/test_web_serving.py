"""Where the page is served, and what its command says."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from evitable.errors import UserError
from evitable.web.serving import Place, check_place, is_local, listen
from evitable.web.sessions import Sessions
from support.command_line import Command, assert_refused, run
from support.page import made_review
from support.workspaces import command

__all__ = ["run"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1"])
def test_addresses_of_this_machine_need_no_password(host: str) -> None:
    assert is_local(host)
    check_place(Place(host), Sessions())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", "127.0.0.1.example.org", ""])
def test_any_other_address_needs_one(host: str) -> None:
    assert not is_local(host)
    with pytest.raises(UserError, match="no password"):
        check_place(Place(host), Sessions())
    check_place(Place(host), Sessions(password_hash="$argon2id$"))


def test_the_page_listens_on_this_machine_only() -> None:
    with listen(Place(port=0)) as found:
        assert found.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UserError, match="cannot be served"):
            listen(Place(port=other.getsockname()[1]))


def test_without_a_password_no_other_machine_is_let_in(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVITABLE_REVIEW_PASSWORD_HASH", raising=False)
    assert_refused(run("review", "--host", "0.0.0.0"), "password")


def test_a_review_without_a_run_is_refused(run: Command, tmp_path: Path) -> None:
    (tmp_path / "review" / "corpus").mkdir(parents=True)
    assert_refused(run("review", "review", "--no-browser"), "published run", "evitable run")


def test_a_name_that_is_none_is_refused(run: Command) -> None:
    assert_refused(run("review", "--coder", "a\nb"), "name")


def test_the_command_prints_an_address_that_opens_the_page_once_and_ends_by_an_interrupt(tmp_path: Path) -> None:
    folder = made_review(tmp_path / "review").root
    arguments = command("review", folder, "--no-browser", "--port", "0", "--coder", "ada")
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/start\?token=\S+", process.stdout.readline())
        assert found
        with httpx.Client() as client:
            assert "Meetings of groups" in client.get(found[0], follow_redirects=True).text
            assert client.get(found[0]).status_code == 403
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=10)[0]
        assert process.returncode == 0
    assert "For another browser: http://127.0.0.1:" in said
    assert "Traceback" not in said
