"""The command line in an empty folder, and the reviews and files that its commands are given."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from evitable.__main__ import main

CODEBOOK = """\
name = "birds"
title = "Birds"

[[dimension]]
name = "season"
title = "Season"

[[dimension]]
name = "cause"
title = "Cause"
polarity = true

[[code]]
name = "spring"
dimension = "season"
title = "Spring"
definition = "March to May."
phrases = ["in spring"]

[[code]]
name = "food"
dimension = "cause"
title = "Food"
definition = "What they eat."
phrases = ["food", "seeds"]

[polarity]
facilitates = ["plenty"]
hinders = ["scarce"]
"""


class Said(NamedTuple):
    """What a command left: its exit code and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Give a function that runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["evitable", *arguments])
        code = main()
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return command


def assert_refused(said: Said, *words: str) -> None:
    """A refusal: exit code 2, one line that says what and where, one that says what to do, and nothing else."""
    assert said.code == 2, said
    assert said.out == "", said
    assert "Traceback" not in said.err, said
    what, mend = said.err.splitlines()
    assert what.startswith("evitable: "), said
    assert mend.startswith("  "), said
    assert mend.strip(), said
    for word in words:
        assert word in said.err, said.err


def make_review(folder: str, *, papers: int = 0, settings: str = "", codebook: str = "") -> Path:
    root = Path(folder)
    (root / "corpus").mkdir(parents=True)
    for number in range(papers):
        (root / "corpus" / f"paper-{number}.pdf").write_bytes(f"%PDF-1.4 {number}".encode())
    if settings:
        (root / "review.toml").write_text(settings, encoding="utf-8")
    if codebook:
        (root / "codebook.toml").write_text(codebook, encoding="utf-8")
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_lines(path: str, *lines: str) -> str:
    Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
