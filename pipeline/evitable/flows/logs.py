"""What a run says of itself: lines for people, or, for machines, one JSON object a line. Never text of a paper."""

from __future__ import annotations

import json as json_text
import logging
import os
import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loaded where a person looks
    from rich.console import Console

JSON_LOGS = "EVITABLE_JSON_LOGS"
"""Environment variable that, when it is set, has events written as JSON: processes that a run starts go by it."""
_ABOUT = "EVITABLE_LOG_ABOUT"
"""Environment variable with the fields that each line carries."""
_LOG = logging.getLogger("evitable")


def set_up_logging(*, json: bool) -> None:
    """Have events written to standard error from now on, by this process and those that it starts.

    It may be called again, after a library has set up logging in its own way.

    Args:
        json: Whether each line is a JSON object, records of libraries included; else lines are for people.
    """
    if json:
        os.environ[JSON_LOGS] = "1"
    else:
        os.environ.pop(JSON_LOGS, None)
    _set_up(json=json)


def json_logs() -> bool:
    """Tell whether events are written as JSON."""
    return bool(os.environ.get(JSON_LOGS))


def about(**fields: object) -> None:
    """Name what each JSON line carries from now on, in this process and those that it starts."""
    os.environ[_ABOUT] = json_text.dumps({**known(), **fields}, default=str)


def known() -> dict[str, Any]:
    """Give what each JSON line carries by now."""
    fields: dict[str, Any] = json_text.loads(os.environ.get(_ABOUT) or "{}")
    return fields


def tell(event: str, message: str = "", /, *, level: int = logging.INFO, **fields: object) -> None:
    """Tell what happens.

    Args:
        event: Stable name, for machines.
        message: What people read; where it is empty, they are told nothing.
        level: As in the module logging.
        fields: For machines; no names of log records' own attributes (name, args, process and so on).
    """
    if not any(isinstance(handler, StandardErrorHandler) for handler in (*_LOG.handlers, *logging.root.handlers)):
        _set_up(json=json_logs())
    _LOG.log(level, "%s", message, extra={"event": event, **fields})


def event_line(event: str, message: str = "", /, **fields: object) -> str:
    """Give an event as the JSON line that it would be on standard error, for a result on standard output."""
    record = _LOG.makeRecord(_LOG.name, logging.INFO, "", 0, "%s", (message,), None, extra={"event": event, **fields})
    return _json_lines().format(record)


@contextmanager
def through(console: Console) -> Iterator[None]:
    """Have handlers that print by a console of their own, as Prefect's does, print by this one while the block runs.

    Two consoles on one terminal run into each other's lines when one of them shows a bar.
    """
    handlers = [handler for logger in _loggers() for handler in logger.handlers if hasattr(handler, "console")]
    before = [handler.console for handler in handlers]
    for handler in handlers:
        handler.console = console
    try:
        yield
    finally:
        for handler, own in zip(handlers, before, strict=True):
            handler.console = own


def _set_up(*, json: bool) -> None:
    for logger in (_LOG, logging.root):
        for old in [one for one in logger.handlers if isinstance(one, StandardErrorHandler)]:
            logger.removeHandler(old)
    handler = StandardErrorHandler()
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = json
    if not json:
        handler.addFilter(lambda record: bool(record.getMessage()))
        _LOG.addHandler(handler)
        return
    handler.setFormatter(_json_lines())
    for logger in _loggers():  # what libraries have set up writes lines for people
        for other in [one for one in logger.handlers if _writes_lines(one)]:
            logger.removeHandler(other)
            logger.propagate = True
    logging.root.addHandler(handler)  # Prefect leaves the root logger alone where it has a handler
    logging.captureWarnings(capture=True)
    _tell_crashes()


class StandardErrorHandler(logging.StreamHandler[Any]):
    """Writes to what standard error is at that moment: a bar on a terminal takes its place while it shows.

    Its name has no underscore: Prefect takes the root logger for itself where it finds only such handlers.
    """

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        """Standard error."""
        return sys.stderr


def _json_lines() -> logging.Formatter:
    from evitable.flows.json_lines import JsonLines  # noqa: PLC0415 - loaded only where such lines are wanted

    return JsonLines(known)


def _loggers() -> list[logging.Logger]:
    known = logging.root.manager.loggerDict.values()
    return [logging.root, *(logger for logger in known if isinstance(logger, logging.Logger))]


def _writes_lines(handler: logging.Handler) -> bool:
    return isinstance(handler, logging.StreamHandler) and getattr(handler, "stream", None) in (
        sys.stderr,
        sys.__stderr__,
        sys.stdout,
        sys.__stdout__,
    )


def _tell_crashes() -> None:
    """Have a fault of the program be one line too: its kind and place, no message of it, which may quote a paper."""

    def crashed(kind: type[BaseException], _error: BaseException, trace: types.TracebackType | None) -> None:
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
        message = f"The program has a fault ({kind.__name__})."
        tell("crashed", message, level=logging.CRITICAL, error=kind.__name__, place=place)

    sys.excepthook = crashed
    threading.excepthook = lambda args: crashed(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
