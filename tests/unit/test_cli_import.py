"""`evitable import`: a filled sheet comes back, first as a report, then all or nothing."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from evitable.decide.sheet_plan import revision_text
from evitable.records import Decision, PaperCoding, Prediction, coding_id
from evitable.settings import Settings
from evitable.store import open_workspace
from evitable.store.cache import Cache
from evitable.store.decisions import DecisionLog, open_decisions
from evitable.store.published import Published, open_published
from support.command_line import Command, Said, assert_refused
from support.review_page import FIRST, OTHER, SECOND, published_review

COLUMNS = ("study", "code", "decision", "new_code", "new_polarity", "note", "coding_id", "revision")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "review"
    published_review(folder, papers=2, length=6)
    return folder


@pytest.fixture
def review(made: Path, tmp_path: Path) -> Path:
    """Give a copy of a published review of two papers."""
    return Path(shutil.copytree(made, tmp_path / "review"))


def log_of(review: Path) -> DecisionLog:
    return open_decisions(open_workspace(review))


def published_of(review: Path) -> Published:
    return open_published(open_workspace(review), Settings())


def said_of(review: Path) -> list[Prediction]:
    """Give the machine's predictions, paper by paper."""
    published = published_of(review)
    return [one for paper in published.papers for one in published.coding(paper.paper_id).predictions]


def line(prediction: Prediction, decision: str, **cells: str) -> dict[str, str]:
    name = coding_id(prediction.passage_id, prediction.code)
    return {"code": prediction.code, "decision": decision, "coding_id": name, "revision": "none", **cells}


def write(lines: Sequence[dict[str, str]], name: str = "back.csv") -> str:
    text = io.StringIO(newline="")
    made = csv.DictWriter(text, COLUMNS, restval="")
    made.writeheader()
    made.writerows(lines)
    Path(name).write_text(text.getvalue(), encoding="utf-8-sig")
    return name


def brief(decisions: Sequence[Decision]) -> list[tuple[str, str, str]]:
    return sorted((one.coder, one.verdict, one.code) for one in decisions)


def test_decisions_of_a_sheet_are_kept_as_others_are(run: Command, review: Path) -> None:
    first, *_, last = [one for one in said_of(review) if one.code == FIRST.name]
    file = write([line(first, "accept", note="Schön"), line(last, "change", new_code=OTHER.title)])
    said = run("import", file, str(review), "--coder", " ada ")
    assert (said.code, said.err) == (0, "")
    assert "applied 2 new decisions" in joined(said)
    assert "3 decisions by ada were added. Run `evitable run` to see them in the tables." in said.out
    made = log_of(review).read()
    assert brief(made) == [("ada", "accept", FIRST.name), ("ada", "add", OTHER.name), ("ada", "reject", FIRST.name)]
    assert {one.via for one in made} == {"spreadsheet"}
    accepted = next(one for one in made if one.verdict == "accept")
    published = published_of(review)
    passage = next(one for one in published.passages(accepted.anchor.paper_id) if one.id == first.passage_id)
    assert (accepted.anchor.quote, accepted.note) == (passage.text, "Schön")
    assert accepted.said is not None
    assert accepted.said.probability == first.probability
    assert published.document(passage.paper_id).text[: passage.start].endswith(accepted.anchor.before)


def test_importing_a_file_twice_changes_nothing(run: Command, review: Path) -> None:
    lines = [line(one, ("accept", "reject", "unsure")[at % 3]) for at, one in enumerate(said_of(review))]
    file = write(lines)
    assert run("import", file, str(review), "--coder", "ada").code == 0
    before = log_of(review).read()
    assert len(before) == len(lines) > 5
    for coder in ("ada", "ben"):
        said = run("import", file, str(review), "--coder", coder)
        assert said.code == 0
        assert f"unchanged {len(lines)} decided so already" in joined(said)
        assert "there is nothing new in the file" in said.out
    assert log_of(review).read() == before


def test_a_dry_run_says_all_and_changes_nothing(run: Command, review: Path) -> None:
    first, second, *_ = said_of(review)
    said = run("import", write([line(first, "accept")]), str(review), "--coder", "ada", "--dry-run")
    assert (said.code, log_of(review).read()) == (0, ())
    assert "Nothing was changed: this was a dry run." in said.out
    said = run("import", write([line(second, "perhaps")]), str(review), "--coder", "ada", "--dry-run")
    assert said.code == 1
    assert "“perhaps” is no decision" in joined(said)


def joined(said: Said) -> str:
    """Give what was said, with one space between words."""
    return " ".join(said.out.split())


def test_a_row_that_needs_a_person_stops_all_unless_it_is_skipped(run: Command, review: Path) -> None:
    first, second, third, *_ = said_of(review)
    lines = [line(first, "accept"), line(second, "aceptar", study="Ben 2021"), line(third, "x\x1b[2J[bold]")]
    file = write(lines)
    said = run("import", file, str(review), "--coder", "ada")
    assert (said.code, log_of(review).read()) == (1, ())
    assert f"  row 3, Ben 2021, {second.code}\n" in said.out
    assert "      invalid: “aceptar” is no decision. Choose one of accept, reject, change, unsure.\n" in said.out
    assert "invalid: “x[2J[bold]” is no decision" in said.out
    assert "Mend these rows and import the file again, or give --skip-faults." in said.out
    said = run("import", file, str(review), "--coder", "ada", "--skip-faults")
    assert said.code == 0
    assert brief(log_of(review).read()) == [("ada", "accept", first.code)]


def test_what_others_have_decided_since_is_never_written_over(run: Command, review: Path) -> None:
    first, second, third, *_ = said_of(review)
    run("import", write([line(one, "reject") for one in (first, second)]), str(review), "--coder", "ben")
    bens = {one.item: one for one in log_of(review).read()}
    sight = line(second, "accept")
    sight["revision"] = revision_text([bens[sight["coding_id"]].id])
    file = write([line(first, "accept"), sight, line(third, "reject")])
    said = run("import", file, str(review), "--coder", "ada", "--skip-faults", "--report", "rows.csv")
    assert said.code == 0
    rows = list(csv.DictReader(Path("rows.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["row"], row["outcome"]) for row in rows] == [("2", "conflict"), ("3", "applied"), ("4", "applied")]
    assert "ben has decided reject" in rows[0]["why"]
    assert len(log_of(review).read()) == 4


def test_a_decision_that_comes_while_the_file_is_read_stops_all(
    run: Command, review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = said_of(review)
    add = DecisionLog.add

    def late(log: DecisionLog, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        theirs = [msgspec.structs.replace(one, coder="ben", verdict="reject") for one in decisions[:1]]
        add(log, theirs)
        return add(log, decisions)

    monkeypatch.setattr(DecisionLog, "add", late)
    said = run("import", write([line(first, "accept"), line(second, "accept")]), str(review), "--coder", "ada")
    assert said.code == 1
    assert "ben has decided reject" in joined(said)
    assert "others have decided while this was read" in said.out
    assert brief(log_of(review).read()) == [("ben", "reject", first.code)]


def test_a_coding_that_the_machine_does_not_give_any_more_can_still_be_decided(run: Command, review: Path) -> None:
    published = published_of(review)
    paper = published.papers[0]
    first = published.coding(paper.paper_id).predictions[0]
    empty = PaperCoding(paper_id=paper.paper_id, predictions=())
    Cache(open_workspace(review).cache).put("classify", paper.keys["classify"], empty)
    assert run("import", write([line(first, "accept")]), str(review), "--coder", "ada").code == 0
    (made,) = log_of(review).read()
    assert (made.verdict, made.code, made.said) == ("accept", first.code, None)


def test_stretches_of_text_that_people_have_chosen_can_be_decided_in_a_sheet(run: Command, review: Path) -> None:
    first, *_ = said_of(review)
    run("import", write([line(first, "unsure")]), str(review), "--coder", "ben")
    (whole,) = log_of(review).read()
    part = msgspec.structs.replace(
        whole.anchor, passage_id="", quote=whole.anchor.quote[:30], end=whole.anchor.start + 30
    )
    own = msgspec.structs.replace(whole, id="", anchor=part, code=SECOND.name, verdict="unsure")
    (added,) = log_of(review).add([own])
    row = {"coding_id": added.item, "revision": added.id, "decision": "accept", "new_polarity": "hinders"}
    assert run("import", write([row]), str(review), "--coder", "ada").code == 0
    last = log_of(review).read()[-1]
    assert (last.item, last.base, last.anchor, last.polarity) == (added.item, (added.id,), part, "hinders")


def test_what_cannot_be_read_is_refused_in_plain_words(run: Command, review: Path) -> None:
    Path("paper.pdf").write_bytes(b"%PDF-1.4\n%\x01\x02")
    assert_refused(run("import", "paper.pdf", str(review), "--coder", "ada"), "neither a spreadsheet nor text")
    stranger = Prediction(passage_id="qx", dimension="d", code="c", probability=0.5, model_id="m", codebook_version="c")
    file = write([line(stranger, "accept")])
    assert_refused(run("import", file, str(review), "--coder", "ada"), "No row of the file is known here")
    assert_refused(run("import", file, str(review), "--coder", " "), "cannot be the name of a coder")
    assert run("import", file, str(review)).code == 2
    shutil.rmtree(review / "outputs")
    assert_refused(run("import", file, str(review), "--coder", "ada"), "no published run")
