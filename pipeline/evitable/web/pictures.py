"""Pictures of papers' pages, drawn by child processes: a PDF that was made to do harm costs its picture only."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

import evitable
from evitable.errors import ItemError

NARROWEST, WIDEST = 400, 2000
"""Pixels of width between which a picture is given, whatever was asked for."""
MEDIA_TYPE = "image/webp"
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL")
"""What a child gets to know of this process's environment: no passwords, no addresses."""

Key = tuple[str, int, int]


class Pictures:
    """Draws pages, and keeps what was drawn last. Safe to call from several threads; end it with `close`.

    Args:
        children: Processes that draw at once; each is started when it is first needed.
        seconds: Time limit of one page.
        largest: Bytes of a picture at most.
        kept: Bytes of pictures that are kept in memory.
    """

    def __init__(
        self,
        children: int = 2,
        seconds: float = 10.0,
        largest: int = 16 * 1024 * 1024,
        kept: int = 64 * 1024 * 1024,
    ) -> None:
        self._seconds = seconds
        self._drawn = _Kept(kept)
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._children = [_Child(largest) for _ in range(children)]
        for child in self._children:
            self._idle.put(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def picture(self, pdf: bytes, sha256: str, page: int, width: int) -> bytes:
        """Give a page as a WebP picture.

        Args:
            pdf: Bytes of the PDF.
            sha256: Their hash, by which pictures are kept.
            page: Index from 1.
            width: Pixels wished for, held between `NARROWEST` and `WIDEST`; fewer for a page of extreme length.

        Raises:
            ItemError: `no-such-page`; `page-too-slow`, which is not tried again; or `page-not-drawn`: damaged, too
                large, or the program that draws broke down. The next picture then gets a fresh process.
        """
        key = sha256, page, max(NARROWEST, min(WIDEST, width))
        found = self._drawn.get(key)
        if found is None:
            found = self._draw(pdf, key)
        if isinstance(found, ItemError):
            raise found
        return found

    def close(self) -> None:
        """End the children, whatever they are doing."""
        for child in self._children:
            child.end()

    def _draw(self, pdf: bytes, key: Key) -> bytes | ItemError:
        _, page, width = key
        try:
            child = self._idle.get(timeout=2 * self._seconds)
        except queue.Empty:
            return _not_drawn(page, "other pages take too long")
        try:
            found = self._drawn.get(key) or child.draw(pdf, page, width, self._seconds)
        finally:
            self._idle.put(child)
        if isinstance(found, bytes) or found.code == "page-too-slow":
            self._drawn.put(key, found)
        return found


class _Child:
    """One process that draws pages, one at a time; started anew after it was ended or broke down."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, pdf: bytes, page: int, width: int, seconds: float) -> bytes | ItemError:
        """Have a page drawn; give what went wrong where it was not."""
        try:
            process = self._started()
        except OSError:
            return _not_drawn(page, "the program that draws cannot start")
        line = msgspec.json.encode({"size": len(pdf), "page": page, "width": width}) + b"\n"
        with _ended_after(seconds, process) as fired:
            size, fault, picture = self._ask(process, line + pdf)
        if fired.is_set() or not (fault or 0 < size == len(picture)):
            self.end()
        if fault == "no such page":
            return ItemError("no-such-page", f"The PDF has no page {page}.")
        if fault:
            return _not_drawn(page, fault)
        if 0 < size == len(picture):
            return picture
        if fired.is_set():
            return _not_drawn(page, f"it takes longer than {seconds:g} seconds", "page-too-slow")
        return _not_drawn(page, "it is too large" if size > self._largest else "it breaks the program that draws it")

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.end()  # it died while idle
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "evitable.web.picture_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the page, which ends its children itself
            )
        return self._process

    def _ask(self, process: subprocess.Popen[bytes], request: bytes) -> tuple[int, str, bytes]:
        """Send a request; give the picture's size, the fault, and the picture: nothing if the child ended."""
        if process.stdin is None or process.stdout is None:
            return 0, "", b""
        try:
            process.stdin.write(request)
            process.stdin.flush()
            line = process.stdout.readline(1000)
            answer = msgspec.json.decode(line) if line.endswith(b"\n") else {}
            size, fault = int(answer.get("size", 0)), str(answer.get("fault", ""))
            return size, fault, process.stdout.read(size) if 0 < size <= self._largest else b""
        except (OSError, ValueError, AttributeError, msgspec.DecodeError):
            return 0, "", b""


class _Kept:
    """Pictures, and pages that could not be drawn, the least lately used dropped first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._found: OrderedDict[Key, bytes | ItemError] = OrderedDict()
        self._size = 0

    def get(self, key: Key) -> bytes | ItemError | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Key, value: bytes | ItemError) -> None:
        with self._lock:
            self._size += _size(value) - (_size(self._found[key]) if key in self._found else 0)
            self._found[key] = value
            self._found.move_to_end(key)
            while self._size > self._limit:
                _, dropped = self._found.popitem(last=False)
                self._size -= _size(dropped)


def _size(value: bytes | ItemError) -> int:
    return len(value) if isinstance(value, bytes) else 1000


def _not_drawn(page: int, why: str, code: str = "page-not-drawn") -> ItemError:
    hint = "Look at the page in the PDF itself; its text stands here all the same."
    return ItemError(code, f"Page {page} cannot be drawn: {why}.", hint)


@contextmanager
def _ended_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """End a process if what is done inside takes longer; tell so by the event."""
    fired = threading.Event()

    def give_up() -> None:
        fired.set()
        _kill(process)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield fired
    finally:
        timer.cancel()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # it has ended
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows
            process.kill()


def _environment() -> dict[str, str]:
    source = str(Path(evitable.__file__).parents[1])
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])}
