"""Reviews of specimen papers on the disk, as a person has them, and commands that are run in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from benchmarks.variants import write_references, write_variants
from evitable.records import Anchor, RunRecord
from evitable.store import last_run, open_workspace
from support.decisions import People


def _decisions() -> bytes:
    """Give decisions on a paper that is not in the corpus: kept, whatever runs do, and in no table."""
    anchor = Anchor(paper_id="pelsewhere", page=1, start=0, end=4, quote="They", key="they")
    people = People()
    people.decide("ann", "accept", anchor, note="Not to be touched by any run.")
    people.decide("ann", "reject", anchor, note="Nor is this.")
    return b"".join(msgspec.json.encode(one) + b"\n" for one in people.made)


def specimen_review(folder: Path, papers: int, *, pages: int | None = 1, settings: str = "") -> list[Path]:
    """Make a review of so many variants of the specimens, with their references and a reviewer's decisions.

    Args:
        folder: Made if need be.
        papers: How many.
        pages: Pages that are taken of each specimen, beside the variant's own one; None for all.
        settings: Of `review.toml`.

    Returns:
        The papers.
    """
    made = write_variants(folder / "corpus", papers, pages=pages)
    write_references(folder / "corpus" / "references.ris", made)
    (folder / "corpus" / "decisions").mkdir(exist_ok=True)
    (folder / "corpus" / "decisions" / "ann.jsonl").write_bytes(_decisions())
    (folder / "review.toml").write_text(settings, encoding="utf-8")
    return made


def command(*arguments: str | Path) -> list[str]:
    """Give a command of the program, as it is started in a process of its own."""
    return [sys.executable, "-m", "evitable", *(str(argument) for argument in arguments)]


def evitable(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, however it ends."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **(environment or {})},
        check=False,
    )


def record_of(folder: Path) -> RunRecord | None:
    """Give the record of the run that is published in a review's folder; None if there is none."""
    return last_run(open_workspace(folder))


def published(folder: Path, beside: Sequence[str] = ("run.json",)) -> dict[str, bytes]:
    """Give all files that a run published, by name below `outputs/`; not the program's own state, nor those named."""
    outputs = folder / "outputs"
    names = (path.relative_to(outputs).as_posix() for path in outputs.rglob("*") if path.is_file())
    return {
        name: (outputs / name).read_bytes()
        for name in sorted(names)
        if not name.startswith((".", "review.sqlite3")) and name not in beside
    }
