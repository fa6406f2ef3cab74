"""Guards that are kept between the batches of a run, so that models load once per worker."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from evitable.flows.guard import Guard
from evitable.flows.worker import Frame
from evitable.records import Paper

_POOLS: list[GuardPool] = []


def close_all_pools() -> None:
    """End the workers of all pools of this process."""
    while _POOLS:
        _POOLS[-1].close()


def begin_workers(frame: Frame, count: int) -> None:
    """Have workers load their models while there is something else to do before the first batch.

    Raises:
        UserError: This machine has not what they need.
    """
    GuardPool().begin(frame, count)


def pool_for(frame: Frame) -> GuardPool:
    """Give the pool with the workers that were begun, or a new one."""
    return next((pool for pool in _POOLS if pool.has_begun(frame)), None) or GuardPool()


class GuardPool:
    """Workers that are kept between batches, so that models load once per worker and not once per batch.

    Args:
        rest: Seconds without work after which the workers end; None to keep them until the pool is closed.
    """

    def __init__(self, rest: float | None = None) -> None:
        self._rest = rest
        self._timer: threading.Timer | None = None
        self._idle: list[tuple[bytes, Guard]] = []
        self._busy: list[Guard] = []
        self._lock = threading.Lock()
        self.closed = False
        _POOLS.append(self)

    def begin(self, frame: Frame, count: int) -> None:
        """Have workers started that wait for their first batch.

        Raises:
            UserError: This machine has not what they need.
        """
        guards = [Guard(frame) for _ in range(count)]
        with self._lock:
            self._idle += [(_key(frame), guard) for guard in guards]
        for guard in guards:
            guard.begin()

    def has_begun(self, frame: Frame) -> bool:
        """Tell whether workers wait here for papers of such a job."""
        return not self._busy and any(key == _key(frame) for key, _ in self._idle)

    @contextmanager
    def lease(self, frame: Frame) -> Iterator[Guard]:
        """Lend a guard for one batch."""
        key = _key(frame)
        with self._lock:
            index = next((i for i, (other, _) in enumerate(self._idle) if other == key), None)
            guard = Guard(frame) if index is None else self._idle.pop(index)[1]
            self._busy.append(guard)
        try:
            yield guard
        finally:
            with self._lock:
                self._busy.remove(guard)
                self._idle.append((key, guard))
                self._rest_later()

    def _rest_later(self) -> None:
        """End the workers after a while, if there is nothing to do for them until then."""
        if self._timer is not None:
            self._timer.cancel()
        if self._rest is not None and not self._busy and not self.closed:
            self._timer = threading.Timer(self._rest, self._end_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self) -> None:
        with self._lock:
            if self._busy:
                return
            idle, self._idle = self._idle, []
        for _, guard in idle:
            guard.kill()

    def close(self) -> None:
        """End all workers, also those that are at work: what they have not finished is done in the next run."""
        with self._lock:
            self.closed = True
            if self in _POOLS:
                _POOLS.remove(self)
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for guard in (*busy, *(guard for _, guard in idle)):
            guard.kill()


def _key(frame: Frame) -> bytes:
    return msgspec.json.encode(frame)


def batches(papers: Sequence[Paper], workers: int, most: int = 25) -> list[tuple[Paper, ...]]:
    """Cut papers into batches: about four per worker, so that none waits long for the last, of 25 papers at most."""
    size = max(1, min(most, -(-len(papers) // (4 * workers))))
    return [tuple(papers[start : start + size]) for start in range(0, len(papers), size)]
