"""Tokens that work once, and passwords that cannot be guessed by trying."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from evitable.web.sessions import Sessions

HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("a long pass phrase")


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_token_opens_one_browser_and_the_next_one_another() -> None:
    sessions = Sessions("ada", blind=True)
    first = sessions.token
    session = sessions.enter(first)
    assert session
    assert (session.coder, session.blind) == ("ada", True)
    assert sessions.get(session.id) is session
    assert sessions.enter(first) is None
    other = sessions.enter(sessions.token)
    assert other
    assert other.id != session.id
    assert other.key != session.key


@pytest.mark.parametrize("token", ["", "guessed", "\u00e9"])
def test_no_other_token_opens_anything(token: str) -> None:
    sessions = Sessions()
    assert sessions.enter(token) is None
    assert sessions.get("") is None
    assert len(sessions.token) >= 40


def test_secrets_are_new_at_each_start() -> None:
    assert Sessions().token != Sessions().token


def test_a_session_that_was_ended_is_gone() -> None:
    sessions = Sessions()
    session = sessions.enter(sessions.token)
    assert session
    sessions.end(session)
    assert sessions.get(session.id) is None


def test_a_password_opens_a_session_and_a_wrong_one_does_not() -> None:
    sessions = Sessions(password_hash=HASH)
    assert sessions.log_in("a long pass phrase", "10.0.0.1")
    assert sessions.log_in("a long pass phrase ", "10.0.0.1") is None


def test_where_no_password_is_set_none_opens_anything() -> None:
    assert Sessions().log_in("", "10.0.0.1") is None


def test_after_five_wrong_passwords_an_address_must_wait_five_minutes() -> None:
    clock = Clock()
    sessions = Sessions(password_hash=HASH, clock=clock)
    for _ in range(5):
        assert sessions.log_in("guessed", "10.0.0.1") is None
    with pytest.raises(PermissionError):
        sessions.log_in("a long pass phrase", "10.0.0.1")
    assert sessions.log_in("a long pass phrase", "10.0.0.2")
    clock.now = 301.0
    assert sessions.log_in("a long pass phrase", "10.0.0.1")


def test_many_addresses_together_cannot_guess_either() -> None:
    sessions = Sessions(password_hash=HASH, clock=Clock())
    for at in range(50):
        assert sessions.log_in("guessed", f"10.0.0.{at // 4}") is None
    with pytest.raises(PermissionError):
        sessions.log_in("guessed", "10.0.0.99")


def test_of_too_many_sessions_the_oldest_one_ends() -> None:
    sessions = Sessions()
    made = [sessions.enter(sessions.token) for _ in range(201)]
    assert made[0]
    assert made[-1]
    assert sessions.get(made[0].id) is None
    assert sessions.get(made[-1].id) is made[-1]
