"""A paper that one engine cannot read is tried by the other; what each of them did is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from evitable.flows.config import run_config
from evitable.flows.guard import Guard
from evitable.flows.worker import frame
from evitable.records import Paper, paper_id
from evitable.store import Workspace
from support.faults import faulty_engines, faulty_paper
from support.pdf_bytes import PHRASE
from support.reader import Reader, is_plain

pytestmark = pytest.mark.slow

BY_SECOND = "read-by-second-engine"


class Watched(Reader):
    """A reader that knows which engines its workers were asked for."""

    def __init__(self, root: Path, settings: str, log: Path) -> None:
        super().__init__(root, settings)
        workspace = Workspace(root)
        self.guard = Guard(frame(run_config(workspace), workspace.corpus, "check"))
        self._asked = log

    def asked(self) -> list[str]:
        """Give the engines that were asked since the last time."""
        asked = self._asked.read_text().split()
        self._asked.write_text("")
        return [engine for engine in asked if engine != "check"]

    def found(self, data: bytes) -> tuple[str, ...]:
        """Give the codes of the notices of a paper whose results are all in the cache."""
        sha = hashlib.sha256(data).hexdigest()
        outcome = self._stages.look_up(Paper(id=paper_id(sha), path="again.pdf", sha256=sha))
        assert outcome is not None
        return tuple(notice.code for notice in outcome.notices)


def watched(folder: Path, settings: str, monkeypatch: pytest.MonkeyPatch) -> Watched:
    faults = folder / "faults"
    faults.mkdir()
    log = faulty_engines(faults)
    monkeypatch.setenv("PYTHONPATH", str(faults))
    return Watched(folder, settings, log)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with pytest.MonkeyPatch.context() as patch:
        reader = watched(tmp_path_factory.mktemp("ladder"), "time_limit = 5\n", patch)
        with reader.guard:
            assert reader.reads_on("the first paper")
            yield reader


FRESH = {"hang", "die", "fill"}
"""Ways to fail after which the second attempt is made by a fresh worker."""
SAID = {
    "damaged": "It is damaged.",
    "no-pages": "It is no-pages.",
    "scanned": "It is scanned.",
    "break": "The paper could not be processed (RuntimeError).",
    "fill": "The paper took more memory than a worker may have.",
    "die": "The program that reads PDFs broke down on this paper (exit -11).",
    "hang": "The paper took longer than 5 seconds and was given up.",
}
"""What the first engine may do, and what is said of it."""


@pytest.mark.parametrize("way", SAID)
def test_what_the_first_engine_cannot_read_is_read_by_the_second_and_told(reader: Watched, way: str) -> None:
    assert reader.reads_on(f"before {way}")
    worker, _ = reader.worker, reader.asked()
    data = faulty_paper(way, pdfminer=way)
    outcome = reader.read(f"{way}.pdf", data)
    assert PHRASE in reader.text(outcome)
    assert reader.asked() == ["pdfminer", "pdfium"]
    assert reader.document(outcome).extractor.startswith("pypdfium2 ")
    notice, *others = outcome.notices
    told = (BY_SECOND, *(["read-in-part"] if way == "damaged" else []))
    assert (notice.code, *(other.code for other in others)) == told
    assert f"pdfminer.six could not read it ({SAID[way]})." in notice.message
    assert is_plain(notice.message) or way == "break"
    assert is_plain(notice.hint)
    assert ("quotes may then differ" in notice.message) == (way == "hang")
    assert (reader.worker != worker) == (way in FRESH)
    assert reader.found(data) == told
    assert reader.reads_on(f"after {way}")
    assert reader.asked() == ["pdfminer"]


def test_a_paper_that_the_second_engine_read_is_not_read_again(reader: Watched) -> None:
    data = faulty_paper("twice", pdfminer="damaged")
    reader.read("twice.pdf", data)
    reader.asked()
    again = reader.read("twice.pdf", data)
    assert reader.asked() == []
    assert [notice.code for notice in again.notices] == [BY_SECOND, "read-in-part"]


@pytest.mark.parametrize("code", ["encrypted", "empty", "not-pdf", "too-long", "too-large"])
def test_what_is_no_fault_of_an_engine_is_not_tried_again(reader: Watched, code: str) -> None:
    reader.asked()
    outcome = reader.read(f"{code}.pdf", faulty_paper(code, pdfminer=code))
    assert outcome.issue is not None
    assert outcome.issue.code == f"pdf-{code}"
    assert reader.asked() == ["pdfminer"]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("damaged", "hang", "pdf-damaged"),
        ("damaged", "scanned", "pdf-damaged"),
        ("scanned", "damaged", "pdf-scanned"),
        ("break", "die", "unexpected"),
        ("die", "damaged", "worker-died"),
        ("fill", "die", "out-of-memory"),
        ("hang", "fill", "timed-out"),
    ],
)
def test_where_both_engines_fail_the_first_fault_is_told(reader: Watched, first: str, second: str, code: str) -> None:
    outcome = reader.read(f"{first}-{second}.pdf", faulty_paper(f"{first} {second}", pdfminer=first, pdfium=second))
    issue = outcome.issue
    assert issue is not None
    costly = first in FRESH
    assert (issue.code, issue.stage) == (code, "extract")
    assert issue.message == SAID[first].removesuffix(".") + costly * ", and the second engine failed too" + "."
    assert reader.reads_on(f"after {first} and {second}")


def test_what_breaks_down_after_the_paper_was_read_is_no_matter_of_engines(reader: Watched) -> None:
    data = faulty_paper("this one dies when it is cut")
    reader.asked()
    issue = reader.read("cut.pdf", data).issue
    assert issue is not None
    assert (issue.code, issue.stage) == ("worker-died", "segment")
    assert reader.asked() == ["pdfminer"]
    assert reader.reads_on("after a paper that was cut")


@pytest.mark.parametrize("way", ["die", "break"])
def test_a_check_of_quotes_that_fails_does_not_cost_the_paper(reader: Watched, way: str) -> None:
    outcome = reader.read(f"check-{way}.pdf", faulty_paper(f"check {way}", check=way))
    assert outcome.issue is None
    assert [notice.code for notice in outcome.notices] == ["quotes-not-checked"]
    assert reader.results(outcome)[0].passages
    assert reader.reads_on(f"after a check that would {way}")


def test_pdfminer_is_the_second_engine_where_pdfium_is_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = watched(tmp_path, 'extractor = "pdfium"\n', monkeypatch)
    with reader.guard:
        outcome = reader.read("damaged.pdf", faulty_paper("damaged", pdfium="damaged"))
        assert PHRASE in reader.text(outcome)
        assert reader.asked() == ["pdfium", "pdfminer"]
        assert "Read by pdfminer.six, because pypdfium2 could not" in outcome.notices[0].message


def test_a_guard_that_was_killed_starts_no_other_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = watched(tmp_path, "", monkeypatch)
    assert reader.reads_on("the only paper")
    reader.guard.kill()
    assert reader.read("later.pdf", faulty_paper("later")).issue is not None
    assert reader.guard._process is None
