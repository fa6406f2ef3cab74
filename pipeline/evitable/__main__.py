"""Entry point of the command `evitable`."""

from __future__ import annotations

import logging
import sys

import click

from evitable.cli import evitable
from evitable.errors import RunFailedError, UserError


def main() -> int:
    """Run the command line; an error that a person can mend is one sentence with a hint, and exit code 2."""
    try:
        code = evitable.main(prog_name="evitable", standalone_mode=False)  # of a command that exits with one; else None
    except (UserError, RunFailedError) as error:
        code = 2 if isinstance(error, UserError) else 1
        _say(error, code)
        return code
    except click.exceptions.Abort:
        _say(RunFailedError("stopped. What is finished is kept; run again to go on."), 130)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return code or 0


def _say(error: UserError | RunFailedError, code: int) -> None:
    """Say what went wrong: in two lines for people, or in one for programs, where logs are for them."""
    from evitable.flows.logs import json_logs, tell  # noqa: PLC0415 - loaded where there is something to say

    hint = f"\n  {error.hint}" if error.hint and not json_logs() else ""
    message = error.message if json_logs() else f"evitable: {error.message}{hint}"
    tell("failed", message, level=logging.ERROR, hint=error.hint, exit_code=code)


if __name__ == "__main__":
    sys.exit(main())
