"""People decide, then everything changes that can: extraction, model, codebook, papers. No decision is lost."""

import csv
import io
import shutil

import pytest

from benchmarks.variants import ROOT
from evitable.codebook import default_codebook
from evitable.records import Decision
from evitable.settings import Settings
from evitable.store import open_workspace
from evitable.store.decisions import open_decisions
from evitable.store.published import open_published
from support.decisions import anchored
from support.workspaces import evitable

pytestmark = pytest.mark.slow
DEFAULT = ROOT / "pipeline" / "evitable" / "codebook" / "coproduction.toml"


def rows(folder):
    text = (folder / "outputs" / "evidence-list.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def decided(folder):
    """Give (code, status, coder) of the codings that people decided on."""
    return sorted((row["code_name"], row["status"], row["coder"]) for row in rows(folder) if row["status"] != "machine")


def run(folder):
    done = evitable("run", folder)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    """A review of two papers, on six codings of which people have decided."""
    folder = tmp_path_factory.mktemp("decided") / "review"
    (folder / "corpus").mkdir(parents=True)
    for name in ("moeller-2018", "tremblay-2021"):
        shutil.copy(ROOT / "corpus" / f"{name}.pdf", folder / "corpus")
    run(folder)
    workspace = open_workspace(folder)
    published, log = open_published(workspace, Settings()), open_decisions(workspace)
    codes = [code.name for code in default_codebook().code]
    made = []
    for paper in published.papers:
        for number, passage in enumerate(published.passages(paper.paper_id)[:3]):
            code, verdict = codes[number], ("accept", "reject", "add")[number]
            made.append(
                Decision(
                    anchor=anchored(passage),
                    code=code,
                    verdict=verdict,
                    coder=("ada", "ben")[number % 2],
                    time=f"2026-01-01T10:00:0{number}.000000Z",
                    via="page",
                    codebook_version=published.record.codebook_version,
                )
            )
    log.add(made)
    return folder


def test_a_run_takes_the_decisions_in_and_names_them_as_the_cause(review):
    assert "new decisions" in evitable("run", review, "--dry-run").stdout
    run(review)
    assert sorted(status for _, status, _ in decided(review)) == ["corrected"] * 4 + ["rejected"] * 2
    text = (review / "outputs" / "changes.csv").read_text(encoding="utf-8-sig")
    changed = [row for row in csv.DictReader(io.StringIO(text)) if row["change"] != "unchanged"]
    assert {row["cause"] for row in changed} == {"decision"}


@pytest.mark.parametrize("change", ["extractor", "all at once"])
def test_no_decision_is_lost_whatever_changes(review, tmp_path, change):
    folder = tmp_path / "copy"
    shutil.copytree(review, folder)
    log = (folder / "corpus" / "decisions" / "ada.jsonl").read_bytes()
    before = decided(folder)
    assert len(before) == 6
    settings = []
    if change in {"extractor", "all at once"}:
        settings.append('extractor = "pdfium"')
    if change == "all at once":
        book = DEFAULT.read_text(encoding="utf-8")
        # Another name, and so no shipped model: the phrases alone code.
        (folder / "codebook.toml").write_text(
            book.replace('name = "coproduction"', 'name = "own"', 1), encoding="utf-8"
        )
        settings.append('codebook = "codebook.toml"')
    (folder / "review.toml").write_text("\n".join(settings), encoding="utf-8")
    run(folder)
    after = decided(folder)
    orphaned = [row for row in rows(folder) if row["status"] == "orphaned"]
    assert len(after) == 6
    assert [row for row in after if row[1] != "orphaned"] == [row for row in before if row in after]
    assert len(orphaned) <= 1
    assert (folder / "corpus" / "decisions" / "ada.jsonl").read_bytes() == log
