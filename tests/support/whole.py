"""Whether the files that a run published are whole, and whether two reviews show the same."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from support.workspaces import published

_OF_RUNS = ("run.json", "changes.csv", "data/changes.csv", "data/changes.parquet", "data/datapackage.json")
"""Files that tell of the runs themselves; the last one gives the size of the two before it."""
_SHOWS_CHANGES = frozenset({"evidence.xlsx", "report.html", "methods.md"})
"""Files with a part that tells what changed since the run before."""


def assert_same_tables(folder: Path, undisturbed: Path) -> int:
    """See that two reviews show the same, byte for byte, but for what each tells of its own runs; count the files."""
    ours, theirs = published(folder, _OF_RUNS), published(undisturbed, _OF_RUNS)
    assert set(ours) == set(theirs)
    other = {name for name, data in ours.items() if data != theirs[name]}
    assert other <= _SHOWS_CHANGES, other
    for name in other:
        assert _without_changes(name, ours[name]) == _without_changes(name, theirs[name]), name
    return len(ours)


def is_whole(name: str, data: bytes) -> bool:
    """Tell whether a file can be read to its end."""
    try:
        return _WHOLE[Path(name).suffix](data)
    except (ValueError, csv.Error, zipfile.BadZipFile):
        return False


def _is_zip(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.testzip() is None


def _is_json(data: bytes) -> bool:
    return json.loads(data) is not None


def _is_json_lines(data: bytes) -> bool:
    return data.endswith(b"\n") and all(_is_json(line) for line in data.splitlines())


def _is_table(data: bytes) -> bool:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    return data.endswith(b"\n") and len({len(row) for row in rows}) == 1


def _ends_with(*ends: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.rstrip().endswith(ends)


_WHOLE: Mapping[str, Callable[[bytes], bool]] = {
    ".xlsx": _is_zip,
    ".docx": _is_zip,
    ".qdpx": _is_zip,
    ".json": _is_json,
    ".jsonl": _is_json_lines,
    ".csv": _is_table,
    ".html": _ends_with(b"</html>"),
    ".svg": _ends_with(b"</svg>"),
    ".qdc": _ends_with(b"</CodeBook>"),
    ".pdf": _ends_with(b"%%EOF"),
    ".png": _ends_with(b"IEND\xaeB`\x82"),
    ".parquet": _ends_with(b"PAR1"),
    ".md": lambda data: data.endswith(b"\n"),
}


def _without_changes(name: str, data: bytes) -> object:
    """Give what a file shows, without what it tells of the change since the run before."""
    if name == "evidence.xlsx":
        return _without_sheets(data, {"Read me", "Changes"})
    text = data.decode()
    if name == "report.html":
        before, _, rest = text.partition('<h2 id="changes"')
        return before, rest[rest.index("</section>") :]
    return [line for line in text.splitlines() if not line.startswith(("| Item L2", "| Item L3"))]


def _without_sheets(data: bytes, names: set[str]) -> dict[str, bytes]:
    """Give the parts of a workbook, without some sheets; and without the list of sheets, which names their size."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = archive.read("xl/workbook.xml").decode()
        sheets = re.findall(r'<sheet name="([^"]+)" sheetId="(\d+)"', book)
        assert names <= {name for name, _ in sheets}
        beside = {"xl/workbook.xml", *(f"xl/worksheets/sheet{number}.xml" for name, number in sheets if name in names)}
        return {part: archive.read(part) for part in archive.namelist() if part not in beside}
