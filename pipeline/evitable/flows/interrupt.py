"""Ctrl-C ends a run at once and cleanly: workers and Prefect's temporary server end, what is finished is kept."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from evitable.flows.logs import json_logs, tell
from evitable.flows.pool import close_all_pools
from evitable.flows.publisher import end_publishers

INTERRUPTED = 130
_PATIENCE = 5.0
"""Seconds that what has to be tidied up at the end may take."""
_STOPPED = "stopped. What is finished is kept; run again to go on."


@contextmanager
def ending_at_interrupt() -> Iterator[None]:
    """Let Ctrl-C end the program while the block runs.

    Left to itself, Prefect would try for more than a minute to tell its server, which ends with this process, that the
    run has crashed. Every result is written whole or not at all, so that the program may end at any moment.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    close_all_pools()
    end_publishers()
    tell("stopped", _STOPPED if json_logs() else f"\nevitable: {_STOPPED}", level=logging.WARNING)
    logging.disable()  # Prefect would tell at length that its server has gone
    patience = threading.Timer(_PATIENCE, os._exit, (INTERRUPTED,))  # libraries may wait for their own threads there
    patience.daemon = True
    patience.start()
    atexit._run_exitfuncs()  # the lock's record of its holder is taken away there
    os._exit(INTERRUPTED)
