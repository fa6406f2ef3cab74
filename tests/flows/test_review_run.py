"""The whole main job as a person runs it: good and bad papers, a second run, and a run that must not be published."""

import csv
import hashlib
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


def published(folder):
    """Give the SHA-256 of every file in outputs that is no state of the program, by name."""
    state = ("run.json", "review.sqlite3")
    outputs = folder / "outputs"
    return {
        name: hashlib.sha256((outputs / name).read_bytes()).hexdigest()
        for path in outputs.rglob("*")
        if path.is_file() and (name := path.relative_to(outputs).as_posix())[0] != "." and not name.startswith(state)
    }


def issues(folder):
    text = (folder / "outputs" / "issues.csv").read_text(encoding="utf-8-sig")
    return {(row["paper"], row["code"]): row for row in csv.DictReader(io.StringIO(text))}


def test_good_papers_are_coded_and_bad_ones_cost_only_themselves(review):
    folder, first = review
    assert first.returncode == 0, first.stderr
    assert "Traceback" not in first.stderr
    assert "2 studies" in first.stdout
    names = {path.name for path in (folder / "outputs").iterdir() if path.name[0] != "."}
    assert {"evidence.xlsx", "evidence-studies.csv", "report.html", "evidence.docx", "codings.qdpx"} <= names
    assert {"codebook.qdc", "annotations.jsonl", "methods.md", "data", "figures", "issues.csv", "run.json"} <= names
    assert sorted(path.name for path in (folder / "outputs" / "highlighted").iterdir()) == [
        "moeller-2018.pdf",
        "tremblay-2021.pdf",
    ]


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
    assert record["outputs"] == published(review[0])
    assert record["identity"]["libraries"]["prefect"]


def test_prefect_keeps_its_state_inside_the_workspace(review):
    assert (review[0] / "outputs" / ".prefect" / "prefect.db").exists()


def test_a_second_run_finds_nothing_new_and_ends_without_prefect_or_a_number_of_its_own(review):
    folder, _ = review
    before = published(folder)
    record = (folder / "outputs" / "run.json").read_bytes()
    second = evitable("run", folder)
    assert second.returncode == 0, second.stderr
    assert "Nothing new since run 1" in second.stdout
    assert "3 papers could not be read before" in second.stdout
    assert "Prefect" not in second.stderr
    assert published(folder) == before
    assert (folder / "outputs" / "run.json").read_bytes() == record
    assert "nothing has changed" in evitable("status", folder).stdout


def test_a_file_that_somebody_deleted_is_written_again_without_a_new_run(review):
    folder, _ = review
    before = published(folder)
    (folder / "outputs" / "evidence.docx").unlink()
    again = evitable("run", folder)
    assert again.returncode == 0, again.stderr
    assert "written again" in again.stdout
    assert published(folder) == before
    assert json.loads((folder / "outputs" / "run.json").read_text())["number"] == 1


def test_new_numbers_of_the_flow_diagram_are_a_new_run_in_which_no_paper_is_done_again(review, tmp_path):
    folder, _ = review
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    shutil.copytree(folder / "outputs", tmp_path / "outputs")
    (tmp_path / "review.toml").write_text((folder / "review.toml").read_text() + "[prisma]\nscreened = 40\n")
    marked = (tmp_path / "outputs" / "highlighted" / "moeller-2018.pdf").stat().st_mtime_ns
    second = evitable("run", tmp_path)
    assert second.returncode == 0, second.stderr
    assert (tmp_path / "outputs" / "highlighted" / "moeller-2018.pdf").stat().st_mtime_ns == marked
    record = json.loads((tmp_path / "outputs" / "run.json").read_text())
    assert record["number"] == 2
    assert record["counts"]["papers_from_cache"] == 2


def test_damaged_results_are_made_again_and_the_tables_are_the_same(review, tmp_path):
    folder, _ = review
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    shutil.copytree(folder / "outputs", tmp_path / "outputs")
    shutil.copy(folder / "review.toml", tmp_path)
    for stage in ("segment", "classify", "check"):
        for entry in (tmp_path / "outputs" / ".cache" / stage).rglob("*.json"):
            entry.write_bytes(entry.read_bytes()[:-9])
    (tmp_path / "outputs" / "run.json").unlink()
    again = evitable("run", tmp_path)
    assert again.returncode == 0, again.stderr
    assert "Results of 2 papers are damaged or gone, and are made again." in again.stderr
    before, after = published(folder), published(tmp_path)
    of_run = {"changes.csv", "report.html", "evidence.xlsx", "methods.md"}  # what tells of the run before
    of_run |= {"data/changes.csv", "data/changes.parquet", "data/datapackage.json"}
    assert {name for name in before if before[name] != after[name]} <= of_run


def test_a_dry_run_says_what_would_be_done_and_why_and_does_nothing(review, tmp_path):
    folder, _ = review
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    shutil.copytree(folder / "outputs", tmp_path / "outputs")
    shutil.copy(folder / "review.toml", tmp_path)
    (tmp_path / "corpus" / "tremblay-2021.pdf").unlink()
    (tmp_path / "corpus" / "moeller-2018.pdf").rename(tmp_path / "corpus" / "other.pdf")
    (tmp_path / "corpus" / "sub" / "copy.pdf").unlink()
    (tmp_path / "corpus" / "new.pdf").write_bytes(paper_pdf(["A new paper."]))
    before = published(tmp_path)
    said = evitable("run", tmp_path, "--dry-run")
    assert said.returncode == 0, said.stderr
    for words in (
        "1 to be read and coded: new paper\n      new.pdf",
        "3 could not be read before",
        "1 gone from the corpus, and will leave the tables:\n      tremblay-2021.pdf",
        "moeller-2018.pdf is now other.pdf",
        "published as run 2: papers came, left or moved",
    ):
        assert words in said.stdout
    assert published(tmp_path) == before


def test_another_folder_and_another_process_give_the_same_bytes(review, tmp_path):
    folder, _ = review
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    shutil.copy(folder / "review.toml", tmp_path)
    assert evitable("run", tmp_path, seed="5").returncode == 0
    assert published(tmp_path) == published(folder)


def test_some_kinds_of_files_can_be_written_again_and_the_others_stay(review):
    folder, _ = review
    before = published(folder)
    for name in ("evidence.docx", "figures/evidence-map.svg", "evidence.xlsx", "papers.json"):
        (folder / "outputs" / name).unlink()
    (folder / "outputs" / "highlighted" / "tremblay-2021.pdf").unlink()
    (folder / "outputs" / "methods.md").write_text("my own words")
    again = evitable("export", folder, "--only", "docx,figures,pdf")
    assert again.returncode == 0, again.stderr
    assert "outputs/evidence.docx" in again.stdout
    mine = hashlib.sha256(b"my own words").hexdigest()
    assert published(folder) == {name: sha for name, sha in before.items() if name != "evidence.xlsx"} | {
        "methods.md": mine
    }
    assert evitable("export", folder).returncode == 0
    assert published(folder) == before
    record = json.loads((folder / "outputs" / "run.json").read_text())
    assert record["outputs"] == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "--only", "docx,word"], "docx, qdpx"),
        (["export", "--only", "docx"], "evitable run"),
    ],
)
def test_an_export_that_cannot_be_made_says_what_to_do(review, tmp_path, arguments, said):
    shutil.copytree(review[0] / "corpus", tmp_path / "corpus")
    failed = evitable(arguments[0], tmp_path, *arguments[1:])
    assert failed.returncode == 2
    assert said in failed.stderr
    assert "Traceback" not in failed.stderr


def test_what_the_settings_change_changes_and_what_no_longer_belongs_goes(review, tmp_path):
    folder, _ = review
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    shutil.copytree(folder / "outputs", tmp_path / "outputs")
    (tmp_path / "corpus" / "tremblay-2021.pdf").unlink()
    (tmp_path / "outputs" / "notes.txt").write_text("a person's own file")
    (tmp_path / "review.toml").write_text('title = "Less"\nexports = ["csv", "pdf"]\nroll_up = "at least 2"\n')
    assert evitable("run", tmp_path).returncode == 0
    names = set(published(tmp_path))
    assert "evidence-studies.csv" in names
    assert "notes.txt" in names
    assert {name for name in names if name.startswith("highlighted")} == {"highlighted/moeller-2018.pdf"}
    assert {name for name in names if name.startswith(("figures", "data", "report", "evidence.xlsx"))} == set()
    stale = evitable("export", tmp_path, "--only", "xlsx")
    assert stale.returncode == 0, stale.stderr
    (tmp_path / "review.toml").write_text('title = "More"\n')
    assert "have changed since the last run" in evitable("export", tmp_path, "--only", "xlsx").stderr


def test_a_run_in_which_nothing_can_be_read_leaves_the_last_tables_in_force(review):
    folder, _ = review
    before = published(folder)
    aside = folder / "aside"
    aside.mkdir()
    for name in ("moeller-2018.pdf", "tremblay-2021.pdf", "sub/copy.pdf"):
        shutil.move(folder / "corpus" / name, aside / Path(name).name)
    failed = evitable("run", folder)
    assert failed.returncode == 1
    assert "nothing was published" in failed.stderr
    assert "Traceback" not in failed.stderr
    after = published(folder)
    assert {**after, "issues.csv": ""} == {**before, "issues.csv": ""}
    assert ("empty.pdf", "pdf-empty") in issues(folder)
