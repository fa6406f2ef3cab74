"""Codes the papers of reviews one after another, in one process; run as a script, so that worker processes can be
started from it: `python coding_runs.py HOME FOLDER ...`. Prints one JSON line per review.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    from evitable.flows.environment import prepare_prefect  # noqa: PLC0415 - sets what Prefect reads at its import

    prepare_prefect(Path(sys.argv[1]))
    from evitable.flows.review import run_flow  # noqa: PLC0415

    for folder in sys.argv[2:]:
        outcomes = run_flow("code", Path(folder))
        told = {outcome.path: outcome.issue and outcome.issue.code for outcome in outcomes}
        print(json.dumps({"folder": folder, "outcomes": told}), flush=True)


if __name__ == "__main__":
    main()
