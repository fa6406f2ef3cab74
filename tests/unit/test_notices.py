"""What a reviewer should know of the text of a paper that was read: it goes with the outcome, and into the issues."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from evitable.export import issue_file
from evitable.flows.config import RunConfig, shipped_config
from evitable.flows.corpus import scan_corpus
from evitable.flows.evidence import review_of_run, run_identity
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.flows.worker import code_one
from evitable.records import Document, Notice
from evitable.settings import Settings
from evitable.store import Cache
from support.command_line import Command
from support.pdf_bytes import good
from support.scans import partly_scanned, scan


@pytest.fixture
def config(tmp_path: Path) -> RunConfig:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "b-part.pdf").write_bytes(partly_scanned(3))
    (tmp_path / "corpus" / "a-whole.pdf").write_bytes(good(pages=1))
    (tmp_path / "corpus" / "c-scan.pdf").write_bytes(scan())
    return shipped_config(tmp_path / "cache")


def with_ocr(config: RunConfig, **settings: object) -> RunConfig:
    return replace(config, settings=msgspec.structs.replace(config.settings, ocr=True, **settings))


def issues(folder: Path, config: RunConfig, outcomes: Sequence[PaperOutcome]) -> list[tuple[str, str, str]]:
    review = review_of_run(scan_corpus(folder / "corpus"), config, outcomes, PaperStages(config))
    [(_, data)] = issue_file(review)
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return [(row["paper"], row["code"], row["stage"]) for row in rows if row["stage"] == "extract"]


def test_notices_are_issues_of_their_papers_also_when_all_was_read_before(config: RunConfig, tmp_path: Path) -> None:
    stages = PaperStages(config)
    papers = scan_corpus(tmp_path / "corpus").papers
    outcomes = [code_one(stages, tmp_path / "corpus", paper) for paper in papers]
    assert [tuple(notice.code for notice in outcome.notices) for outcome in outcomes] == [
        (),
        ("pages-without-text",),
        (),
    ]
    expected = [("b-part.pdf", "pages-without-text", "extract"), ("c-scan.pdf", "pdf-scanned", "extract")]
    assert issues(tmp_path, config, outcomes[::-1]) == expected
    found = [outcome for paper in papers if (outcome := stages.look_up(paper)) is not None]
    assert [outcome.path for outcome in found] == ["a-whole.pdf", "b-part.pdf"]
    assert issues(tmp_path, config, found) == expected[:1]


def test_ocr_changes_no_key_but_that_of_what_it_read(config: RunConfig, tmp_path: Path) -> None:
    [paper, *_] = scan_corpus(tmp_path / "corpus").papers
    plain, ocr = PaperStages(config), PaperStages(with_ocr(config))
    german = PaperStages(with_ocr(config, ocr_language="deu"))
    assert ocr.keys(paper) == plain.keys(paper) == german.keys(paper)
    assert len({ocr.keys(paper, ocr=True), german.keys(paper, ocr=True), plain.keys(paper)}) == 3


@pytest.mark.parametrize("limit", ["max_pages", "max_objects", "max_characters"])
def test_another_limit_makes_the_text_anew(config: RunConfig, tmp_path: Path, limit: str) -> None:
    [paper, *_] = scan_corpus(tmp_path / "corpus").papers
    other = replace(config, settings=msgspec.structs.replace(config.settings, **{limit: 7}))
    assert PaperStages(other).keys(paper).extract != PaperStages(config).keys(paper).extract


def test_switching_ocr_on_reads_pages_without_text_again_and_nothing_else(config: RunConfig, tmp_path: Path) -> None:
    papers = scan_corpus(tmp_path / "corpus").papers[:2]
    for paper in papers:
        code_one(PaperStages(config, "extract"), tmp_path / "corpus", paper)
    stages = PaperStages(with_ocr(config), "extract")
    found = [(paper, stages.look_up(paper)) for paper in papers]
    assert [stages.waits_for_ocr(paper, outcome) for paper, outcome in found if outcome] == [False, True]
    for paper, outcome in found:
        assert outcome is not None
        assert not PaperStages(config).waits_for_ocr(paper, outcome)


def test_what_ocr_read_goes_before_what_was_read_without_it(config: RunConfig, tmp_path: Path) -> None:
    [_, paper, _] = scan_corpus(tmp_path / "corpus").papers
    plain = PaperStages(config, "extract")
    document = plain.document(code_one(plain, tmp_path / "corpus", paper).keys)
    assert document is not None
    stages = PaperStages(with_ocr(config), "extract")
    read = msgspec.structs.replace(document, notices=(Notice(code="read-by-ocr", message="It was.", hint="Look."),))
    Cache(config.cache).put("extract", stages.keys(paper, ocr=True).extract, read)
    outcome = stages.look_up(paper)
    assert outcome is not None
    assert [notice.code for notice in outcome.notices] == ["read-by-ocr"]
    assert isinstance(stages.document(outcome.keys), Document)
    assert not stages.waits_for_ocr(paper, outcome)
    assert plain.look_up(paper) != outcome


@pytest.mark.parametrize(("name", "value"), [("ocr", True), ("ocr_language", "deu"), ("max_objects", 9)])
def test_a_run_with_another_way_to_read_papers_has_another_id(
    config: RunConfig, tmp_path: Path, name: str, value: object
) -> None:
    corpus = scan_corpus(tmp_path / "corpus")
    other = replace(config, settings=msgspec.structs.replace(Settings(), **{name: value}))
    before, after = run_identity(corpus, config), run_identity(corpus, other)
    assert before.id != after.id
    assert after.settings[name] == value
    assert "pypdfium2" in after.libraries


def test_extract_tells_what_is_missing_of_a_pdf_that_it_read(run: Command) -> None:
    Path("part.pdf").write_bytes(partly_scanned(3))
    said = run("extract", "part.pdf", "--out", "texts")
    assert said.code == 0
    assert said.err.startswith("part.pdf: No text on page 3: blank, a picture, or not readable.")


def test_status_says_whether_ocr_is_possible(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path.cwd()))
    (Path("r") / "corpus").mkdir(parents=True)
    (Path("r") / "corpus" / "scan.pdf").write_bytes(scan())
    assert "  ocr " not in run("status", "r").out
    (Path("r") / "review.toml").write_text("ocr = true\n")
    assert "  ocr        Install ocrmypdf tesseract-ocr tesseract-ocr-eng (" in run("status", "r").out
