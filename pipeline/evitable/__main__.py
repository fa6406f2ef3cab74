"""Entry point of the command `evitable`."""

from __future__ import annotations

import sys

import click

from evitable.cli import evitable
from evitable.errors import RunFailedError, UserError


def main() -> int:
    """Run the command line; an error that a person can mend is one sentence with a hint, and exit code 2."""
    try:
        evitable.main(prog_name="evitable", standalone_mode=False)
    except (UserError, RunFailedError) as error:
        click.echo(f"evitable: {error.message}", err=True)
        if error.hint:
            click.echo(f"  {error.hint}", err=True)
        return 2 if isinstance(error, UserError) else 1
    except click.exceptions.Abort:
        click.echo("evitable: stopped. What is finished is kept; run again to go on.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as leave:
        return leave.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
