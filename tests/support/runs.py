"""Records of runs, and runs that are published."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from evitable.records import RunIdentity, RunRecord
from evitable.store import publish, staging


def new_identity() -> RunIdentity:
    """Make the identity of a run of no papers."""
    return RunIdentity(
        id="n1",
        evitable="0",
        stages={},
        libraries={},
        codebook="c 1",
        codebook_version="c1",
        model_id="m1",
        model_note="",
        papers={},
        references={},
        settings={},
    )


def new_record(outputs: dict[str, str]) -> RunRecord:
    """Make the record of a run that published these files."""
    return RunRecord(
        number=1, identity=new_identity(), exports=(), counts={}, started="", seconds=0, papers=(), outputs=outputs
    )


def publish_files(
    outputs: Path,
    files: Iterable[tuple[str, bytes | Path]],
    *,
    before: Iterable[str] = (),
    stay: dict[str, str] | None = None,
    transaction: AbstractContextManager[None] | None = None,
) -> RunRecord:
    """Publish files by name; `stay` are hashes of files that are in place already."""
    with staging(outputs) as staged:
        for name, content in files:
            staged.add(name, content)
        record = new_record(dict(sorted({**staged.hashes, **(stay or {})}.items())))
        return publish(outputs, staged, record, before, transaction)
