"""Records of runs."""

from __future__ import annotations

from evitable.records import RunIdentity, RunRecord


def new_record(outputs: dict[str, str]) -> RunRecord:
    """Make the record of a run that published these files."""
    identity = RunIdentity(
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
    return RunRecord(
        number=1, identity=identity, exports=(), counts={}, started="", seconds=0, papers=(), outputs=outputs
    )
