"""What Prefect costs by itself: `PYTHONPATH=tests python -m benchmarks.prefect_part HOME TASKS`.

Runs a flow of so many tasks that do nothing, in the environment, with the server and on the threads of a local run.
With 0 tasks it is what every run pays once; the difference, what each batch pays.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from evitable.flows.environment import end_prefect, prepare_prefect


def main() -> int:
    """Run the flow."""
    home, tasks = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    prepare_prefect(home)
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.task_runners import ThreadPoolTaskRunner

    @task(task_run_name="batch-{number:04d}", cache_policy=NO_CACHE, persist_result=False)
    def nothing(number: int) -> int:
        return number

    @flow(validate_parameters=False, persist_result=False)
    def trivial() -> int:
        with ThreadPoolTaskRunner(max_workers=os.cpu_count() or 1) as threads:
            futures = [threads.submit(nothing, {"number": number}) for number in range(tasks)]
            return sum(future.result() for future in futures)

    try:
        with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            assert trivial() == sum(range(tasks))
    finally:
        end_prefect()
    return 0


if __name__ == "__main__":
    sys.exit(main())
