"""Readers of bad PDFs: one patient, one hasty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.reader import Reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader with ample time and little memory."""
    reader = Reader(tmp_path_factory.mktemp("patient"), "time_limit = 60\nmemory_limit = 1500\n")
    with reader.guard:
        assert reader.reads_on("the first paper")
        yield reader


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader that gives a paper up after three seconds."""
    reader = Reader(tmp_path_factory.mktemp("hasty"), "time_limit = 3\nmemory_limit = 1500\n")
    with reader.guard:
        yield reader
