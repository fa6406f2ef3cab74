"""References matched to papers: by file, then DOI, then title."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evitable.bibliography import Matched, PaperFacts, match_references
from evitable.records import Reference

LONG = "Exercises at the kitchen table"
SUBTITLE = "Patients and physiotherapists co-producing rehabilitation at home"


def paper(path: str, title: str = "", doi: str = "") -> PaperFacts:
    return PaperFacts(path, title, doi)


def test_the_attached_file_goes_before_the_doi_and_the_doi_before_the_title() -> None:
    by_title = Reference(title=LONG)
    by_doi = Reference(title="Another title", doi="10.5555/ab.1")
    by_file = Reference(title="Yet another", file="a.pdf")
    facts = [paper("sub/a.pdf", LONG, "10.5555/ab.1")]
    assert match_references(facts, [by_title, by_doi, by_file]).by_path == {"sub/a.pdf": by_file}
    assert match_references(facts, [by_title, by_doi]).by_path == {"sub/a.pdf": by_doi}
    assert match_references(facts, [by_title]).by_path == {"sub/a.pdf": by_title}


def test_a_paper_that_has_the_doi_wins_over_one_that_only_has_the_title() -> None:
    record = Reference(title=LONG, doi="10.5555/ab.1")
    matched = match_references([paper("a.pdf", LONG), paper("b.pdf", "", "10.5555/ab.1")], [record])
    assert matched.by_path == {"b.pdf": record}


def test_the_attached_file_is_found_in_any_sub_folder_and_letter_case() -> None:
    record = Reference(title="x", file="Devi-2014.PDF")
    assert match_references([paper("india/devi-2014.pdf")], [record]).by_path == {"india/devi-2014.pdf": record}


def test_the_attached_file_is_found_however_its_accents_are_written() -> None:
    record = Reference(title="x", file="M\u00fcller-2014.pdf")
    assert match_references([paper("Mu\u0308ller-2014.pdf")], [record]).by_path == {"Mu\u0308ller-2014.pdf": record}


@pytest.mark.parametrize(
    "printed",
    [
        LONG,
        LONG.upper(),
        "Exercises at the kitchen-table.",
        " Exercises  at the Kitchen Table ",
        "Excercises at the kitchen table",
    ],
)
def test_titles_match_whatever_their_case_marks_and_small_slips(printed: str) -> None:
    record = Reference(title=LONG)
    assert match_references([paper("a.pdf", printed)], [record]).by_path == {"a.pdf": record}


@pytest.mark.parametrize("printed", ["Exercises at the garden fence", "Kitchen tables of Bologna", "", "???"])
def test_titles_that_differ_do_not_match(printed: str) -> None:
    record = Reference(title=LONG)
    assert match_references([paper("a.pdf", printed)], [record]) == Matched({}, (record,))


@pytest.mark.parametrize("printed", [f"{LONG}, part 2", f"{LONG}, part II", LONG])
def test_titles_with_other_numbers_do_not_match(printed: str) -> None:
    record = Reference(title=f"{LONG}, part 1")
    assert match_references([paper("a.pdf", printed)], [record]).by_path == {}


def test_a_title_without_its_subtitle_stands_for_the_whole() -> None:
    record = Reference(title=f"{LONG}: {SUBTITLE}")
    assert match_references([paper("a.pdf", LONG)], [record]).by_path == {"a.pdf": record}


def test_a_title_without_its_subtitle_does_not_choose_between_two_records() -> None:
    records = [Reference(title=f"{LONG}: {SUBTITLE}"), Reference(title=f"{LONG}: {SUBTITLE[::-1]}")]
    assert match_references([paper("a.pdf", LONG)], records).by_path == {}


def test_one_short_word_does_not_stand_for_a_whole_title() -> None:
    record = Reference(title=f"Water: {SUBTITLE}")
    assert match_references([paper("a.pdf", "Water")], [record]).by_path == {}


def test_a_record_goes_with_one_paper_only() -> None:
    record = Reference(title=LONG, doi="10.5555/ab.1", file="a.pdf")
    facts = [paper("a.pdf", LONG, "10.5555/ab.1"), paper("b.pdf", LONG, "10.5555/ab.1"), paper("sub/a.pdf", LONG)]
    assert match_references(facts, [record]) == Matched({"a.pdf": record}, ())


def test_two_records_of_one_work_leave_one_over() -> None:
    first, second = Reference(title=LONG, source="record 1"), Reference(title=LONG, source="record 2")
    assert match_references([paper("a.pdf", LONG)], [first, second]) == Matched({"a.pdf": first}, (second,))


def test_records_without_a_paper_are_left_over_in_file_order() -> None:
    records = [Reference(title=title) for title in ("Water", "Earth", "Fire", LONG, "Air")]
    matched = match_references([paper("a.pdf", LONG)], records)
    assert [reference.title for reference in matched.left_over] == ["Water", "Earth", "Fire", "Air"]


def test_nothing_to_match_gives_nothing() -> None:
    record = Reference(title=LONG)
    assert match_references([], []) == Matched({}, ())
    assert match_references([], [record]) == Matched({}, (record,))
    assert match_references([paper("a.pdf", LONG)], []) == Matched({}, ())


SUBJECTS = ("Water committees", "Parents in class", "Police patrols", "Peer support", "Waste sorting", "Park keepers")
PLACES = ("of Odisha", "after the flood in Porto", "under new management", "and their neighbours", "at Nairobi's edge")


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[PaperFacts], list[Reference]]:
    """Papers whose titles are unique, and records that know some of them by file, DOI or title."""
    chosen = draw(st.lists(st.sampled_from(range(len(SUBJECTS))), unique=True, min_size=1))
    facts, records = [], []
    for index in chosen:
        title = f"{SUBJECTS[index]} {PLACES[index % len(PLACES)]}"
        facts.append(PaperFacts(f"{index}.pdf", title, f"10.5555/{index}"))
        known = draw(st.sets(st.sampled_from(["file", "doi", "title"])))
        if known:
            records.append(
                Reference(
                    title=title if "title" in known else "",
                    doi=f"10.5555/{index}" if "doi" in known else "",
                    file=f"{index}.pdf" if "file" in known else "",
                )
            )
    return facts, records


@settings(derandomize=True, deadline=None)
@given(st.data())
def test_the_order_of_papers_does_not_change_what_is_matched(data: st.DataObject) -> None:
    facts, records = data.draw(corpora())
    other = data.draw(st.permutations(facts))
    assert match_references(other, records) == match_references(facts, records)


@settings(derandomize=True, deadline=None)
@given(corpora())
def test_every_record_that_knows_a_paper_is_matched_to_it(corpus: tuple[list[PaperFacts], list[Reference]]) -> None:
    facts, records = corpus
    matched = match_references(facts, records)
    assert matched.left_over == ()
    assert len(matched.by_path) == len(records)
    for path, record in matched.by_path.items():
        (facts_of,) = [facts_of for facts_of in facts if facts_of.path == path]
        assert record.file == path or record.doi == facts_of.doi or record.title == facts_of.title
