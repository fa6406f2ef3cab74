"""`evitable codebook`: check a codebook, and show it."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def codebook() -> None:
    """Check a codebook, or show it.

    \b
    Examples:
      evitable codebook show
      evitable codebook check my-review/codebook.toml
    """


@codebook.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a codebook; a fault is named with its place and its mend.

    \b
    Example:
      evitable codebook check my-review/codebook.toml
    """
    book = _load(file)
    phrases, words = (sum(len(getattr(code, kind)) for code in book.code) for kind in ("phrases", "words"))
    click.echo(
        f"{file} is a good codebook: {len(book.dimension)} dimensions, {len(book.code)} codes, "
        f"{phrases} indicator phrases" + (f", {words} words." if words else ".")
    )
    for code in book.code:
        if not code.phrases:
            click.echo(f'  "{code.name}" has no indicator phrases: without a trained model it will never be found.')


@codebook.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def show(file: Path | None) -> None:
    """Show dimensions, codes and definitions; without FILE, those of the co-production codebook.

    \b
    Example:
      evitable codebook show
    """
    book = _load(file)
    click.echo(f"{book.title} (version {book.version}, {book.digest})")
    for dimension in book.dimension:
        click.echo(f"\n{dimension.title}: {dimension.definition}")
        if dimension.source:
            click.echo(f"  Source: {dimension.source}")
        for code in book.codes_of(dimension.name):
            family = f" [{code.family}]" if code.family else ""
            click.echo(f"\n  {code.title} ({code.name}){family}")
            for heading, text in (
                ("", code.definition),
                ("Code it when: ", code.code_when),
                ("Do not code it when: ", code.not_when),
            ):
                if text:
                    click.echo(
                        click.wrap_text(heading + text, width=100, initial_indent="    ", subsequent_indent="    ")
                    )


def _load(file: Path | None):  # type: ignore[no-untyped-def]
    from evitable.codebook import default_codebook, read_codebook  # noqa: PLC0415
    from evitable.store import read_text  # noqa: PLC0415

    return default_codebook() if file is None else read_codebook(read_text(file), file.name)
