"""Scanned papers are read by OCRmyPDF where it is switched on; whatever it does costs that paper only."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evitable.flows.ocr import how_to_install, missing_packages
from support.pdf_bytes import PHRASE, good
from support.processes import HAS_PROC, alive, started_by
from support.reader import Reader, is_plain
from support.scans import FakeOcr, partly_scanned, scan, scanned

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="scripts in the place of programs")]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeOcr:
    """Programs that do as they are told, first on the PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    fake = FakeOcr(folder)
    monkeypatch.setenv("PATH", fake.path)
    return fake


@pytest.fixture
def reader(tmp_path: Path, fake: FakeOcr) -> Iterator[Reader]:
    """A reader with OCR, which has to be fast."""
    reader = Reader(tmp_path, "ocr = true\nocr_time_limit = 3\n")
    with reader.guard:
        yield reader


# What OCR gives.


def test_a_scan_is_read_by_ocr_and_that_is_told(reader: Reader, fake: FakeOcr) -> None:
    fake.will("read", good(pages=1))
    outcome = reader.read("scan.pdf", scan())
    assert PHRASE in reader.text(outcome)
    (notice,) = outcome.notices
    assert notice.code == "read-by-ocr"
    assert notice.message == "The text of the pages comes from OCR (OCRmyPDF 1.2.3, Tesseract 4.5.6, eng)."
    assert is_plain(notice.hint)
    assert reader.document(outcome).extractor.endswith(", OCRmyPDF 1.2.3, Tesseract 4.5.6, eng")


def test_ocr_is_asked_for_text_alone_and_knows_little_of_the_machine(reader: Reader, fake: FakeOcr) -> None:
    fake.will("read", good(pages=1))
    reader.read("scan.pdf", scan())
    (call,) = fake.asked()
    options = " ".join(call["arguments"])
    for option in ("--skip-text", "--output-type pdf", "--optimize 0", "--jobs 1", "--language eng", "--quiet"):
        assert option in options
    assert "--tesseract-timeout 3 " in options  # no page is left out because the machine is busy
    given = set(call["environment"]) - {"LC_CTYPE", "PWD", "SHLVL", "_"}
    assert given <= {"PATH", "HOME", "TMPDIR", "LANG", "OMP_THREAD_LIMIT", "TESSDATA_PREFIX"}


def test_a_paper_is_given_to_ocr_once(reader: Reader, fake: FakeOcr) -> None:
    fake.will("read", good(pages=1))
    first = reader.read("scan.pdf", scan())
    assert len(fake.asked()) == 1
    again = reader.read("scan.pdf", scan())
    assert fake.asked() == []
    assert (again.notices, again.keys) == (first.notices, first.keys)


def test_a_paper_with_text_is_not_given_to_ocr(reader: Reader, fake: FakeOcr) -> None:
    fake.will("fail")
    assert reader.reads_on("with text")
    assert fake.asked() == []


def test_a_scan_is_not_given_to_ocr_where_that_is_switched_off(tmp_path: Path, fake: FakeOcr) -> None:
    fake.will("read", good(pages=1))
    reader = Reader(tmp_path, "")
    with reader.guard:
        issue = reader.read("scan.pdf", scan()).issue
    assert issue is not None
    assert issue.message.startswith("Not readable: scanned.")
    assert "ocr = true" in issue.hint
    assert fake.asked() == []


def test_pages_without_text_are_read_by_ocr_and_named(reader: Reader, fake: FakeOcr) -> None:
    fake.will("read", good(pages=3))
    outcome = reader.read("part.pdf", partly_scanned(3))
    assert reader.text(outcome).count(PHRASE) == 3
    (notice,) = outcome.notices
    assert notice.message.startswith("The text of PDF page 3 comes from OCR (")


def test_pages_without_text_in_which_ocr_finds_none_are_not_given_to_it_again(reader: Reader, fake: FakeOcr) -> None:
    fake.will("copy")
    for calls in (1, 0):
        outcome = reader.read("part.pdf", partly_scanned(3))
        assert reader.text(outcome).count(PHRASE) == 2
        (notice,) = outcome.notices
        assert (notice.code, notice.hint) == (
            "pages-without-text",
            "OCR found no text there either; look at the pages.",
        )
        assert len(fake.asked()) == calls


def test_a_scan_in_which_ocr_finds_no_text_says_so(reader: Reader, fake: FakeOcr) -> None:
    fake.will("copy")
    issue = reader.read("scan.pdf", scan()).issue
    assert issue is not None
    assert issue.code == "pdf-scanned"
    assert issue.message.endswith("OCR found no text on the pages.")
    assert "ocr_language" in issue.hint


def test_what_a_program_prints_does_not_come_between_run_and_worker(reader: Reader, fake: FakeOcr) -> None:
    fake.will("chatter", good(pages=1))
    assert PHRASE in reader.text(reader.read("scan.pdf", scan()))
    assert "more rubbish" in reader.log.read_text()


# What stands in its way.

FAILS = {
    "fail": "OCRmyPDF failed on it (exit 7).",
    "nothing": "OCRmyPDF gave no PDF back.",
    "rubbish": "OCR gave a PDF that cannot be read. The file is named .pdf but is not a PDF.",
    "hang": "Its OCR took longer than 3 seconds and was given up.",
}


@pytest.mark.parametrize("mode", FAILS)
def test_ocr_that_fails_costs_that_paper_only(reader: Reader, fake: FakeOcr, mode: str) -> None:
    fake.will(mode)
    issue = reader.read("scan.pdf", scan()).issue
    assert issue is not None
    assert issue.code == "pdf-scanned"
    assert issue.message.startswith("Not readable: scanned.")
    assert issue.message.endswith(FAILS[mode])
    assert is_plain(issue.message)
    assert is_plain(issue.hint)
    assert (mode == "hang") == ("ocr_time_limit" in issue.hint)
    assert not HAS_PROC or alive(fake.pids) == set()
    assert reader.reads_on(f"after OCR that would {mode}")


def test_ocr_that_fails_leaves_what_was_read_without_it_and_is_tried_again(reader: Reader, fake: FakeOcr) -> None:
    fake.will("fail")
    outcome = reader.read("part.pdf", partly_scanned(3))
    assert reader.text(outcome).count(PHRASE) == 2
    (notice,) = outcome.notices
    assert notice.code == "pages-without-text"
    assert notice.message.endswith("OCRmyPDF failed on it (exit 7).")
    fake.will("read", good(pages=3))
    assert reader.text(reader.read("part.pdf", partly_scanned(3))).count(PHRASE) == 3


def test_programs_that_are_not_there_are_named_with_how_to_install_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    reader = Reader(tmp_path, 'ocr = true\nocr_language = "eng+chi_sim"\n')
    with reader.guard:
        issue = reader.read("scan.pdf", scan()).issue
    packages = "ocrmypdf tesseract-ocr tesseract-ocr-eng tesseract-ocr-chi-sim"
    assert issue is not None
    assert issue.code == "pdf-scanned"
    assert issue.hint == f"Install {packages} (Debian, Ubuntu: apt install {packages}), and run again."
    assert is_plain(issue.message)


def test_a_language_that_is_not_there_is_named_with_how_to_install_it(fake: FakeOcr) -> None:
    assert missing_packages("eng") == ()
    assert missing_packages("deu+eng") == ("tesseract-ocr-deu",)
    assert "apt install tesseract-ocr-deu)" in how_to_install(missing_packages("deu+eng"))


# Nothing is left behind.


def wait_for_pids(fake: FakeOcr) -> list[int]:
    end = time.monotonic() + 120
    while not fake.pids and time.monotonic() < end:
        time.sleep(0.05)
    return fake.pids


@pytest.mark.skipif(not HAS_PROC, reason="needs /proc to count processes")
def test_a_guard_that_is_killed_takes_ocr_with_it(tmp_path: Path, fake: FakeOcr) -> None:
    fake.will("hang")
    reader = Reader(tmp_path, "ocr = true\n")
    with reader.guard:
        at_work = threading.Thread(target=reader.read, args=("scan.pdf", scan()))
        at_work.start()
        pids = wait_for_pids(fake)
        assert len(alive(pids, within=0)) == 2
        reader.guard.kill()
        at_work.join()
        assert alive(pids) == set()


@pytest.mark.skipif(not HAS_PROC, reason="needs /proc to count processes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_takes_ocr_with_it(tmp_path: Path, fake: FakeOcr, number: signal.Signals) -> None:
    fake.will("hang")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "scan.pdf").write_bytes(scan())
    (tmp_path / "review.toml").write_text("ocr = true\n")
    run = subprocess.Popen(
        [sys.executable, "-m", "evitable", "run", tmp_path],
        cwd=ROOT / "pipeline",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for_pids(fake)
    started = {pid for pid in started_by(run.pid) if "evitable" in command(pid) or pid in fake.pids}
    assert started > set(fake.pids)
    run.send_signal(number)
    run.wait(timeout=60)
    left = alive(started, within=15)
    assert left == set()


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


# With the real programs.


@pytest.mark.skipif(missing_packages("eng") != (), reason="needs OCRmyPDF and Tesseract")
def test_a_scan_of_a_specimen_is_read_nearly_whole_and_the_same_each_time(tmp_path: Path) -> None:
    specimen = (ROOT / "corpus" / "moeller-2018.pdf").read_bytes()
    documents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        reader = Reader(tmp_path / name, "ocr = true\n")
        with reader.guard:
            plain = reader.read("plain.pdf", specimen)
            outcome = reader.read("scan.pdf", scanned(specimen, [0]))
            documents.append(reader.document(outcome))
            assert [notice.code for notice in outcome.notices] == ["read-by-ocr"]
            assert reader.results(outcome)[0].passages
    assert documents[0] == documents[1]
    first_page = reader.document(plain)
    words = {
        word
        for block in first_page.blocks
        if block.kind == "body" and all(line.page == 1 for line in block.lines)
        for word in re.findall(r"[a-z]{4,}", first_page.text_of(block))
    }
    read = set(re.findall(r"[a-z]{4,}", documents[0].text))
    assert len(words) > 50
    assert len(words & read) > 0.95 * len(words)


def test_the_real_programs_are_looked_for_on_the_path() -> None:
    assert ("ocrmypdf" in missing_packages("eng")) == (shutil.which("ocrmypdf") is None)
