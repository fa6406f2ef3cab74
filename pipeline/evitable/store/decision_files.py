"""The lasting copy of people's decisions: one file per coder in `corpus/decisions`, one JSON object a line."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from evitable.errors import UserError
from evitable.records import Decision, sealed

SUFFIX = ".jsonl"
_PLAIN = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,59}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # names of devices on Windows


class FaultyLine(NamedTuple):
    """A line that is no decision: its file, its number from 1, and what is wrong with it."""

    file: str
    number: int
    why: str


class DecisionFile(NamedTuple):
    """What a file of decisions holds.

    Attributes:
        decisions: In the order of its lines, each once.
        faults: Lines that are not used.
        doubled: How many lines say again what an earlier one has said, which does no harm.
        torn: Bytes behind the last whole line, left by a writer that was killed; empty for none.
    """

    decisions: tuple[Decision, ...]
    faults: tuple[FaultyLine, ...]
    doubled: int
    torn: bytes


def check_coder(name: str) -> str:
    """Give the name of a coder as it is kept: without spaces around it, in Unicode's composed form.

    Raises:
        UserError: It is empty, longer than 100 characters, or holds control characters.
    """
    plain = unicodedata.normalize("NFC", name.strip())
    if not plain or len(plain) > 100 or any(unicodedata.category(c)[0] == "C" for c in plain):
        raise UserError(
            f"{name!r} cannot be the name of a coder.", "Use a name or short name of up to 100 printable characters."
        )
    return plain


def file_name(coder: str) -> str:
    """Give the name of a coder's file: the name itself where any disk can hold it, else a plain form and a digest.

    Names that differ only by capitals get different files, also where the disk does not tell capitals apart.
    """
    if _PLAIN.fullmatch(coder) and not _RESERVED.fullmatch(coder) and not coder.endswith("."):
        return coder + SUFFIX
    letters = unicodedata.normalize("NFKD", coder).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40] or "coder"
    return f"{plain}-{hashlib.sha256(coder.encode()).hexdigest()[:8]}{SUFFIX}"


def read_lines(data: bytes, name: str) -> DecisionFile:
    """Read a file of decisions.

    Args:
        data: Its bytes, UTF-8, with or without a byte order mark; lines end with LF or CRLF. A last line without an
            end counts if it is whole.
        name: Its name, for what is told of its lines.
    """
    *lines, last = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    found: dict[str, Decision] = {}
    faults, doubled, torn = [], 0, b""
    for number, line in enumerate([*lines, last], start=1):
        if not line.strip():
            continue
        decision = _decision(line)
        if isinstance(decision, Decision):
            doubled += decision.id in found
            found.setdefault(decision.id, decision)
        elif number > len(lines):
            torn = last
        else:
            faults.append(FaultyLine(name, number, decision))
    return DecisionFile(tuple(found.values()), tuple(faults), doubled, torn)


def _decision(line: bytes) -> Decision | str:
    """Read one line, or say why it is no decision."""
    try:
        decision = msgspec.json.decode(line, type=Decision)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "it is no decision as Evitable writes them"
    if sealed(decision).id != decision.id:
        return "it was changed by hand: its id does not fit its content"
    return decision


def read_folder(folder: Path) -> dict[str, DecisionFile]:
    """Read all files of decisions in a folder, by name; none where there is no such folder.

    Raises:
        UserError: A file cannot be read.
    """
    return {path.name: read_lines(_bytes(path), path.name) for path in decision_paths(folder)}


def decision_paths(folder: Path) -> list[Path]:
    """Give the files of decisions in a folder, sorted by name."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file() and path.name[0] != ".")


def written(folder: Path) -> tuple[Decision, ...]:
    """Give what the files of a folder hold, sorted by time and id, without a look at the database.

    Raises:
        UserError: A file cannot be read.
    """
    return in_order(one for file in read_folder(folder).values() for one in file.decisions)


def in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Sort decisions by time and id, each once."""
    every = {decision.id: decision for decision in decisions}
    return tuple(sorted(every.values(), key=lambda one: (one.time, one.id)))


def append(path: Path, decisions: Sequence[Decision]) -> None:
    """Write decisions behind what a file holds; what a killed writer left of a line is put aside first.

    Once this returns, they are on the disk.

    Raises:
        UserError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            lead = b""
            if not _ends_whole(file):
                torn = read_lines(path.read_bytes(), path.name).torn
                lead = b"" if torn else b"\n"  # a last line that is whole but for its end
                if torn:
                    with path.with_suffix(".damaged").open("ab") as aside:
                        aside.write(torn + b"\n")
                    file.truncate(path.stat().st_size - len(torn))
            file.write(lead + b"".join(msgspec.json.encode(one) + b"\n" for one in decisions))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UserError(
            f"Decisions cannot be written into {path} ({error.strerror}).",
            "They are kept in the review's database for now. Check disk space and permissions, then go on.",
        ) from error


def _ends_whole(file: BinaryIO) -> bool:
    """Tell whether a file is empty, or ends with the end of a line."""
    if not file.seek(0, os.SEEK_END):
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"The decisions in {path} cannot be read ({error.strerror}).", "Check the file's permissions."
        ) from error
