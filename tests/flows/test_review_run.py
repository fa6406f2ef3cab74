"""The whole main job as a person runs it: good and bad papers, a second run, and a run that must not be published."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from support.papers import paper_pdf

ROOT = Path(__file__).parents[2]
TABLES = [
    "evidence-list.csv",
    "evidence-map.csv",
    "evidence-studies.csv",
    "evidence-synthesis.csv",
    "evidence.xlsx",
    "report.html",
]

pytestmark = pytest.mark.slow


def evitable(*arguments, seed="0"):
    command = [sys.executable, "-m", "evitable", *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, cwd=ROOT / "pipeline", env=environment, check=False
    )


def encrypted(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    """A review with two good papers and one of each kind of bad one, after its first run."""
    folder = tmp_path_factory.mktemp("runs") / "review"
    assert evitable("new", folder, "--title", "A test of everything").returncode == 0
    corpus = folder / "corpus"
    for name in ("moeller-2018", "tremblay-2021"):
        shutil.copy(ROOT / "corpus" / f"{name}.pdf", corpus)
    (corpus / "sub").mkdir()
    shutil.copy(corpus / "moeller-2018.pdf", corpus / "sub" / "copy.pdf")
    (corpus / "empty.pdf").write_bytes(b"")
    (corpus / "text.pdf").write_text("This is no PDF.")
    (corpus / "locked.pdf").write_bytes(encrypted(paper_pdf(["A paper with a password."])))
    broken = "TY  - JOUR\nAU  - Nobody, N.\nER  - \n\n"
    (corpus / "references.ris").write_text(broken + (ROOT / "corpus" / "references.ris").read_text(), encoding="utf-8")
    first = evitable("run", folder)
    return folder, first


def issues(folder):
    text = (folder / "outputs" / "issues.csv").read_text(encoding="utf-8-sig")
    return {(row["paper"], row["code"]): row for row in csv.DictReader(io.StringIO(text))}


def test_good_papers_are_coded_and_bad_ones_cost_only_themselves(review):
    folder, first = review
    assert first.returncode == 0, first.stderr
    assert "Traceback" not in first.stderr
    assert "2 studies" in first.stdout
    assert sorted(path.name for path in (folder / "outputs").iterdir() if path.name[0] != ".") == sorted(
        [*TABLES, "issues.csv", "run.json"]
    )


def test_each_bad_paper_is_named_with_what_to_do(review):
    found = issues(review[0])
    expected = {
        ("empty.pdf", "pdf-empty"),
        ("text.pdf", "pdf-not-pdf"),
        ("locked.pdf", "pdf-encrypted"),
        ("sub/copy.pdf", "duplicate"),
        ("references.ris", "reference-broken"),
    }
    assert expected <= set(found)
    for key in expected:
        assert found[key]["message"].endswith(".")
        assert found[key]["hint"].endswith(".")


def test_the_run_record_tells_how_to_repeat_the_run(review):
    record = json.loads((review[0] / "outputs" / "run.json").read_text())
    assert record["counts"]["studies"] == 2
    assert record["counts"]["papers_not_read"] == 3
    assert set(record["identity"]["papers"]) == {
        "moeller-2018.pdf",
        "tremblay-2021.pdf",
        "empty.pdf",
        "text.pdf",
        "locked.pdf",
    }
    assert set(record["outputs"]) == {*TABLES, "issues.csv"}
    assert record["identity"]["libraries"]["prefect"]


def test_prefect_keeps_its_state_inside_the_workspace(review):
    assert (review[0] / "outputs" / ".prefect" / "prefect.db").exists()


def test_a_second_run_does_nothing_again_and_gives_the_same_bytes(review):
    folder, _ = review
    before = {name: (folder / "outputs" / name).read_bytes() for name in TABLES}
    second = evitable("run", folder)
    assert second.returncode == 0, second.stderr
    assert {name: (folder / "outputs" / name).read_bytes() for name in TABLES} == before
    record = json.loads((folder / "outputs" / "run.json").read_text())
    assert record["counts"]["papers_from_cache"] == 2
    assert "nothing has changed" in evitable("status", folder).stdout


def test_another_folder_and_another_process_give_the_same_bytes(review, tmp_path):
    folder, _ = review
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    shutil.copy(folder / "review.toml", tmp_path)
    assert evitable("run", tmp_path, seed="5").returncode == 0
    differing = [n for n in TABLES if (tmp_path / "outputs" / n).read_bytes() != (folder / "outputs" / n).read_bytes()]
    assert differing == []


def test_a_run_in_which_nothing_can_be_read_leaves_the_last_tables_in_force(review):
    folder, _ = review
    before = {name: (folder / "outputs" / name).read_bytes() for name in TABLES}
    aside = folder / "aside"
    aside.mkdir()
    for name in ("moeller-2018.pdf", "tremblay-2021.pdf", "sub/copy.pdf"):
        shutil.move(folder / "corpus" / name, aside / Path(name).name)
    failed = evitable("run", folder)
    assert failed.returncode == 1
    assert "nothing was published" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert {name: (folder / "outputs" / name).read_bytes() for name in TABLES} == before
    assert ("empty.pdf", "pdf-empty") in issues(folder)
