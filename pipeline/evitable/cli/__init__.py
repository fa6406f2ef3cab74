"""The command line: one module per command; what is heavy is imported inside the commands."""

from __future__ import annotations

import click

from evitable import __version__
from evitable.cli.agreement import agreement
from evitable.cli.cache import cache
from evitable.cli.classify import classify
from evitable.cli.codebook import codebook
from evitable.cli.decisions import decisions
from evitable.cli.diff import diff
from evitable.cli.evaluate import evaluate
from evitable.cli.export import export
from evitable.cli.extract import extract
from evitable.cli.import_sheet import import_sheet
from evitable.cli.new import new
from evitable.cli.review import review
from evitable.cli.run import run
from evitable.cli.schedule import schedule
from evitable.cli.simulate import simulate
from evitable.cli.status import status
from evitable.cli.train import train


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="evitable")
def evitable() -> None:
    """From a folder of papers (PDF) to an evidence table in which every cell leads to a quote and its page.

    \b
    The usual way:
      evitable new my-review          make a review's folder
      (put PDFs and references.ris into my-review/corpus)
      evitable run my-review          read, code, build the tables
      open my-review/outputs/evidence.xlsx
    """


for command in (
    new,
    run,
    review,
    schedule,
    export,
    status,
    diff,
    import_sheet,
    decisions,
    agreement,
    cache,
    extract,
    classify,
    codebook,
    train,
    evaluate,
    simulate,
):
    evitable.add_command(command)
