"""Errors in three families: what a person can mend, what one paper did, and a run that may not be published."""

from __future__ import annotations


class EvitableError(Exception):
    """Root of all errors that Evitable raises on purpose."""


class UserError(EvitableError):
    """Something a person can mend; shown without a traceback, exit code 2.

    Args:
        message: One plain sentence: what happened, and where.
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ItemError(EvitableError):
    """One paper failed; becomes an `Issue`, and the run goes on.

    Args:
        code: Stable name of the fault, for filtering (for example `pdf-encrypted`).
        message: One plain sentence without text of the paper.
        hint: What to do about it.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class RunFailedError(EvitableError):
    """The run as a whole may not be published; the last published run stays in force."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
