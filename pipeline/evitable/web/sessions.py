"""Who is at the page: one-time tokens, sessions, and a password where others can reach it."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from evitable.records import Decision
from evitable.web.worklists import Where

_SESSIONS = 200
"""Sessions at once; the oldest one ends where there are more."""
_TRIES, _WINDOW = 5, 300.0
"""Wrong passwords that one address may send, and in how many seconds."""
_TRIES_IN_ALL = 50
"""Wrong passwords from all addresses together in that time."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a coder has decided in one go, and where.

    Attributes:
        decisions: As they are in the log.
        where: The queue in which it was.
        page: The address of the page on which it was.
    """

    decisions: tuple[Decision, ...]
    where: Where
    page: str


@dataclass(slots=True)
class Session:
    """One browser.

    Attributes:
        id: Secret; the cookie.
        key: Secret that the page sends with every write, which no other site can know.
        coder: Who sits there; empty until a name was given.
        blind: Whether this coder is to see neither the machine's codes nor other people's.
        done: What was decided here, the latest last, to be taken back.
    """

    id: str
    key: str
    coder: str = ""
    blind: bool = False
    done: deque[Done] = field(default_factory=lambda: deque(maxlen=500))


class Sessions:
    """All sessions since the page was started; safe to use from several threads.

    Args:
        coder: Name that new sessions begin with.
        blind: Whether they are for blind coding, and stay so.
        password_hash: Argon2 hash of the password; empty for none.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        coder: str = "",
        *,
        blind: bool = False,
        password_hash: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.coder = coder
        self.blind = blind
        self.password_hash = password_hash
        self._clock = clock
        self._lock = threading.Lock()
        self._token = secrets.token_urlsafe(32)
        self._open: OrderedDict[str, Session] = OrderedDict()
        self._wrong: defaultdict[str, deque[float]] = defaultdict(deque)

    @property
    def token(self) -> str:
        """The token that opens the next session; used up by that."""
        return self._token

    def enter(self, token: str) -> Session | None:
        """Open a session for the token, which then is no longer one; None for any other token."""
        with self._lock:
            if not secrets.compare_digest(token.encode(), self._token.encode()):
                return None
            self._token = secrets.token_urlsafe(32)
            return self._opened()

    def get(self, name: str) -> Session | None:
        """Give the session of a cookie."""
        return self._open.get(name)

    def end(self, session: Session) -> None:
        """Forget a session."""
        with self._lock:
            self._open.pop(session.id, None)

    def log_in(self, password: str, caller: str) -> Session | None:
        """Open a session for the password; None for a wrong one, or where none is set.

        Raises:
            PermissionError: Too many wrong ones came from this address, or from all together.
        """
        from argon2 import PasswordHasher  # noqa: PLC0415 - only where a password is set
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

        with self._lock:  # one at a time: a hash is made to be slow
            if self._too_many(caller):
                raise PermissionError(caller)
            try:
                PasswordHasher().verify(self.password_hash, password)
            except (VerificationError, InvalidHashError):
                self._wrong[caller].append(self._clock())
                return None
            return self._opened()

    def _opened(self) -> Session:
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), self.coder, self.blind)
        self._open[session.id] = session
        while len(self._open) > _SESSIONS:
            self._open.popitem(last=False)
        return session

    def _too_many(self, caller: str) -> bool:
        since = self._clock() - _WINDOW
        for name in list(self._wrong):
            while self._wrong[name] and self._wrong[name][0] < since:
                self._wrong[name].popleft()
            if not self._wrong[name]:
                del self._wrong[name]
        return len(self._wrong.get(caller, ())) >= _TRIES or sum(map(len, self._wrong.values())) >= _TRIES_IN_ALL
