"""What a run cost: phases, sums over papers and stages, all attempts at a paper, issues by kind, peak memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from evitable.flows import costs, memory
from evitable.flows.costs import Phases, Usage, issue_kinds, run_costs, slowest, stage_cost, with_all_costs
from evitable.flows.stages import PaperKeys, PaperOutcome
from evitable.records import Issue
from support.faults import faulty_engines, faulty_paper
from support.reader import Reader

KEYS = PaperKeys(extract="ka", segment="kb", classify="kc", check="kd")


def fault(paper: str, code: str = "pdf-damaged", message: str = "The PDF is damaged.") -> Issue:
    return Issue(code=code, stage="extract", paper=paper, message=message, hint="Download it again.")


def outcome(path: str, *, fails: bool = False, cached: tuple[str, ...] = (), **seconds: float) -> PaperOutcome:
    return PaperOutcome(
        path=path,
        keys=KEYS,
        seconds=seconds,
        megabytes={stage: 100.0 + took for stage, took in seconds.items() if took},
        cached=cached,
        issue=fault(path) if fails else None,
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give a clock that stands still until a test sets it."""
    now = [0.0]
    monkeypatch.setattr(costs.time, "perf_counter", lambda: now[0])
    return now


# ----------------------------------------------------------------------------------------------------------- phases


def test_each_phase_has_its_time_in_the_order_in_which_they_began(clock: list[float]) -> None:
    phases = Phases()
    with phases("scan"):
        clock[0] += 2
    with phases("code"):
        clock[0] += 5
    assert list(phases.seconds.items()) == [("scan", 2), ("code", 5)]


def test_a_phase_within_another_is_not_counted_twice(clock: list[float]) -> None:
    phases = Phases()
    with phases("outer"):
        clock[0] += 1
        with phases("inner"):
            clock[0] += 10
            with phases("innermost"):
                clock[0] += 100
        clock[0] += 1
        with phases("inner"):
            clock[0] += 20
    assert phases.seconds == {"outer": 2, "inner": 30, "innermost": 100}


def test_a_phase_that_fails_is_counted_and_the_next_one_stands_for_itself(clock: list[float]) -> None:
    phases = Phases()

    def fail() -> None:
        with phases("scan"), phases("within"):
            clock[0] += 3
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    with phases("code"):
        clock[0] += 4
    assert phases.seconds == {"scan": 0, "within": 3, "code": 4}


def test_phases_go_on_from_those_of_another_process(clock: list[float]) -> None:
    phases = Phases({"scan": 1.5})
    with phases("export"):
        clock[0] += 2
    phases.add("scan", 1)
    assert phases.seconds == {"scan": 2.5, "export": 2}


def test_usage_of_two_processes_adds_up_and_their_peaks_do_not() -> None:
    main = Usage(cpu_main=10, cpu_workers=100, megabytes=300)
    both = main.and_then(Usage(cpu_main=1, cpu_workers=2, megabytes=200))
    assert both == Usage(cpu_main=11, cpu_workers=102, megabytes=300)
    assert both.since(main) == Usage(cpu_main=1, cpu_workers=2, megabytes=300)


def test_the_usage_of_this_process_is_known() -> None:
    sum(number * number for number in range(1_000_000))
    assert costs.usage().cpu_main > 0


# --------------------------------------------------------------------------------------------------- sums over papers


def test_a_stage_is_summed_over_the_papers_that_went_through_it() -> None:
    papers = [
        outcome("a.pdf", extract=1.0, check=0.5),
        outcome("b.pdf", extract=4.0),
        outcome("c.pdf", extract=1.5),
        outcome("d.pdf", extract=0.0, cached=("extract",)),
        outcome("e.pdf", cached=("extract", "check")),
    ]
    extract = stage_cost(papers, "extract")
    assert (extract.papers, extract.cached) == (3, 2)
    assert (extract.seconds, extract.median, extract.longest, extract.slowest) == (6.5, 1.5, 4.0, "b.pdf")
    assert (extract.megabytes, extract.largest) == (104.0, "b.pdf")
    assert stage_cost(papers, "check").papers == 1


def test_a_stage_that_no_paper_went_through_cost_nothing() -> None:
    nothing = stage_cost([outcome("a.pdf", cached=("extract",))], "extract")
    assert (nothing.papers, nothing.cached, nothing.seconds, nothing.median, nothing.longest) == (0, 1, 0, 0, 0)
    assert (nothing.slowest, nothing.megabytes, nothing.largest) == ("", 0, "")


def test_of_two_papers_that_cost_the_same_the_first_by_path_is_named_whatever_their_order() -> None:
    papers = [outcome("b.pdf", extract=2.0), outcome("a.pdf", extract=2.0)]
    for order in (papers, papers[::-1]):
        assert stage_cost(order, "extract").slowest == "a.pdf"
        assert stage_cost(order, "extract").largest == "a.pdf"
        assert [paper.path for paper in slowest(order)] == ["a.pdf", "b.pdf"]


def test_papers_are_done_or_cached_or_failed() -> None:
    papers = [
        outcome("done.pdf", extract=1.0),
        outcome("in-part.pdf", extract=0.0, check=2.0, cached=("extract",)),
        outcome("kept.pdf", cached=("extract", "segment", "classify", "check")),
        outcome("failed.pdf", fails=True, extract=3.0),
        outcome("failed-before.pdf", fails=True),
    ]
    made = run_costs(papers, {"code": 6.0}, Usage(cpu_main=1.234, cpu_workers=5.678, megabytes=200))
    assert (made.papers_done, made.papers_cached, made.papers_failed) == (2, 1, 2)
    assert (made.cpu_main, made.cpu_workers, made.megabytes_main, made.megabytes_worker) == (1.23, 5.68, 200, 103)
    assert made.phases == {"code": 6.0}
    assert list(made.stages) == ["extract", "segment", "classify", "check"]


def test_a_run_of_no_papers_cost_nothing() -> None:
    made = run_costs([], {}, Usage())
    assert (made.papers_done, made.papers_cached, made.papers_failed, made.megabytes_worker) == (0, 0, 0, 0)


def test_the_slowest_papers_come_longest_first_and_those_without_time_do_not_come() -> None:
    papers = [outcome(f"{n}.pdf", extract=float(n), check=0.1) for n in range(1, 9)] + [outcome("kept.pdf")]
    assert [paper.path for paper in slowest(papers)] == ["8.pdf", "7.pdf", "6.pdf", "5.pdf", "4.pdf"]
    assert slowest([outcome("kept.pdf", extract=0.0)]) == []


def test_a_paper_costs_what_all_attempts_at_it_cost() -> None:
    first = outcome("a.pdf", fails=True, extract=120.0)
    second = outcome("a.pdf", extract=3.0, segment=0.5)
    whole = with_all_costs(second, [first, second])
    assert whole.seconds == {"extract": 123.0, "segment": 0.5}
    assert whole.megabytes == {"extract": 220.0, "segment": 100.5}
    assert whole.issue is None


def test_a_stage_that_one_attempt_did_and_the_next_one_found_was_not_cached() -> None:
    first = outcome("a.pdf", fails=True, extract=2.0, classify=9.0)
    second = outcome("a.pdf", extract=0.0, segment=0.0, classify=1.0, cached=("extract", "segment"))
    assert with_all_costs(second, [first, second]).cached == ("segment",)


@pytest.mark.slow
def test_a_paper_that_hangs_or_fails_costs_what_was_spent_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faults").mkdir()
    faulty_engines(tmp_path / "faults")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "faults"))
    reader = Reader(tmp_path, "time_limit = 2\n")
    with reader.guard:
        hung = reader.read("hung.pdf", faulty_paper("one", pdfminer="hang"))
        torn = reader.read("torn.pdf", faulty_paper("two", pdfminer="damaged", pdfium="damaged"))
    assert hung.issue is None
    assert hung.seconds["extract"] > 2  # the engine that hung, and then the other one
    assert set(hung.seconds) == {"extract", "segment", "classify", "check"}
    assert torn.issue is not None
    assert set(torn.seconds) == {"extract"}
    if Path("/proc/self/clear_refs").exists():
        assert set(hung.megabytes) == {"extract", "segment", "classify", "check"}
        assert 10 < torn.megabytes["extract"] < 4000


# ---------------------------------------------------------------------------------------------------- issues by kind


def test_issues_are_counted_by_kind_the_most_frequent_first() -> None:
    issues = [fault(f"{letter}.pdf") for letter in "dbca"] + [fault("z.pdf", "duplicate", "The same as a.pdf.")]
    most, other = issue_kinds(issues)
    assert (most.code, most.count, most.first) == ("pdf-damaged", 4, ("a.pdf", "b.pdf", "c.pdf"))
    assert (most.message, most.hint) == ("The PDF is damaged.", "Download it again.")
    assert (other.code, other.count, other.first) == ("duplicate", 1, ("z.pdf",))
    assert issue_kinds(issues[::-1]) == (most, other)
    assert issue_kinds([]) == ()


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (
            ["No paper goes with this record: Pumps.", "No paper goes with this record: Wells."],
            "No paper goes with this record: …",
        ),
        (["Page 1 is empty.", "Page 2 is empty."], "Page 1 is empty."),
        (["It is damaged.", "It is damaged."], "It is damaged."),
    ],
)
def test_issues_that_differ_are_told_by_what_they_begin_with(messages: list[str], said: str) -> None:
    issues = [fault(f"{number}.pdf", message=message) for number, message in enumerate(messages)]
    assert [kind.message for kind in issue_kinds(issues)] == [said]


# ------------------------------------------------------------------------------------------------------- peak memory


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak of a part")
def test_the_peak_of_memory_is_that_of_the_part_that_was_asked_about() -> None:
    memory.start_peak()
    before = memory.peak_megabytes()
    held = b"x" * 80_000_000
    high = memory.peak_megabytes()
    assert high > before + 60
    del held
    memory.start_peak()
    assert memory.peak_megabytes() < high - 60


def test_where_the_system_tells_no_peak_of_a_part_it_is_that_of_the_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "_CLEAR", tmp_path / "none" / "clear_refs")
    monkeypatch.setattr(memory, "_STATUS", tmp_path / "status")
    memory.start_peak()
    whole = memory.peak_megabytes()
    assert whole > 10
    (tmp_path / "status").write_bytes(b"Name:\tpython\nVmHWM:\t    2048 kB\n")
    assert memory.peak_megabytes() == 2.0
    (tmp_path / "status").write_bytes(b"Name:\tpython\n")
    assert memory.peak_megabytes() == whole
