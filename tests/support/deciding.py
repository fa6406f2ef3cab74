"""Decides without end in one of several processes: `python deciding.py FOLDER CODER FIRST COUNT AT_ONCE`.

Decides on items FIRST to FIRST + COUNT, so many at once. A decision that is refused as stale is made again in sight of
what stands now, as a person would. Prints one line when each is acknowledged, and one for each conflict.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import msgspec

from evitable.records import Anchor, Decision, sealed
from evitable.store import StaleDecisionError, open_decisions, open_workspace


def decision(coder: str, item: int, base: tuple[str, ...] = ()) -> Decision:
    """Accept a code on the passage of that number."""
    anchor = Anchor(paper_id="p1", passage_id=f"q{item}", page=1, start=0, end=4, quote="They", key="they")
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    bare = Decision(
        anchor=anchor, code="c", verdict="accept", coder=coder, time=now, base=base, via="page", codebook_version="b"
    )
    return sealed(bare)


def main() -> None:
    folder, coder, first, count, at_once = Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])
    log = open_decisions(open_workspace(folder))
    for start in range(first, first + count, at_once):
        wanted = [decision(coder, item) for item in range(start, min(start + at_once, first + count))]
        while True:
            try:
                made = log.add(wanted)
                break
            except StaleDecisionError as error:
                now = {one.item: tuple(found.id for found in latest) for one, latest in error.conflicts}
                print("\n".join(f"conflict {one.anchor.passage_id}" for one, _ in error.conflicts), flush=True)
                wanted = [
                    sealed(msgspec.structs.replace(one, base=now[one.item])) if one.item in now else one
                    for one in wanted
                ]
        print("\n".join(f"made {one.id}" for one in made), flush=True)


if __name__ == "__main__":
    main()
