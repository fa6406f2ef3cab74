"""Coded passages, as JSON lines: for training and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args

import msgspec

from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import Basis, Record, SectionKind, digest

_POLARITIES = ("facilitates", "hinders", "mixed")
Wording = Literal["free", "plain", "hard", "paper"]
_WORDINGS: tuple[Wording, ...] = get_args(Wording)
_BASES: tuple[Basis, ...] = get_args(Basis)
_SECTIONS: tuple[SectionKind, ...] = get_args(SectionKind)
V = TypeVar("V")


class CodedPassage(Record, frozen=True, kw_only=True):
    """A passage with the codes that people gave it.

    Attributes:
        id: Unique in its file.
        source: The document it belongs to.
        writer: Who wrote or collected it; the document where nobody is named. Passages of one writer, and so of one
            document, are never on both sides of a split.
        register: The kind of writing it belongs to, such as narrative or literature; empty where nobody says.
        text: The passage.
        codes: Names of its codes, in the codebook's order; none for a passage that is not relevant.
        polarity: Which way each code worked, in dimensions with polarity.
        wording: How its words were chosen: `free`; `plain` where the writer avoided the codes' key words, `hard` where
            passages were picked on which a model erred; `paper` where they are a paper's own, beside written ones.
            Only free wording tells how far phrases can be trusted; papers tell how real text differs.
        basis: What it rests on; None where nobody says.
        section: The kind of section that it stands in; None where nobody says.
        known: Codes of which it is known whether they apply, in the codebook's order; None for all of them. Of the
            others nothing is learned and nothing is measured.
    """

    id: str
    source: str
    writer: str
    register: str
    text: str
    codes: tuple[str, ...]
    polarity: dict[str, str]
    wording: Wording = "free"
    basis: Basis | None = None
    section: SectionKind | None = None
    known: tuple[str, ...] | None = None

    def knows(self, code: str) -> bool:
        """Tell whether it is known if a code applies."""
        return self.known is None or code in self.known


def read_coded_passages(files: Mapping[str, str], codebook: Codebook) -> list[CodedPassage]:
    """Read JSON lines of coded passages.

    Args:
        files: Text of each file by name. A line is `{"id", "source", "text", "<dimension>": [codes], ..., "polarity":
            {code: way}, "basis": ..., "section": ..., "known": [codes]}`; other keys are let be. Blank lines are
            skipped.
        codebook: Its dimensions are the keys that are read; its codes are the values that are allowed.

    Returns:
        Passages in the order of file names and lines.

    Raises:
        UserError: Names file, line and mend.
    """
    passages: list[CodedPassage] = []
    seen: dict[str, str] = {}
    for name in sorted(files):
        for number, line in enumerate(files[name].split("\n"), start=1):
            if line.strip():
                where = f"{name}, line {number}"
                passage = _read_line(line, codebook, where)
                if passage.id in seen:
                    raise UserError(
                        f'{where}: the id "{passage.id}" stands already in {seen[passage.id]}.',
                        "Give each passage its own id.",
                    )
                seen[passage.id] = where
                passages.append(passage)
    if not passages:
        raise UserError(f"There is no coded passage in {', '.join(sorted(files))}.", "Write one JSON object a line.")
    return passages


def _read_line(line: str, codebook: Codebook, where: str) -> CodedPassage:
    try:
        data = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UserError(f"{where} is not JSON that can be read.", "Write one JSON object a line.") from error
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not isinstance(data.get("id"), str):
        raise UserError(f'{where} lacks the key "id" or "text".', 'A line looks like {"id": "a1", "text": "..."}.')
    codes = _codes(data, codebook, where)
    polarity = data.get("polarity") or {}
    if not isinstance(polarity, dict):
        raise UserError(f'{where}: "polarity" is not a list of codes and ways.', 'Write {"code": "facilitates"}.')
    for code, way in polarity.items():
        if code not in codes or way not in _POLARITIES:
            raise UserError(
                f'{where}: polarity "{way}" of "{code}" does not fit.',
                f"Use {', '.join(_POLARITIES)}, for codes of the passage.",
            )
    ordered = tuple(code.name for code in codebook.code if code.name in codes)
    source = str(data.get("source", data["id"]))
    return CodedPassage(
        id=data["id"],
        source=source,
        writer=str(data.get("writer", source)),
        register=str(data.get("register", "")),
        text=data["text"],
        codes=ordered,
        polarity=dict(polarity),
        wording=_one_of(data, "wording", _WORDINGS, where) or "free",
        basis=_one_of(data, "basis", _BASES, where),
        section=_one_of(data, "section", _SECTIONS, where),
        known=_known(data, codes, codebook, where),
    )


def _known(data: Mapping[str, Any], codes: set[str], codebook: Codebook, where: str) -> tuple[str, ...] | None:
    """Give the codes that are known; a code that was given is."""
    given = data.get("known")
    if given is None:
        return None
    names = [code.name for code in codebook.code]
    if not isinstance(given, list) or not all(code in names for code in given) or not codes <= set(given):
        raise UserError(
            f'{where}: "known" is not a list of codes that holds those of the passage.',
            "Name every code of which it is known whether it applies, or leave the key out.",
        )
    return tuple(name for name in names if name in given)


def written(passages: Iterable[CodedPassage], codebook: Codebook) -> str:
    """Write coded passages as JSON lines that `read_coded_passages` reads back; none give an empty text."""
    lines = []
    for passage in passages:
        line = {key: value for key, value in msgspec.to_builtins(passage).items() if value is not None}
        named = set(line.pop("codes"))
        for dimension in codebook.dimension:
            line[dimension.name] = [code.name for code in codebook.codes_of(dimension.name) if code.name in named]
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    return "".join(lines)


def _one_of(data: Mapping[str, Any], key: str, values: tuple[V, ...], where: str) -> V | None:
    """Give an optional value that must be one of a few; empty or missing gives None."""
    given = data.get(key) or None
    if given is None:
        return None
    found = next((value for value in values if value == given), None)
    if found is None:
        raise UserError(f'{where}: "{key}" is "{given}".', f"Use {', '.join(map(str, values))}, or leave it out.")
    return found


def _codes(data: Mapping[str, Any], codebook: Codebook, where: str) -> set[str]:
    codes: set[str] = set()
    for dimension in codebook.dimension:
        known = {code.name for code in codebook.codes_of(dimension.name)}
        given = data.get(dimension.name) or []
        if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
            raise UserError(
                f'{where}: "{dimension.name}" is not a list of codes.', f'Write "{dimension.name}": ["code"].'
            )
        for code in given:
            if code not in known:
                raise UserError(
                    f'{where}: "{code}" is no code of {dimension.name}.', f"There are: {', '.join(sorted(known))}."
                )
            codes.add(code)
    return codes


def data_digest(passages: Iterable[CodedPassage]) -> str:
    """Digest of passages and codes: any change of the data changes it."""
    return digest(
        "t",
        *(
            part
            for p in passages
            for part in (
                p.id,
                p.source,
                p.writer,
                p.register,
                p.text,
                *p.codes,
                *sorted(f"{c}={w}" for c, w in p.polarity.items()),
                p.wording,
                p.basis or "",
                p.section or "",
                *((str(p.known),) if p.known is not None else ()),
            )
        ),
    )


def code_counts(passages: Sequence[CodedPassage], codebook: Codebook) -> dict[str, int]:
    """Count passages by code, in the codebook's order."""
    return {code.name: sum(code.name in passage.codes for passage in passages) for code in codebook.code}
