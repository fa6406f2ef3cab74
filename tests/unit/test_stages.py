"""What decides whether a paper's result may be used again."""

import hashlib
import shutil
from dataclasses import replace

import msgspec
import pytest

from evitable.flows import stages
from evitable.flows.config import shipped_config
from evitable.flows.stages import PaperStages
from evitable.flows.worker import code_one
from evitable.records import Paper, Reference, paper_id
from support.papers import paper_pdf

DATA = paper_pdf(["Residents and two officers walked through the streets and wrote down what had to be mended first."])
SHA = hashlib.sha256(DATA).hexdigest()
PAPER = Paper(id=paper_id(SHA), path="a.pdf", sha256=SHA)


@pytest.fixture
def config(tmp_path):
    return shipped_config(tmp_path / "cache")


def test_the_same_paper_under_another_name_has_the_same_keys(config):
    assert PaperStages(config).keys(PAPER) == PaperStages(config).keys(msgspec.structs.replace(PAPER, path="sub/b.pdf"))


@pytest.mark.parametrize(("library", "stage"), [("pdfminer.six", "extract"), ("spacy", "segment")])
def test_a_new_version_of_an_engine_makes_results_anew(config, monkeypatch, library, stage):
    before = PaperStages(config).keys(PAPER)
    monkeypatch.setattr(stages, "_installed", lambda name: "99" if name == library else stages.version(name))
    after = PaperStages(config).keys(PAPER)
    assert getattr(after, stage) != getattr(before, stage)
    assert after.classify != before.classify


@pytest.mark.parametrize("library", ["pypdfium2", "rapidfuzz", "spacy"])
def test_quotes_are_checked_anew_with_each_new_version_of_what_checks_them_or_makes_them(config, monkeypatch, library):
    before = PaperStages(config).keys(PAPER)
    monkeypatch.setattr(stages, "_installed", lambda name: "99" if name == library else stages.version(name))
    assert PaperStages(config).keys(PAPER).check != before.check


@pytest.mark.parametrize("change", ["settings", "model", "title"])
def test_settings_model_and_title_make_codings_anew(config, change):
    before = PaperStages(config).keys(PAPER)
    paper, other = PAPER, config
    if change == "settings":
        other = replace(config, settings=msgspec.structs.replace(config.settings, nlp="other"))
    elif change == "model":
        other = replace(config, model_id="m2")
    else:
        paper = msgspec.structs.replace(PAPER, reference=Reference(title="Another title"))
    after = PaperStages(other).keys(paper)
    assert after.extract == before.extract
    assert after.classify != before.classify


def test_a_file_that_was_replaced_since_it_was_found_is_not_kept_under_the_old_hash(config, tmp_path):
    (tmp_path / "a.pdf").write_bytes(paper_pdf(["Another paper altogether."]))
    reader = PaperStages(config, "extract")
    outcome = code_one(reader, tmp_path, PAPER)
    assert outcome.issue is not None
    assert outcome.issue.code == "file-changed"
    assert reader.look_up(PAPER) is None


def test_a_paper_that_was_read_is_found_again(config, tmp_path):
    (tmp_path / "a.pdf").write_bytes(DATA)
    reader = PaperStages(config, "segment")
    assert code_one(reader, tmp_path, PAPER).issue is None
    assert reader.look_up(PAPER).cached == ("extract", "segment")
    assert PaperStages(config).look_up(PAPER) is None
    assert code_one(PaperStages(config), tmp_path, PAPER).cached == ("extract", "segment")
    assert PaperStages(config).look_up(PAPER).cached == ("extract", "segment", "classify", "check")


def test_results_that_are_held_are_given_once_the_cache_has_lost_them(config, tmp_path):
    (tmp_path / "a.pdf").write_bytes(DATA)
    reader = PaperStages(config)
    outcome = code_one(reader, tmp_path, PAPER)
    lost = msgspec.structs.replace(outcome, path="b.pdf", keys=msgspec.structs.replace(outcome.keys, check="k"))
    reader.hold([lost, outcome])
    expected = PaperStages(config).all_results([outcome])
    shutil.rmtree(tmp_path / "cache")
    assert reader.all_results([outcome, lost]) == expected | {"b.pdf": None}
    assert PaperStages(config).all_results([outcome]) == {"a.pdf": None}


def test_the_text_alone_is_that_of_the_whole_paper(config, tmp_path):
    (tmp_path / "a.pdf").write_bytes(DATA)
    reader = PaperStages(config, "extract")
    keys = code_one(reader, tmp_path, PAPER).keys
    whole, alone = reader.document(keys), reader.text(keys)
    assert whole.text
    assert (alone.paper_id, alone.text, alone.extractor) == (whole.paper_id, whole.text, whole.extractor)
    shutil.rmtree(tmp_path / "cache")
    assert reader.text(keys) is None
