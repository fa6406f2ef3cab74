"""The sheet To verify goes through a real LibreOffice, where a person sorts, edits, copies, deletes; and comes back."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import msgspec
import pytest

from evitable.codebook import default_codebook
from evitable.decide.sheets import read_sheets
from evitable.store import open_workspace
from evitable.store.decisions import open_decisions
from support.workspaces import evitable, specimen_review

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="there is no LibreOffice on this machine"),
]
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:{plural} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{dtd}.dtd">
<library:{plural} xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"{more}>
 {content}
</library:{plural}>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Person" script:language="StarBasic">{}
</script:module>
"""
_BASIC = """
Dim book, sheet

Function Place(heading)
  For Place = 0 To 40
    If sheet.getCellByPosition(Place, 0).String = heading Then Exit Function
  Next
End Function

Function RowOf(id)
  Dim at
  at = Place("Coding id")
  For RowOf = 1 To 10000
    If sheet.getCellByPosition(at, RowOf).String = id Then Exit Function
  Next
End Function

Sub Put(id, heading, text)
  sheet.getCellByPosition(Place(heading), RowOf(id)).String = text
End Sub

Sub TypeIn(id, heading, text)
  Dim cell
  cell = sheet.getCellByPosition(Place(heading), RowOf(id))
  cell.NumberFormat = 0
  cell.Formula = text
End Sub

Sub CopyRow(id, decision)
  Dim from, target
  from = RowOf(id)
  sheet.Rows.insertByIndex(from + 1, 1)
  target = sheet.getCellByPosition(0, from + 1).CellAddress
  sheet.copyRange(target, sheet.getCellRangeByPosition(0, from, 40, from).RangeAddress)
  sheet.getCellByPosition(Place("Decision"), from + 1).String = decision
End Sub

Sub SortBy(heading)
  Dim fields(0) As New com.sun.star.table.TableSortField
  Dim how(1) As New com.sun.star.beans.PropertyValue
  Dim cursor
  cursor = sheet.createCursor()
  cursor.gotoEndOfUsedArea(False)
  fields(0).Field = Place(heading)
  fields(0).IsAscending = False
  how(0).Name = "SortFields"
  how(0).Value = fields()
  how(1).Name = "ContainsHeader"
  how(1).Value = True
  sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow).sort(how())
End Sub

Sub Store(path, filter)
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = filter
  book.storeToURL(ConvertToURL(path), how())
End Sub

Sub Main
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "Hidden"
  how(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL("{source}"), "_blank", 0, how())
  sheet = book.Sheets.getByName("To verify")
{steps}
  Store "{target}.xlsx", "Calc MS Excel 2007 XML"
  Store "{target}.ods", "calc8"
  book.close(True)
End Sub
"""


class Office:
    """A LibreOffice with a profile of its own, in which a macro does what a person does."""

    def __init__(self, folder: Path) -> None:
        self._profile = folder / "profile"
        self._basic = self._profile / "user" / "basic"

    def edit(self, source: Path, target: Path, steps: Sequence[str]) -> None:
        """Take steps in the sheet To verify, and save the workbook as .xlsx and as .ods."""
        if not self._basic.exists():
            self._start("--terminate_after_init")  # makes the profile, and would write over our macro
        code = _BASIC.replace("{source}", str(source)).replace("{target}", str(target))
        self._install(code.replace("{steps}", "\n".join(f"  {step}" for step in steps)))
        self._start("macro:///Standard.Person.Main")

    def _start(self, what: str) -> None:
        profile = f"-env:UserInstallation={self._profile.as_uri()}"
        command = [str(OFFICE), profile, "--headless", "--norestore", what]
        subprocess.run(command, check=True, timeout=180, capture_output=True)

    def _install(self, code: str) -> None:
        standard = self._basic / "Standard"
        standard.mkdir(parents=True, exist_ok=True)
        (standard / "Person.xba").write_text(_MODULE.format(escape(code)), encoding="utf-8")
        for kind, content in (("script", '<library:element library:name="Person"/>'), ("dialog", "")):
            more = ' library:name="Standard" library:readonly="false" library:passwordprotected="false"'
            library = _LIBRARY.format(plural="library", dtd="library", more=more, content=content)
            (standard / f"{kind}.xlb").write_text(library, encoding="utf-8")
            link = (
                '<library:library library:name="Standard" '
                f'xlink:href="$(USER)/basic/Standard/{kind}.xlb/" xlink:type="simple" library:link="false"/>'
            )
            libraries = _LIBRARY.format(plural="libraries", dtd="libraries", more="", content=link)
            (self._basic / f"{kind}.xlc").write_text(libraries, encoding="utf-8")


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a review of two papers that a real run has published."""
    folder = tmp_path_factory.mktemp("office") / "review"
    specimen_review(folder, 2, pages=2)
    shutil.rmtree(folder / "corpus" / "decisions")
    ended = evitable("run", folder)
    assert ended.returncode == 0, ended.stderr
    return folder


def exported(review: Path) -> list[str]:
    """Give the coding ids of the exported sheet, in order."""
    return [row["coding id"] for row in read_sheets((review / "outputs" / "evidence.xlsx").read_bytes()).rows]


def decide_meanwhile(review: Path, folder: Path, ids: Sequence[str]) -> None:
    """Let ben reject one coding, accept the next, and take back his decision on the third, while the sheet is out."""
    log = open_decisions(open_workspace(review))
    lines = [f"{name},none,{verdict}" for name, verdict in zip(ids, ("reject", "accept", "accept"), strict=True)]
    file = folder / "ben.csv"
    file.write_text("\n".join(["coding_id,revision,decision", *lines]) + "\n", encoding="utf-8")
    assert evitable("import", file, review, "--coder", "ben").returncode == 0
    last = next(one for one in log.read() if one.item == ids[2])
    log.add([msgspec.structs.replace(last, id="", verdict="undo", base=(last.id,), time=f"9{last.time}")])


def outcomes(review: Path, file: Path, *more: str) -> tuple[str, Counter[tuple[str, str, str]]]:
    """Import a file; give what was said, and id, decision and outcome of each row that says something."""
    report = file.with_suffix(".report.csv")
    said = evitable("import", file, review, "--coder", "ada", "--report", report, *more)
    rows = list(csv.DictReader(io.StringIO(report.read_text(encoding="utf-8-sig"))))
    told = [(row["coding_id"], row["decision"], row["outcome"]) for row in rows if row["outcome"] != "not decided"]
    return said.stdout + said.stderr + " ".join(row["why"] for row in rows), Counter(told)


def steps_of_a_person(ids: Sequence[str], other: str) -> list[str]:
    return [
        f'Put "{ids[0]}", "Decision", "accept"',
        'SortBy "Quote"',
        f'Put "{ids[1]}", "Decision", " Reject "',
        f'Put "{ids[2]}", "Decision", "change"',
        f'Put "{ids[2]}", "New code", "{other}"',
        f'Put "{ids[3]}", "Decision", "change"',
        "sheet.Columns.insertByIndex(2, 1)",
        'sheet.getCellByPosition(2, 0).String = "My own remark"',
        f'Put "{ids[4]}", "Decision", "yes"',
        f'Put "{ids[5]}", "Decision", "accept"',
        f'CopyRow "{ids[5]}", "reject"',
        f'sheet.Rows.removeByIndex(RowOf("{ids[6]}"), 1)',
        f'TypeIn "{ids[7]}", "Note", "=1+1"',
        f'Put "{ids[8]}", "Decision", "accept"',
        f'Put "{ids[9]}", "Decision", "accept"',
        f'Put "{ids[10]}", "Decision", "accept"',
        f'Put "{ids[11]}", "Decision", "unsure"',
        f'TypeIn "{ids[12]}", "Decision", "TRUE"',
        f'Put "{ids[13]}", "Decision", "accept"',
        f'Put "{ids[13]}", "Coding id", "ewrittenbyhand"',
        "sheet.Rows.insertByIndex(3, 2)",
        'sheet.getCellByPosition(Place("Decision"), 3).String = "accept"',
        'sheet.getCellByPosition(2, 4).String = "a line of my own"',
        f'Put "{ids[14]}", "Decision", "accept"',
        f'TypeIn "{ids[14]}", "Note", "00123"',
        f'Put "{ids[15]}", "Quote", "not what stands in the paper"',
        'sheet.Name = "Ada\'s sheet"',
    ]


def expected(ids: Sequence[str]) -> Counter[tuple[str, str, str]]:
    return Counter(
        [
            (ids[0], "accept", "applied"),
            (ids[1], "Reject", "applied"),
            (ids[2], "change", "applied"),
            (ids[3], "change", "invalid"),
            (ids[4], "yes", "invalid"),
            (ids[5], "accept", "duplicate"),
            (ids[5], "reject", "duplicate"),
            (ids[7], "", "invalid"),
            (ids[8], "accept", "conflict"),
            (ids[9], "accept", "unchanged"),
            (ids[10], "accept", "stale"),
            (ids[11], "unsure", "applied"),
            (ids[12], "1", "invalid"),
            ("ewrittenbyhand", "accept", "unknown id"),
            ("", "accept", "no id"),
            (ids[14], "accept", "applied"),
        ]
    )


def test_what_a_person_does_in_libreoffice_comes_back_row_by_row(review: Path, tmp_path: Path) -> None:
    ids = exported(review)
    assert len(ids) > 16
    book = default_codebook()
    other = book.code[-1]
    decide_meanwhile(review, tmp_path, ids[8:11])
    source = review / "outputs" / "evidence.xlsx"
    Office(tmp_path).edit(source, tmp_path / "back", steps_of_a_person(ids, other.title))
    log = open_decisions(open_workspace(review))
    before = log.read()
    for file in (tmp_path / "back.xlsx", tmp_path / "back.ods"):
        said, found = outcomes(review, file)
        assert found == expected(ids), said
        assert re.search(r"missing +1 ", said), said
        assert "The sheet says accept, but ben has decided reject" in said
        assert log.read() == before

    said, _ = outcomes(review, tmp_path / "back.xlsx", "--skip-faults")
    made = [one for one in log.read() if one not in before]
    assert Counter(
        (one.coder, one.verdict.replace("add", "accept"), one.replaces != "", one.note) for one in made
    ) == Counter(
        [
            ("ada", "accept", False, ""),
            ("ada", "reject", False, ""),
            ("ada", "reject", False, ""),
            ("ada", "accept", True, ""),
            ("ada", "unsure", False, ""),
            ("ada", "accept", False, "123"),
        ]
    )
    assert {one.code for one in made if one.replaces} == {other.name}

    again, found = outcomes(review, tmp_path / "back.ods", "--skip-faults")
    assert found == Counter(
        (name, decision, "unchanged" if outcome == "applied" else outcome)
        for name, decision, outcome in expected(ids).elements()
    )
    assert "Nothing was changed" in again
    assert len(log.read()) == len(before) + len(made)
