"""`evitable classify`: code passages that somebody already has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from evitable.errors import UserError


@click.command()
@click.argument("passages", type=click.Path(path_type=Path), metavar="IN.jsonl")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="File for the codes, one JSON object a line."
)
@click.option(
    "--review",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="A review whose codebook and model are used.",
)
def classify(passages: Path, out: Path, folder: Path | None) -> None:
    """Code passages that you already have: one {"id", "text"} a line in, one {"id", "codes", ...} a line out.

    \b
    Example:
      evitable classify passages.jsonl --out codes.jsonl
    """
    from evitable.flows.config import classifier_of, run_config, shipped_config  # noqa: PLC0415
    from evitable.store import open_workspace, read_text, write_bytes  # noqa: PLC0415

    config = run_config(open_workspace(folder)) if folder else shipped_config()
    rows = _read(read_text(passages), passages.name)
    classifier = classifier_of(config)
    answers = classifier.code_texts([row["text"] for row in rows])
    lines = [
        json.dumps(_line(row["id"], answer, classifier), ensure_ascii=False)
        for row, answer in zip(rows, answers, strict=True)
    ]
    write_bytes(out, "".join(f"{line}\n" for line in lines).encode())
    given = sum(bool(answer.codes) for answer in answers)
    click.echo(f"{len(rows)} passages, {given} with a code: {out}")


def _read(text: str, name: str) -> list[dict[str, Any]]:
    hint = 'Write {"id": "...", "text": "..."} on each line.'
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        row = _row(line)
        if row is None:
            raise UserError(f"{name}, line {number} is not JSON that can be read.", hint)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
            raise UserError(f'{name}, line {number} lacks "id" or "text".', hint)
        rows.append(row)
    return rows


def _row(line: str) -> Any | None:
    """Read one line; None if it is not JSON, or holds what cannot be written again."""
    try:
        row = json.loads(line)
        json.dumps(row, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return row


def _line(identity: object, answer: Any, classifier: Any) -> dict[str, Any]:
    codes: dict[str, list[str]] = {dimension.name: [] for dimension in classifier.codebook.dimension}
    for name in answer.codes:
        codes[classifier.codebook.by_name[name].dimension].append(name)
    return {
        "id": identity,
        "codes": codes,
        "unsure": list(answer.unsure),
        "basis": answer.basis,
        "probabilities": answer.probabilities,
        "polarity": answer.polarity,
        "words": {name: [span.text for span in spans] for name, spans in answer.words.items()},
        "model": classifier.model_id,
    }
