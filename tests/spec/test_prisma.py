"""The numbers of the PRISMA 2020 flow diagram, as a reviewer would check them by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from evitable.aggregate.prisma import Counted, prisma
from evitable.aggregate.prisma_previous import Previous
from evitable.records import Prisma, PrismaSettings

READ = Counted(studies=10, reports=12, not_retrieved=None, not_readable=0)
SCREENED = {"databases": {"Scopus": 300, "Web of Science": 200}, "duplicates": 100, "excluded": 350}


def lines(diagram: Prisma, box: str) -> list[tuple[str, int | None, str]]:
    found = [each for each in diagram.boxes if each.name == box]
    return [(line.label, line.count, line.origin) for each in found for line in each.lines]


def number(diagram: Prisma, box: str) -> tuple[int | None, str]:
    """The first number of a box, and where it comes from."""
    return lines(diagram, box)[0][1:]


def test_without_any_numbers_of_ours_only_what_the_run_counted_stands_there() -> None:
    diagram = prisma(PrismaSettings(), READ)
    assert lines(diagram, "included") == [
        ("Studies included in review", 10, "counted"),
        ("Reports of included studies", 12, "counted"),
    ]
    others = [box for box in diagram.boxes if box.name != "included"]
    assert [box.name for box in others] == [
        "identified",
        "removed",
        "screened",
        "excluded",
        "sought",
        "not_retrieved",
        "assessed",
        "excluded_reports",
    ]
    assert all(line.count is None and line.origin == "not given" for box in others for line in box.lines)
    assert diagram.faults == ()


def test_records_screened_are_those_identified_less_those_removed() -> None:
    diagram = prisma(PrismaSettings(databases={"Scopus": 300}, registers={"OSF": 20}, duplicates=70), READ)
    assert number(diagram, "identified") == (320, "derived")
    assert number(diagram, "screened") == (250, "derived")


def test_every_database_and_register_is_named() -> None:
    diagram = prisma(PrismaSettings(databases={"Scopus": 300}, registers={"OSF": 20}), READ)
    assert lines(diagram, "identified")[1:] == [("Databases: Scopus", 300, "given"), ("Registers: OSF", 20, "given")]


def test_reports_sought_are_the_records_screened_less_those_excluded() -> None:
    diagram = prisma(PrismaSettings(**SCREENED), READ)
    assert number(diagram, "sought") == (50, "derived")


def test_a_number_that_we_give_stands_as_we_gave_it() -> None:
    diagram = prisma(PrismaSettings(**SCREENED, screened=400), READ)
    assert number(diagram, "screened") == (400, "given")
    assert diagram.faults == ()


def test_identified_records_follow_from_below_where_no_database_is_named() -> None:
    diagram = prisma(PrismaSettings(duplicates=30, screened=70), READ)
    assert number(diagram, "identified") == (100, "derived")


def test_reports_assessed_are_those_included_and_those_excluded() -> None:
    diagram = prisma(PrismaSettings(excluded_reports={"Wrong topic": 5, "No data": 3}), READ)
    assert number(diagram, "assessed") == (20, "derived")
    assert number(diagram, "excluded_reports") == (8, "derived")


def test_reference_records_without_a_pdf_are_reports_not_retrieved() -> None:
    diagram = prisma(PrismaSettings(**SCREENED), READ._replace(not_retrieved=7))
    assert number(diagram, "not_retrieved") == (7, "counted")
    assert number(diagram, "assessed") == (43, "derived")


def test_our_own_number_of_reports_not_retrieved_goes_before_the_counted_one() -> None:
    diagram = prisma(PrismaSettings(**SCREENED, not_retrieved=9), READ._replace(not_retrieved=7))
    assert number(diagram, "not_retrieved") == (9, "given")
    assert diagram.faults == ()


def test_without_reference_files_nobody_knows_what_was_not_retrieved() -> None:
    assert number(prisma(PrismaSettings(), READ), "not_retrieved") == (None, "not given")


def test_a_pdf_that_could_not_be_read_is_a_line_of_its_own_among_the_reports_excluded() -> None:
    diagram = prisma(PrismaSettings(excluded_reports={"Wrong topic": 5}), READ._replace(not_readable=2))
    assert lines(diagram, "excluded_reports") == [
        ("Reports excluded", 7, "derived"),
        ("Wrong topic", 5, "given"),
        ("Report could not be read by the program", 2, "counted"),
    ]
    assert number(diagram, "assessed") == (19, "derived")


def test_no_line_on_unreadable_reports_where_all_were_read() -> None:
    diagram = prisma(PrismaSettings(excluded_reports={"Wrong topic": 5}), READ)
    assert [label for label, _, _ in lines(diagram, "excluded_reports")] == ["Reports excluded", "Wrong topic"]


def test_reports_excluded_without_a_reason_given_are_said_to_be_so() -> None:
    diagram = prisma(PrismaSettings(assessed=20), READ._replace(not_readable=2))
    assert lines(diagram, "excluded_reports") == [
        ("Reports excluded", 8, "derived"),
        ("Reason not given", 6, "derived"),
        ("Report could not be read by the program", 2, "counted"),
    ]


def test_exclusions_by_people_and_by_automation_tools_are_told_apart() -> None:
    diagram = prisma(PrismaSettings(**SCREENED, excluded_by_automation=120), READ)
    assert lines(diagram, "excluded") == [
        ("Records excluded", 350, "given"),
        ("Records excluded by people", 230, "derived"),
        ("Records excluded by automation tools", 120, "given"),
    ]


def test_removals_before_screening_are_told_apart() -> None:
    diagram = prisma(PrismaSettings(duplicates=5, by_automation=6, removed_otherwise=7), READ)
    assert lines(diagram, "removed") == [
        ("Records removed before screening", 18, "derived"),
        ("Duplicate records removed", 5, "given"),
        ("Records marked as ineligible by automation tools", 6, "given"),
        ("Records removed for other reasons", 7, "given"),
    ]


def test_an_update_counts_the_new_studies_as_all_less_the_previous_ones() -> None:
    diagram = prisma(PrismaSettings(form="updated", previous_studies=6, previous_reports=7), READ)
    assert diagram.form == "updated"
    assert number(diagram, "previous") == (6, "given")
    assert lines(diagram, "included") == [
        ("New studies included in review", 4, "derived"),
        ("Reports of new included studies", 5, "derived"),
    ]
    assert [count for _, count, _ in lines(diagram, "total")] == [10, 12]


def test_an_update_whose_old_papers_are_elsewhere_adds_them_to_the_total() -> None:
    given_ = PrismaSettings(form="updated", previous_studies=6, previous_reports=7, previous_in_corpus=False)
    diagram = prisma(given_, READ)
    assert [count for _, count, _ in lines(diagram, "included")] == [10, 12]
    assert [(count, origin) for _, count, origin in lines(diagram, "total")] == [(16, "derived"), (19, "derived")]


def test_more_previous_studies_than_there_are_in_all_is_a_fault() -> None:
    diagram = prisma(PrismaSettings(form="updated", previous_studies=30, previous_reports=31), READ)
    assert diagram.faults[1] == (
        "Studies in the review are 10, as the run counted, but studies in the previous version are 30. "
        "Look at previous_studies and previous_in_corpus under [prisma]."
    )
    assert number(diagram, "included") == (None, "not given")


def test_numbers_of_a_previous_version_in_a_new_review_are_a_fault() -> None:
    diagram = prisma(PrismaSettings(previous_studies=6), READ)
    assert len(diagram.faults) == 1
    assert "form" in diagram.faults[0]
    assert lines(diagram, "previous") == []


def test_other_methods_have_their_own_column() -> None:
    given_ = PrismaSettings(
        other={"Websites": 8, "Citation searching": 4},
        other_not_retrieved=2,
        other_excluded={"Wrong topic": 3},
        excluded_reports={"No data": 1},
    )
    diagram = prisma(given_, READ)
    assert number(diagram, "other_identified") == (12, "derived")
    assert number(diagram, "other_sought") == (12, "derived")
    assert number(diagram, "other_assessed") == (10, "derived")
    # Seven of the twelve reports came by other methods, and so five from databases.
    assert number(diagram, "assessed") == (6, "derived")
    assert diagram.faults == ()


def test_without_other_methods_there_is_no_such_column() -> None:
    assert not any(box.name.startswith("other_") for box in prisma(PrismaSettings(**SCREENED), READ).boxes)


def test_papers_of_other_methods_that_could_not_be_read_stand_in_their_column() -> None:
    given_ = PrismaSettings(other={"Websites": 8}, other_not_readable=1)
    diagram = prisma(given_, READ._replace(not_readable=3))
    unread = "Report could not be read by the program"
    assert (unread, 2, "derived") in lines(diagram, "excluded_reports")
    assert (unread, 1, "given") in lines(diagram, "other_excluded_reports")


def test_a_sum_that_does_not_come_out_is_told_with_its_numbers_and_keys() -> None:
    diagram = prisma(PrismaSettings(**SCREENED, sought=40), READ)
    [fault] = diagram.faults
    assert fault == (
        "Records screened are 400, but records excluded (350) and reports sought for retrieval (40) make 390. "
        "Look at databases, duplicates, excluded and sought under [prisma]."
    )


def test_removing_more_records_than_were_identified_is_a_fault_and_gives_no_number() -> None:
    diagram = prisma(PrismaSettings(databases={"Scopus": 10}, duplicates=20), READ)
    [fault] = diagram.faults
    assert fault == (
        "Records identified from databases and registers are 10, but records removed before screening are 20. "
        "Look at databases and duplicates under [prisma]."
    )
    assert number(diagram, "screened") == (None, "not given")


def test_what_the_run_counted_is_named_in_a_fault() -> None:
    diagram = prisma(PrismaSettings(sought=20, assessed=15), READ._replace(not_retrieved=1))
    [fault] = diagram.faults
    assert fault == (
        "Reports sought for retrieval are 20, but reports not retrieved (1, as the run counted) and "
        "reports assessed for eligibility (15) make 16. Look at sought, not_retrieved and assessed under [prisma]."
    )


def test_more_automation_than_exclusions_is_a_fault() -> None:
    diagram = prisma(PrismaSettings(excluded=5, excluded_by_automation=9), READ)
    assert "excluded_by_automation" in diagram.faults[0]


def test_more_studies_than_reports_is_a_fault() -> None:
    diagram = prisma(PrismaSettings(form="updated", previous_studies=8, previous_reports=5), READ)
    [fault] = diagram.faults
    assert fault == (
        "Studies in the previous version are 8, but there are only 5 reports of them. "
        "Look at previous_studies and previous_reports under [prisma]."
    )


some = st.none() | st.integers(0, 60)
named = st.dictionaries(st.sampled_from(["One", "Two"]), st.integers(0, 60), max_size=2)
settings = st.builds(
    PrismaSettings,
    form=st.sampled_from(["new", "updated"]),
    previous_run=st.none() | st.just(3),
    previous_studies=some,
    previous_reports=some,
    previous_in_corpus=st.booleans(),
    databases=named,
    registers=named,
    duplicates=some,
    by_automation=some,
    removed_otherwise=some,
    screened=some,
    excluded=some,
    excluded_by_automation=some,
    sought=some,
    not_retrieved=some,
    assessed=some,
    excluded_reports=named,
    other=named,
    other_sought=some,
    other_not_retrieved=some,
    other_assessed=some,
    other_excluded=named,
    other_not_readable=st.integers(0, 3),
)


@st.composite
def versions(draw: st.DrawFn, studies: int, reports: int) -> Previous:
    """A previous version of which so many studies and reports are left that they fit into this run."""
    new_studies, new_reports = draw(st.integers(0, studies)), draw(st.integers(0, reports))
    gone = draw(st.lists(st.just("Okoro 2021"), max_size=2))
    gone_reports = draw(st.lists(st.just("okoro.pdf"), max_size=2))
    return Previous(
        run=3,
        studies=studies - new_studies + len(gone),
        reports=reports - new_reports + len(gone_reports),
        new_studies=new_studies,
        new_reports=new_reports,
        gone=tuple(gone),
        gone_reports=tuple(gone_reports),
    )


@st.composite
def counts(draw: st.DrawFn) -> Counted:
    studies, reports = draw(st.integers(0, 30)), draw(st.integers(30, 60))
    previous = draw(st.none() | versions(studies, reports))
    return Counted(studies, reports, draw(some), draw(st.integers(0, 5)), previous)


runs = counts()


@st.composite
def whole_reviews(draw: st.DrawFn) -> tuple[dict[str, Any], Counted]:
    """Take a review from its included reports upwards: all its numbers."""
    count = st.integers(0, 40)
    reports, unread, reasons, not_retrieved, excluded, removed = (draw(count) for _ in range(6))
    assessed = reports + unread + reasons
    sought = assessed + not_retrieved
    screened = sought + excluded
    whole = {
        "databases": {"Scopus": screened + removed},
        "duplicates": removed,
        "screened": screened,
        "excluded": excluded,
        "sought": sought,
        "not_retrieved": not_retrieved,
        "assessed": assessed,
        "excluded_reports": {"Wrong topic": reasons},
    }
    return whole, Counted(draw(st.integers(0, reports)), reports, None, unread)


def sums_of(diagram: Prisma) -> list[tuple[int, int]]:
    """Each box against those that it must come from, as whole and sum; only where all numbers are known."""
    first = {box.name: box.lines[0].count for box in diagram.boxes}
    flows = [
        ("identified", "removed", "screened"),
        ("screened", "excluded", "sought"),
        ("sought", "not_retrieved", "assessed"),
        ("other_sought", "other_not_retrieved", "other_assessed"),
        ("total", "previous", "included"),
    ]
    pairs = [(first.get(whole), [first.get(part) for part in parts]) for whole, *parts in flows]
    pairs += [
        (box.lines[0].count, [line.count for line in box.lines[1:]])
        for box in diagram.boxes
        if box.name not in ("previous", "included", "total") and len(box.lines) > 1
    ]
    reports = {box.name: box.lines[1].count for box in diagram.boxes if box.name in ("previous", "included", "total")}
    pairs.append((reports.get("total"), [reports.get("previous"), reports.get("included")]))
    flowed = [first.get("assessed"), first.get("other_assessed", 0)]
    dropped = [first.get("excluded_reports"), first.get("other_excluded_reports", 0)]
    if None not in flowed:
        pairs.append((sum(flowed), [*dropped, reports["included"]]))
    return [(whole, sum(parts)) for whole, parts in pairs if whole is not None and None not in parts]


@given(settings, runs)
def test_where_no_fault_is_named_all_numbers_that_are_known_add_up(given_: PrismaSettings, run: Counted) -> None:
    diagram = prisma(given_, run)
    assume(not diagram.faults)
    assert all(whole == made for whole, made in sums_of(diagram))


@given(settings, runs)
def test_no_number_is_below_nothing_and_only_unknown_ones_are_not_given(given_: PrismaSettings, run: Counted) -> None:
    all_lines = [line for box in prisma(given_, run).boxes for line in box.lines]
    assert all((line.count is None) == (line.origin == "not given") for line in all_lines)
    assert all(line.count is None or line.count >= 0 for line in all_lines)


@given(whole_reviews(), st.sets(st.integers(0, 7)))
def test_numbers_that_are_right_are_never_called_wrong(
    review: tuple[dict[str, Any], Counted], left_out: set[int]
) -> None:
    whole, run = review
    kept = {key: count for place, (key, count) in enumerate(whole.items()) if place not in left_out}
    diagram = prisma(PrismaSettings(**kept), run)
    assert diagram.faults == ()
    assert all(total == made for total, made in sums_of(diagram))


@given(whole_reviews(), st.integers(1, 5))
def test_a_wrong_number_among_complete_ones_is_found_on_both_sides(
    review: tuple[dict[str, Any], Counted], more: int
) -> None:
    whole, run = review
    diagram = prisma(PrismaSettings(**{**whole, "sought": whole["sought"] + more}), run)
    assert len(diagram.faults) == 2
    assert all("reports sought for retrieval" in fault.lower() for fault in diagram.faults)
