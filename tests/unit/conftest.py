"""Fixtures that several modules of unit tests share."""

from support.command_line import run

__all__ = ["run"]
