"""Runs one flow over reviews, one after another, in one process; a script, so that workers can be started from it.

`python coding_runs.py HOME FLOW FOLDER ...` prints one JSON line per review: what became of its papers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    from evitable.flows.environment import prepare_prefect  # noqa: PLC0415 - sets what Prefect reads at its import

    prepare_prefect(Path(sys.argv[1]))
    from evitable.flows.review import run_flow  # noqa: PLC0415

    for folder in sys.argv[3:]:
        done = run_flow(sys.argv[2], Path(folder))
        outcomes = done if isinstance(done, list) else done.papers
        told = {outcome.path: outcome.issue and outcome.issue.code for outcome in outcomes}
        print(json.dumps({"folder": folder, "outcomes": told}), flush=True)


if __name__ == "__main__":
    main()
