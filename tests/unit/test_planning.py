"""What a run finds that it has to do, and the words in which it says so."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from evitable.codebook import default_codebook
from evitable.export import NAMES
from evitable.flows.config import RunConfig, shipped_config
from evitable.flows.corpus import Corpus
from evitable.flows.evidence import run_identity
from evitable.flows.planning import Plan, nothing_new, plan_lines, plan_run
from evitable.flows.stages import PaperStages
from evitable.flows.worker import code_one
from evitable.records import Issue, Paper, PaperTiming, RunRecord, paper_id
from evitable.store import Workspace
from support.papers import paper_pdf
from support.runs import new_record

TEXTS = {
    "a.pdf": "Residents and two officers walked through the streets and wrote down what had to be mended first.",
    "b.pdf": "Parents and teachers ran the library of the school together, and took turns at the counter.",
}


def papers(folder: Path, names: tuple[str, ...]) -> Corpus:
    found = []
    for name in names:
        data = paper_pdf([TEXTS[name]])
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        sha = hashlib.sha256(data).hexdigest()
        found.append(Paper(id=paper_id(sha), path=name, sha256=sha))
    return Corpus(tuple(found), (), {}, ())


class Desk:
    """A review whose papers are coded in this process."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)
        self.config = shipped_config(self.workspace.cache)
        self.corpus = papers(self.workspace.corpus, ("a.pdf", "b.pdf"))

    def code(self) -> None:
        stages = PaperStages(self.config)
        for paper in self.corpus.papers:
            stages.keep(paper, code_one(stages, self.workspace.corpus, paper))

    def plan(self, last: RunRecord | None, config: RunConfig | None = None, corpus: Corpus | None = None) -> Plan:
        return plan_run(corpus or self.corpus, config or self.config, self.workspace, last)

    def published(self) -> RunRecord:
        return msgspec.structs.replace(
            new_record({}),
            number=4,
            identity=run_identity(self.corpus, self.config),
            exports=NAMES,
            papers=tuple(PaperTiming(path=paper.path, seconds={}, cached=()) for paper in self.corpus.papers),
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_of_a_new_review_all_papers_are_to_be_read(desk: Desk) -> None:
    plan = desk.plan(None)
    assert [(step.path, step.work, step.why) for step in plan.steps] == [
        ("a.pdf", "to be read and coded", "new paper"),
        ("b.pdf", "to be read and coded", "new paper"),
    ]
    assert plan.reasons == ("nothing has been published yet",)
    assert "published as run 1: nothing has been published yet." in plan_lines(plan, None)[-1]


def test_when_all_is_done_and_published_nothing_is_new(desk: Desk) -> None:
    desk.code()
    last = desk.published()
    plan = desk.plan(last)
    assert (plan.todo, plan.reasons, plan.new, plan.gone) == ((), (), (), ())
    assert plan_lines(plan, last) == [
        "2 papers: 2 up to date, 0 to do.",
        "Nothing new since run 4: the tables are up to date.",
    ]
    assert nothing_new(plan, last, plan.there)


def test_another_codebook_has_papers_coded_again_but_not_read_again(desk: Desk) -> None:
    desk.code()
    codebook = msgspec.structs.replace(default_codebook(), version="99")
    plan = desk.plan(desk.published(), replace(desk.config, codebook=codebook))
    assert {(step.work, step.why) for step in plan.steps} == {("to be coded", "new codebook")}
    assert plan.reasons == ("new codebook",)


def test_another_model_has_papers_coded_again(desk: Desk) -> None:
    desk.code()
    plan = desk.plan(desk.published(), replace(desk.config, model_id="m2"))
    assert {(step.work, step.why) for step in plan.steps} == {("to be coded", "new model")}


def test_another_engine_has_papers_read_again_and_the_setting_is_named(desk: Desk) -> None:
    desk.code()
    settings = msgspec.structs.replace(desk.config.settings, extractor="pdfium")
    plan = desk.plan(desk.published(), replace(desk.config, settings=settings))
    assert {(step.work, step.why) for step in plan.steps} == {("to be read and coded", 'new setting "extractor"')}


def test_a_renamed_paper_is_no_work_and_a_paper_that_is_gone_is_named(desk: Desk) -> None:
    desk.code()
    first = desk.corpus.papers[0]
    plan = desk.plan(desk.published(), corpus=Corpus((msgspec.structs.replace(first, path="new/a.pdf"),), (), {}, ()))
    assert (plan.todo, plan.renamed, plan.gone) == ((), (("a.pdf", "new/a.pdf"),), ("b.pdf",))
    assert plan.reasons == ("papers came, left or moved",)


def test_a_result_that_is_lost_is_made_again_and_the_tables_stand(desk: Desk) -> None:
    desk.code()
    for entry in [*desk.workspace.cache.rglob("*.json")]:
        entry.unlink()
    last = desk.published()
    plan = desk.plan(last)
    assert {step.why for step in plan.steps} == {"no result of it is kept, or it is damaged"}
    assert plan.reasons == ()
    assert "would stand" in plan_lines(plan, last)[-1]
    desk.code()
    assert nothing_new(plan, last, desk.plan(last).there)


def test_a_paper_that_failed_before_is_not_tried_again_unless_asked_for(desk: Desk) -> None:
    desk.code()
    stages, paper = PaperStages(desk.config), desk.corpus.papers[0]
    kept = stages.outcome(paper)
    issue = Issue(code="timed-out", stage="extract", paper="a.pdf", message="It took too long.", hint="")
    stages.keep(paper, msgspec.structs.replace(kept, issue=issue))
    plan = desk.plan(desk.published())
    assert [outcome.path for outcome in plan.failed_before] == ["a.pdf"]
    assert "      a.pdf: It took too long." in plan_lines(plan, desk.published())
    assert not nothing_new(plan, desk.published(), plan.there)
    again = plan_run(desk.corpus, desk.config, desk.workspace, desk.published(), retry=True)
    assert [paper.path for paper in again.todo] == ["a.pdf"]


def test_a_failure_is_told_under_the_name_that_the_paper_has_now(desk: Desk) -> None:
    stages, paper = PaperStages(desk.config), desk.corpus.papers[0]
    issue = Issue(code="timed-out", stage="extract", paper="a.pdf", message="It took too long.", hint="")
    stages.keep(paper, msgspec.structs.replace(code_one(stages, desk.workspace.corpus, paper), issue=issue))
    moved = stages.outcome(msgspec.structs.replace(paper, path="sub/a.pdf"))
    assert (moved.path, moved.issue.paper) == ("sub/a.pdf", "sub/a.pdf")


def test_a_file_that_could_not_be_opened_is_tried_in_each_run(desk: Desk) -> None:
    stages, paper = PaperStages(desk.config), desk.corpus.papers[0]
    (desk.workspace.corpus / "a.pdf").unlink()
    outcome = code_one(stages, desk.workspace.corpus, paper)
    assert outcome.issue.code == "file-unreadable"
    stages.keep(paper, outcome)
    assert stages.outcome(paper) is None


def test_other_kinds_of_files_are_a_reason_for_a_run(desk: Desk) -> None:
    desk.code()
    settings = msgspec.structs.replace(desk.config.settings, exports=("csv",))
    plan = desk.plan(desk.published(), replace(desk.config, settings=settings))
    assert (plan.todo, plan.reasons) == ((), ("other kinds of files are wanted",))


def test_of_many_papers_the_first_are_named_and_the_rest_counted(desk: Desk) -> None:
    plan = desk.plan(None)
    assert "      and 1 more" in plan_lines(plan, None, most=1)
