"""How well coders agree, as tables, report, methods text and command show it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from itertools import product

import msgspec
import pytest

from evitable.aggregate import CodedPaper
from evitable.decide.agreement import agreement
from evitable.decide.disagreements import Disagreement, PaperAnswers, disagreements
from evitable.decide.placing import of_passage
from evitable.export.data_files import csv_for_people, data_package
from evitable.export.methods import methods_text
from evitable.export.report.agreement import agreement_view
from evitable.export.report.words import Lookup
from evitable.export.review import Review
from evitable.export.tables import coder_tables, look_up, tables_of
from evitable.export.tables.agreement import agreement_notes, agreement_sentences, interval_words, rough_notes
from evitable.records import (
    Agreement,
    CodeAgreement,
    Interval,
    Passage,
    Prediction,
    Resolved,
)
from evitable.store import Workspace, open_workspace
from evitable.store.decisions import open_decisions
from support.coders import coded, passage
from support.command_line import CODEBOOK, Command, assert_refused, make_review
from support.decisions import People, anchored
from support.evidence import coded_paper
from support.nasty import NASTY
from support.results import Result, publish_results
from support.review import small_review

SEASON = {"spring": "season", "food": "cause"}


@pytest.fixture(scope="module")
def double() -> Review:
    """The small review, of which two people have coded four passages blind."""
    review = small_review()
    codes = [code.name for code in review.codebook.code]
    blind, papers = [], {}
    for study in review.evidence.studies[:3]:
        [paper_id] = study.paper_ids
        passages = review.sources.passages(paper_id)
        said = [one for one in review.evidence.codings if one.paper_id == paper_id]
        predictions = [_said(one) for one in said]
        settled = [_settled(one) for one in passages[:1]] if study.key.startswith("Moeller") else []
        papers[paper_id] = PaperAnswers(study.study_id, passages, predictions, settled)
        for number, on in enumerate(passages[:2]):
            blind.append(coded("ada", on, "co_design", *(["group"] if number else [])))
            blind.append(coded("ben", on, *(["co_design", "group"] if number else [])))
    return replace(
        review,
        agreement=agreement(blind, papers, codes, "mtestmodel"),
        disagreements=disagreements(blind, papers, codes),
    )


def _said(one) -> Prediction:
    return Prediction(
        passage_id=one.passage_id,
        dimension=one.dimension,
        code=one.code,
        probability=one.probability,
        unsure=one.unsure,
        model_id="mtestmodel",
        codebook_version="c",
    )


def _settled(on: Passage) -> Resolved:
    return Resolved(
        place=on.id,
        code="co_design",
        status="accepted",
        coders=("cem",),
        revision=("d-later",),
        placement=of_passage(on),
        anchor=anchored(on),
    )


def read(review: Review) -> dict[str, list[dict[str, str]]]:
    """Give the CSV files for people: rows by heading, by the file's name."""
    return {name: list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")))) for name, data in csv_for_people(review)}


def test_the_agreement_table_has_the_mean_and_each_code_of_each_two_coders(double):
    rows = read(double)["evidence-agreement.csv"]
    codes = len(double.codebook.code)
    assert len(rows) == 3 * (1 + codes)
    assert [row["second"] for row in rows[:: 1 + codes]] == ["ben", "the machine", "the machine"]
    assert {row["model_id"] for row in rows if row["second"] == "the machine"} == {"mtestmodel"}
    assert rows[0]["code"] == "All codes (mean)"
    [row] = [row for row in rows if (row["second"], row["code_name"]) == ("ben", "co_design")]
    pair = double.agreement[0]
    assert [int(row[name]) for name in ("both", "first_only", "second_only", "neither")] == [1, 3, 0, 0]
    assert int(row["passages_coded"]) == pair.passages == 4
    assert float(row["raw"]) == 0.25
    assert row["kappa_from"] <= row["kappa"] <= row["kappa_to"]
    [never] = [row for row in rows if (row["second"], row["code_name"]) == ("ben", "collective")]
    assert (never["kappa"], never["alpha"], float(never["prevalence"])) == ("", "", 0)


def test_the_list_of_disagreements_names_study_page_people_and_outcome(double):
    rows = read(double)["evidence-disagreements.csv"]
    assert [(row["study"], row["page"], row["code_name"], row["outcome"]) for row in rows] == [
        ("Moeller 2018", "101", "co_design", "applies"),
        ("Nilsson 2015", "101", "co_design", "open"),
        ("Okoro 2021", "101", "co_design", "open"),
    ]
    assert {(row["yes"], row["no"]) for row in rows} == {("ada", "ben")}
    assert [row["machine"] for row in rows] == ["yes", "no", "no"]
    assert [row["settled_by"] for row in rows] == ["cem", "", ""]
    ids = {one.id for one in double.evidence.codings}
    assert rows[0]["coding_id"] in ids


def test_programs_get_the_same_tables_and_their_columns_are_explained(double):
    files = dict(data_package(double))
    assert {"data/evidence-agreement.csv", "data/evidence-disagreements.parquet"} <= set(files)
    described = {one["name"]: one for one in json.loads(files["data/datapackage.json"])["resources"]}
    names = {field["name"]: field["type"] for field in described["evidence-agreement"]["schema"]["fields"]}
    assert (names["kappa"], names["both"], names["first"]) == ("number", "integer", "string")


def test_tables_fit_their_columns(double):
    for table in coder_tables(look_up(double.evidence, double.codebook), double.agreement, double.disagreements):
        rows = list(table.rows)
        assert len(rows) == table.count > 0
        kinds = {"text": str, "number": int, "decimal": float, "share": float}
        for row in rows:
            for value, column in zip(row, table.columns, strict=True):
                assert type(value) is kinds[column.kind] or (value is None and column.kind == "decimal"), column.name


def test_the_sheets_stand_behind_the_list_to_verify(double):
    lookup = look_up(double.evidence, double.codebook)
    coders = coder_tables(lookup, double.agreement, double.disagreements)
    sheets = [table.sheet for table in tables_of(lookup, None, coders)]
    where = sheets.index("To verify")
    assert sheets[where + 1 : where + 3] == ["Agreement", "Disagreements"]


def test_without_blind_coding_there_is_no_table_and_no_section():
    review = small_review()
    assert not {"evidence-agreement.csv", "evidence-disagreements.csv"} & set(read(review))
    assert coder_tables(look_up(review.evidence, review.codebook), (), ()) == ()
    assert agreement_view((), (), Lookup(review)) is None
    assert agreement_notes(()) == []


def test_small_samples_are_named_rough_and_large_ones_are_not(double):
    [note] = rough_notes(double.agreement)
    assert note == (
        "Rough, with fewer than 50 passages or 5 studies: ada and ben (4 passages of 3 studies); "
        "ada and the machine (4 passages of 3 studies); ben and the machine (4 passages of 3 studies)."
    )
    assert {row["note"] for row in read(double)["evidence-agreement.csv"]} == {
        "rough: fewer than 50 passages or 5 studies"
    }
    large = tuple(msgspec.structs.replace(pair, passages=50, studies=5) for pair in double.agreement)
    assert rough_notes(large) == []
    assert {row["note"] for row in read(replace(double, agreement=large))["evidence-agreement.csv"]} == {""}
    few = [msgspec.structs.replace(large[0], studies=4), msgspec.structs.replace(large[0], passages=49)]
    assert [len(rough_notes([pair])) for pair in few] == [1, 1]


def test_the_machine_is_spoken_of_only_where_somebody_is_compared_with_it(double):
    assert any("machine" in note for note in agreement_notes(double.agreement))
    assert not any("machine" in note for note in agreement_notes(double.agreement[:1]))


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Interval(value=None), "not defined"),
        (Interval(value=0.625), "0.62"),
        (Interval(value=0.5, low=-0.001, high=1.0), "0.50 (0.00 to 1.00)"),
    ],
)
def test_a_figure_is_written_with_its_interval(figure, words):
    assert interval_words(figure) == words


def test_the_report_shows_the_codes_that_either_gave_and_open_disagreements_first(double):
    view = agreement_view(double.agreement, double.disagreements, Lookup(double))
    pair = view.pairs[0]
    assert (pair.first, pair.second, pair.sample) == ("ada", "ben", "4 passages of 3 studies")
    assert [code.title for code in pair.codes] == ["Co-design", "Group"]
    assert len(pair.unused) == len(double.codebook.code) - 2
    assert (view.total, view.open, view.double) == (3, 2, True)
    assert [one.outcome for one in view.disagreements] == ["open", "open", "applies"]


def said(review: Review) -> str:
    [(_, data)] = methods_text(review)
    return data.decode("utf-8")


def test_the_methods_text_tells_who_coded_how_much_and_what_became_of_disagreements(double):
    text = said(double)
    assert (
        "ada and ben each coded 4 passages of 3 studies in full, independently: neither saw the other's answers or the "
        "machine's. Mean of the 2 codes that either gave: raw agreement 0.62 ("
    ) in text
    assert "By code, kappa lies between 0.00 (Co-design) and 1.00 (Group)." in text
    assert (
        "3 disagreements among people, on 3 passages: 1 settled by a decision with the different answers in sight "
        "(by cem); 2 open."
    ) in text
    assert "ben and the machine, on 4 passages of 3 studies that ben coded in full without seeing any other" in text
    assert "[to be completed: whether the model had learnt from passages that were coded so]" in text
    assert "No independent double coding was done" not in text


def test_people_who_never_coded_the_same_passage_are_not_called_double_coders(double):
    alone = replace(double, agreement=double.agreement[1:], disagreements=())
    text = said(alone)
    assert "No independent double coding was done, so that agreement between coders was not measured." in text
    assert "ada and the machine, on 4 passages" in text
    assert "disagree" not in text


def test_two_who_agree_in_all_are_said_to():
    nothing = CodeAgreement(
        code="x",
        both=0,
        first_only=0,
        second_only=0,
        neither=1,
        raw=Interval(value=1.0),
        kappa=Interval(value=None),
        alpha=Interval(value=None),
        prevalence=0.0,
    )
    pair = Agreement(first="ada", second="ben", machine=False, passages=1, studies=1, codes=(nothing,), overall=nothing)
    first, second = agreement_sentences([pair], [], {})
    assert first.endswith(
        "each coded 1 passage of 1 study in full, independently: neither saw the other's answers or "
        "the machine's. No code was given by either."
    )
    assert second == "They disagreed on no code of any passage."


@pytest.mark.parametrize("name", NASTY)
def test_nasty_names_and_quotes_break_no_table_and_no_text(double, name):
    apart = tuple(msgspec.structs.replace(one, yes=(name,), quote=name) for one in double.disagreements)
    pairs = tuple(msgspec.structs.replace(pair, first=name) for pair in double.agreement)
    nasty = replace(double, agreement=pairs, disagreements=apart)
    rows = read(nasty)["evidence-disagreements.csv"]
    assert len(rows) == 3
    assert not any(value[:1] in "=+-@" and value for row in rows for value in row.values())
    assert said(nasty)


def test_records_come_back_from_json(double):
    for record in (*double.agreement, *double.disagreements):
        kind = Agreement if isinstance(record, Agreement) else Disagreement
        assert msgspec.json.decode(msgspec.json.encode(record), type=kind) == record


# The command.


@pytest.fixture
def coded_review(run: Command) -> Command:
    """A published review in `my-review`, of which ada and ben have coded both passages of one study blind."""
    first = coded_paper("heron", {"It was spring.": [("spring", "", 0.9)], "Seeds were there.": []}, dimensions=SEASON)
    second = coded_paper("plover", {"Nobody came.": []}, dimensions=SEASON)
    root = make_review("my-review", codebook=CODEBOOK)
    publish(open_workspace(root), first, second)
    people = People()
    one, two = first.passages
    people.decide("ada", "add", one, "spring", blind=True)
    people.decide("ada", "add", two, "food", blind=True, polarity="hinders")
    people.decide("ben", "add", one, "spring", blind=True)
    for coder, on in product(("ada", "ben"), (one, two)):
        people.decide(coder, "complete", on, "", blind=True)
    people.decide("cem", "accept", second.passages[0], "spring")
    open_decisions(open_workspace(root)).add(people.made)
    return run


def publish(workspace: Workspace, *papers: CodedPaper) -> None:
    """Leave what a published run leaves of papers."""
    results = (
        Result(one.paper.id, one.paper.path, f"s-{one.paper.id}", one.paper.path, one.passages, one.coding)
        for one in papers
    )
    publish_results(workspace, results)


def test_the_command_shows_each_two_coders_and_what_is_open(coded_review: Command) -> None:
    shown = coded_review("agreement", "my-review")
    assert (shown.code, shown.err) == (0, "")
    assert "ada and ben: 2 passages of 1 study" in shown.out
    assert "ben and the machine: 2 passages of 1 study" in shown.out
    assert re.search(r"Spring +│ +1 │ +0 │ +0 │ +1 │ +50 % │ +1.00 │ +1.00 │ +1.00", shown.out)
    assert "1 disagreement among people, on 1 passage: 1 open." in shown.out
    assert "heron.pdf, page 102, Food: yes: ada; no: ben" in shown.out
    assert "Given by neither: Food." in shown.out, "neither ben nor the machine"
    assert "plover" not in shown.out, "nobody coded it blind"


def test_the_command_gives_all_of_it_as_json(coded_review: Command) -> None:
    found = json.loads(coded_review("agreement", "my-review", "--json").out)
    assert [(pair["first"], pair["second"]) for pair in found["agreement"]] == [
        ("ada", "ben"),
        ("ada", "m1"),
        ("ben", "m1"),
    ]
    assert [one["code"] for one in found["disagreements"]] == ["food"]
    assert found["agreement"][0]["overall"]["raw"] == {"value": 0.75, "low": None, "high": None}


def test_without_blind_coding_the_command_says_how_to_begin(run: Command) -> None:
    make_review("my-review")
    shown = run("agreement", "my-review")
    assert shown.code == 0
    assert shown.out.startswith("Nobody has coded passages blind and in full yet")
    assert json.loads(run("agreement", "my-review", "--json").out) == {"agreement": [], "disagreements": []}


def test_blind_decisions_without_a_published_run_are_refused_with_what_to_do(run: Command) -> None:
    root = make_review("my-review")
    people = People()
    people.decide("ada", "complete", passage(1), "", blind=True)
    open_decisions(open_workspace(root)).add(people.made)
    assert_refused(run("agreement", "my-review"), "no published run", "evitable run")
