"""What `evitable status` says: what is published and what it cost, what is new since, who works on the review."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evitable.export import NAMES
from evitable.flows.config import run_config
from evitable.flows.corpus import scan_review
from evitable.flows.costs import Usage, issue_kinds, run_costs
from evitable.flows.evidence import run_identity
from evitable.records import Issue, PaperTiming, RunRecord, encode
from evitable.store import hold, open_workspace
from support.command_line import CODEBOOK, Command, make_review, write_lines

PAPER = PaperTiming(path="a.pdf", seconds={"extract": 2.0}, megabytes={"extract": 90.0}, cached=())


def test_status_before_any_run_says_so_and_what_to_do(run: Command) -> None:
    make_review("my-review", papers=2, settings='title = "Pumps"\n')
    said = run("status", "my-review")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Pumps\n")
    assert "2 papers, 0 references" in said.out
    assert "nothing yet" in said.out
    assert "evitable run my-review" in said.out


def test_status_changes_nothing(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evitable.flows.hashes._GRAIN", -(10**12))  # as if the paper had lain there for long
    root = make_review("my-review", papers=1)
    before = sorted(path.as_posix() for path in root.rglob("*"))
    run("status", "my-review")
    assert sorted(path.as_posix() for path in root.rglob("*")) == before


def test_status_counts_references_and_names_the_reviews_own_codebook(run: Command) -> None:
    make_review("my-review", papers=1, codebook=CODEBOOK)
    write_lines("my-review/corpus/references.ris", "TY  - JOUR", "TI  - Pumps", "ER  - ")
    said = run("status", "my-review")
    assert "1 paper, 1 reference" in said.out
    assert "Birds, version 1" in said.out


def test_status_of_a_damaged_run_record_says_how_to_make_it_again(run: Command) -> None:
    root = make_review("my-review", papers=1)
    (root / "outputs").mkdir()
    (root / "outputs" / "run.json").write_bytes(b'{"identity"')
    said = run("status", "my-review")
    assert said.code == 2
    assert "run.json is damaged" in said.err
    assert "evitable run my-review" in said.err
    assert "Traceback" not in said.err


def publish(root: Path, *, papers: tuple[PaperTiming, ...] = (), issues: tuple[Issue, ...] = ()) -> RunRecord:
    """Put a record of a run of the review as it is into its outputs, as if it had been published."""
    workspace = open_workspace(root)
    config = run_config(workspace)
    names = ("papers_not_read", "studies", "passages", "codings")
    record = RunRecord(
        number=7,
        identity=run_identity(scan_review(workspace, config.settings), config),
        exports=NAMES,
        counts=dict.fromkeys(names, 1) | {"codings": 12},
        started="2026-03-04T05:06:07+00:00",
        seconds=321.0,
        papers=papers,
        outputs={},
        costs=run_costs(papers, {"code": 300.0, "export": 20.0}, Usage(cpu_main=20, cpu_workers=500, megabytes=210)),
        issues=issue_kinds(issues),
    )
    workspace.outputs.mkdir(exist_ok=True)
    (workspace.outputs / "run.json").write_bytes(encode(record))
    return record


def test_status_says_which_run_is_published_when_and_what_it_holds(run: Command) -> None:
    publish(make_review("my-review", papers=1))
    said = run("status", "my-review")
    assert (said.code, said.err) == (0, "")
    assert "run 7 of 2026-03-04 05:06 UTC, took 5 min" in said.out
    assert "1 study, 1 passage, 12 codings, 1 paper not read" in said.out


def test_status_names_what_is_new_since_the_published_run(run: Command) -> None:
    root = make_review("my-review", papers=4)
    publish(root)
    (root / "corpus" / "paper-0.pdf").unlink()
    (root / "corpus" / "paper-1.pdf").rename(root / "corpus" / "moved.pdf")
    (root / "corpus" / "late.pdf").write_bytes(b"%PDF-1.4 late")
    (root / "review.toml").write_text('title = "Pumps"\nmax_pages = 9\n', encoding="utf-8")
    said = run("status", "my-review").out
    assert "1 new paper: late.pdf" in said
    assert "1 paper gone: paper-0.pdf" in said
    assert "1 paper moved or renamed: paper-1.pdf is now moved.pdf" in said
    assert "changed settings: max_pages, title" in said
    assert "The tables are not up to date. Run: evitable run my-review" in said
    (root / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    said = run("status", "my-review").out
    assert "new codebook" in said
    assert "new model" in said


def test_status_shows_what_each_stage_cost_and_the_slowest_papers(run: Command) -> None:
    slow = PaperTiming(
        path="slow.pdf", seconds={"extract": 90.0, "check": 12.34}, megabytes={"extract": 345.0}, cached=("segment",)
    )
    lost = Issue(code="timed-out", stage="extract", paper="lost.pdf", message="It took too long.", hint="Wait.")
    failed = PaperTiming(path="lost.pdf", seconds={"extract": 60.0}, cached=(), issue=lost)
    publish(make_review("my-review", papers=1), papers=(slow, failed))
    rows = [line.split() for line in run("status", "my-review").out.splitlines()]
    assert ["read", "2", "0", "2", "min", "75", "s", "90", "s", "345", "MB", "slow.pdf"] in rows
    assert ["passages", "0", "1"] in rows
    assert ["102", "s", "90", "s", "12", "s", "345", "MB", "slow.pdf"] in rows
    assert ["60", "s", "60", "s", "lost.pdf", "(timed-out)"] in rows


def test_status_counts_issues_by_kind_and_names_the_first_papers(run: Command) -> None:
    issues = [
        Issue(code="pdf-damaged", stage="extract", paper=f"{letter}.pdf", message="The PDF is damaged.")
        for letter in "abcde"
    ]
    publish(make_review("my-review", papers=1), papers=(PAPER,), issues=tuple(issues))
    said = run("status", "my-review").out
    assert "5  pdf-damaged  The PDF is damaged." in said
    assert "a.pdf; b.pdf; c.pdf and 2 more" in said


def test_status_tells_who_works_on_the_review_at_this_moment(run: Command) -> None:
    root = make_review("my-review", papers=1)
    assert "under way" not in run("status", "my-review").out
    with hold(open_workspace(root), "evitable run"):
        said = run("status", "my-review").out
    assert "under way" in said
    assert f"process {os.getpid()}" in said
    assert "`evitable run`" in said


def test_status_gives_the_same_as_json_to_programs(run: Command) -> None:
    root = make_review("my-review", papers=1)
    record = publish(root, papers=(PAPER,))
    said = run("status", "my-review", "--json")
    assert (said.code, said.err) == (0, "")
    data = json.loads(said.out)
    assert (data["title"], data["papers"], data["under_way"]) == ("A review of co-production", 1, None)
    assert (data["published"]["number"], data["published"]["id"]) == (7, record.identity.id)
    assert data["published"]["costs"]["stages"]["extract"]["slowest"] == "a.pdf"
    assert data["published"]["slowest"][0]["path"] == "a.pdf"
    assert (data["since"]["papers_new"], data["since"]["todo"]) == ([], 1)
    (root / "outputs" / "run.json").unlink()
    assert json.loads(run("status", "my-review", "--json").out)["published"] is None


def test_status_fits_a_narrow_terminal(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    long = "a-paper-with-a-name-of-the-kind-that-publishers-give-to-their-files-when-they-are-downloaded.pdf"
    timing = PaperTiming(path=long, seconds={"extract": 8000.0, "check": 0.4}, megabytes={"extract": 3999.0}, cached=())
    lost = Issue(code="pdf-damaged", stage="extract", paper=long, message="The PDF is damaged.")
    publish(make_review("my-review", papers=1), papers=(timing,), issues=(lost,))
    lines = run("status", "my-review").out.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert any("2.2 h" in line and "3999 MB" in line and "a-paper-wi" in line for line in lines)


def test_status_loads_nothing_that_is_heavy(tmp_path: Path) -> None:
    publish(make_review(str(tmp_path / "my-review"), papers=1), papers=(PAPER,))
    source = str(Path(sys.modules["evitable"].__file__ or "").parents[1])
    script = (
        f"import sys; sys.path.insert(0, {source!r}); from evitable.cli import evitable; "
        f"evitable.main(['status', {str(tmp_path / 'my-review')!r}], standalone_mode=False); "
        "print('loaded', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert "rich" in loaded
    heavy = {"spacy", "sklearn", "pandas", "prefect", "pdfminer", "pypdfium2", "numpy", "matplotlib", "dask", "lxml"}
    assert loaded & heavy == set()
