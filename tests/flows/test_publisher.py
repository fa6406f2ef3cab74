"""The process that publishes: begun before it is wanted, used once, and gone with the run."""

import shutil
from pathlib import Path

import msgspec
import pytest

from evitable.cli.run import _begin
from evitable.flows import publisher
from evitable.flows.config import run_config
from evitable.flows.planning import look_ahead
from evitable.flows.publisher import Ahead, begin_publisher, end_publishers
from evitable.flows.review import _job
from evitable.flows.stages import PaperKeys, PaperOutcome, PaperStages
from evitable.flows.worker import code_one, frame
from evitable.store import Workspace, open_workspace
from support.command_line import make_review
from support.papers import paper_pdf

KEYS = PaperKeys(extract="ka", segment="kb", classify="kc", check="kd")


@pytest.fixture
def ahead(tmp_path: Path) -> Ahead:
    workspace = Workspace(tmp_path)
    return Ahead(frame=frame(run_config(workspace), workspace.corpus, "check"), outcomes=())


@pytest.mark.parametrize("papers", [0, 2000])
def test_one_that_waits_for_nothing_ends_without_a_word(
    ahead: Ahead, capfd: pytest.CaptureFixture[str], papers: int
) -> None:
    outcomes = tuple(PaperOutcome(path=f"{number}.pdf", keys=KEYS) for number in range(papers))
    begin_publisher(msgspec.structs.replace(ahead, outcomes=outcomes))  # more than a pipe holds
    [waiting] = publisher._WAITING
    waiting.told.join(60)
    assert waiting.process.communicate(timeout=60) == (b"", None)
    end_publishers()
    assert (waiting.process.returncode, capfd.readouterr().err) == (0, "")


def test_the_one_that_was_begun_is_used_and_no_other_is_kept(ahead: Ahead) -> None:
    begin_publisher(ahead)
    [waiting] = publisher._WAITING
    with publisher._child() as process:
        assert process is waiting.process
        assert process.poll() is None
    assert process.returncode < 0
    assert not publisher._WAITING
    assert not publisher._RUNNING


def test_one_that_died_while_it_waited_is_replaced(ahead: Ahead) -> None:
    begin_publisher(ahead)
    [dead] = publisher._WAITING
    dead.process.kill()
    dead.process.wait(60)
    with publisher._child() as process:
        assert process is not dead.process
        assert process.poll() is None
    assert not publisher._RUNNING


def test_those_that_wait_are_ended_with_the_run(ahead: Ahead) -> None:
    begin_publisher(ahead)
    [waiting] = publisher._WAITING
    end_publishers()
    assert waiting.process.returncode < 0
    assert not publisher._WAITING


def test_what_was_loaded_ahead_is_what_the_run_publishes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_review(str(tmp_path / "review"), settings='title = "T"\nexports = ["csv"]\n')
    (root / "corpus" / "a.pdf").write_bytes(
        paper_pdf(["Residents and two officers walked the streets and wrote down what had to be mended first."])
    )
    config, plan = look_ahead(workspace := open_workspace(root))
    told: list[Ahead] = []
    monkeypatch.setattr(publisher, "begin_publisher", told.append)
    _begin(workspace, config, plan, "evidence")
    with _job(str(root), "evitable run") as job:
        outcome = code_one(PaperStages(job.config), root / "corpus", job.corpus.papers[0])
        assert outcome.issue is None
        assert told == [Ahead(frame=job.publication([outcome]).frame, outcomes=())]
    ahead = msgspec.structs.replace(told[0], outcomes=(outcome,))
    stages, known = publisher._loaded(msgspec.json.encode(ahead))
    shutil.rmtree(job.config.cache)
    assert known == ahead.frame
    assert stages is not None
    assert stages.all_results([outcome])["a.pdf"] is not None
    assert publisher._loaded(b"") == (None, None)
