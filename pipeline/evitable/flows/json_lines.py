"""Log records as JSON objects, one a line, the same fields first."""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from pythonjsonlogger.core import BaseJsonFormatter

_EVENT = "log"
"""Event of what libraries log."""


class JsonLines(BaseJsonFormatter):
    """Writes a record as one JSON object in ASCII; of an error, its kind alone, which quotes nothing.

    First come time (UTC), level, event, message, pid, review and run; then the fields that the event has.

    Args:
        about: Gives the fields that each line carries, such as review and run.
    """

    def __init__(self, about: Callable[[], Mapping[str, object]]) -> None:
        super().__init__(fmt=())
        self._about = about

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],  # noqa: ARG002 - it would bring tracebacks, which may hold text of a paper
    ) -> None:
        """Put the fields of a record in order."""
        event = getattr(record, "event", _EVENT)
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        log_data.update(
            time=time.isoformat(timespec="milliseconds"),
            level=record.levelname.lower(),
            event=event,
            message=record.getMessage() or event,
            pid=record.process,
            review=None,
            run=None,
        )
        log_data.update(self._about())
        super().add_fields(log_data, record, {})
        if event == _EVENT:
            log_data["logger"] = record.name
        if record.exc_info and record.exc_info[0]:
            log_data["error"] = record.exc_info[0].__name__

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        """Write the fields as JSON."""
        return json.dumps(log_data, default=str)
