"""Fixtures that several modules of unit tests share."""

from support.at_the_page import page, pictures
from support.command_line import run

__all__ = ["page", "pictures", "run"]
