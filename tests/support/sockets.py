"""A guard over the network: processes that start with it reach this machine alone, and what they try is kept."""

from __future__ import annotations

import os
from pathlib import Path

_GUARD = """\
import os, sys

LOG = {log!r}
HERE = {{None, "", "localhost", "0.0.0.0", "::", "::1"}}


def is_here(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host in HERE or str(host).startswith("127.")


def refuse(event, what):
    line = "%s %r by %s\\n" % (event, what, " ".join(sys.orig_argv[1:4]))
    handle = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line.encode())
    os.close(handle)
    raise ConnectionRefusedError("there is no network: " + line)


def see(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_here(address[0]):
            refuse(event, address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        host = arguments[0][0] if event == "socket.getnameinfo" else arguments[0]
        if not is_here(host):
            refuse(event, host)


sys.addaudithook(see)
with open(os.path.join(os.path.dirname(LOG), "guarded.txt"), "a") as guarded:
    guarded.write(" ".join(sys.orig_argv[1:4]) + "\\n")
"""


class NetworkGuard:
    """Makes Python refuse what leaves this machine, below all libraries that use its sockets.

    Args:
        folder: An empty one, for the guard and what it writes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        guard = _GUARD.format(log=str(folder / "attempts.txt"))
        (folder / "sitecustomize.py").write_text(guard, encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to start with the guard; those that it starts inherit it."""
        paths = [str(self._folder), os.environ.get("PYTHONPATH", "")]
        return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}

    @property
    def attempts(self) -> list[str]:
        """What was tried, one line each."""
        return self._lines("attempts.txt")

    @property
    def guarded(self) -> list[str]:
        """The commands of all processes that started with the guard."""
        return self._lines("guarded.txt")

    def _lines(self, name: str) -> list[str]:
        path = self._folder / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
