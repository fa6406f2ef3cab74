"""The numbers of a flow diagram: given, counted, or worked out from their neighbours; and whether they add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from evitable.aggregate.prisma_previous import Previous, previous_faults
from evitable.records import PrismaSettings


class Counted(NamedTuple):
    """What the run counted.

    Attributes:
        studies: Studies in the study table.
        reports: Papers that were read.
        not_retrieved: Reference records without a PDF; None where there is no reference file.
        not_readable: PDFs that could not be read.
        previous: The previous version, if a run is named that was published as such.
    """

    studies: int
    reports: int
    not_retrieved: int | None
    not_readable: int
    previous: Previous | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number, where it comes from, and the keys of `review.toml` by which people can change it."""

    count: int
    origin: Literal["given", "counted", "derived"]
    keys: tuple[str, ...] = ()


Known = dict[str, Number]
"""Numbers by name, as in `_WORDS`; one that is not known is not there."""


class _Sum(NamedTuple):
    """A quantity and those that it is the sum of."""

    whole: str
    parts: tuple[str, ...]


_WORDS = {
    "identified": "records identified from databases and registers",
    "removed": "records removed before screening",
    "screened": "records screened",
    "excluded": "records excluded",
    "excluded_by_people": "records excluded by people",
    "excluded_by_automation": "records excluded by automation tools",
    "sought": "reports sought for retrieval",
    "all_not_retrieved": "reference records without a PDF",
    "not_retrieved": "reports not retrieved",
    "assessed": "reports assessed for eligibility",
    "excluded_reports": "reports excluded",
    "reasons": "reports excluded for a reason",
    "all_not_readable": "papers that the program could not read",
    "not_readable": "reports that the program could not read",
    "reports": "reports included from databases and registers",
    "other_identified": "records identified by other methods",
    "other_sought": "reports of other methods sought for retrieval",
    "other_not_retrieved": "reports of other methods not retrieved",
    "other_assessed": "reports of other methods assessed for eligibility",
    "other_excluded_reports": "reports of other methods excluded",
    "other_reasons": "reports of other methods excluded for a reason",
    "other_not_readable": "reports of other methods that the program could not read",
    "other_reports": "reports included from other methods",
    "new_studies": "studies included",
    "new_reports": "reports of studies included",
    "previous_studies": "studies in the previous version",
    "previous_reports": "reports of studies in the previous version",
    "total_studies": "studies in the review",
    "total_reports": "reports of all studies in the review",
}

_SUMS = (
    _Sum("identified", ("removed", "screened")),
    _Sum("excluded", ("excluded_by_people", "excluded_by_automation")),
    _Sum("screened", ("excluded", "sought")),
    _Sum("other_identified", ("other_sought",)),
    _Sum("other_sought", ("other_not_retrieved", "other_assessed")),
    _Sum("all_not_retrieved", ("not_retrieved", "other_not_retrieved")),
    _Sum("all_not_readable", ("not_readable", "other_not_readable")),
    _Sum("sought", ("not_retrieved", "assessed")),
    _Sum("excluded_reports", ("reasons", "not_readable")),
    _Sum("other_excluded_reports", ("other_reasons", "other_not_readable")),
    _Sum("total_reports", ("previous_reports", "new_reports")),
    _Sum("total_studies", ("previous_studies", "new_studies")),
    _Sum("new_reports", ("reports", "other_reports")),
    _Sum("assessed", ("excluded_reports", "reports")),
    _Sum("other_assessed", ("other_excluded_reports", "other_reports")),
)
"""From top to bottom, which is the order in which numbers are worked out."""

_TOTALS = frozenset({"total_studies", "total_reports"})
"""What left the review stands between these and their parts, and PRISMA has no box for it."""


def prisma_numbers(given: PrismaSettings, counted: Counted) -> tuple[Known, tuple[str, ...]]:
    """Give all numbers that are known, and a sentence for each that fits no other.

    Args:
        given: `[prisma]` of `review.toml`; its numbers stand as they are.
        counted: What the run counted; stands where people gave nothing.
    """
    known = _given(given) | _counted(given, counted)
    faults = _solve(known, _TOTALS if _told_apart(given, counted) else frozenset())
    return known, (*faults, *_misfits(given, known), *_changed_since(given, counted))


def has_other(given: PrismaSettings) -> bool:
    """Tell whether anything is said of other methods than databases and registers."""
    numbers = (given.other_sought, given.other_not_retrieved, given.other_assessed)
    named = given.other or given.other_excluded or given.other_not_readable
    return bool(named or any(number is not None for number in numbers))


def _given(given: PrismaSettings) -> Known:
    """Collect what people gave."""
    removed = {
        key: count
        for key in ("duplicates", "by_automation", "removed_otherwise")
        if (count := getattr(given, key)) is not None
    }
    sources = {"databases": given.databases, "registers": given.registers}
    totals = {
        "identified": (_total(*sources.values()), tuple(key for key, counts in sources.items() if counts)),
        "removed": (_total(removed), tuple(removed)),
        "reasons": (_total(given.excluded_reports), ("excluded_reports",)),
        "other_identified": (_total(given.other), ("other",)),
        "other_reasons": (_total(given.other_excluded), ("other_excluded",)),
    }
    known = {name: Number(count, "derived", keys) for name, (count, keys) in totals.items() if count is not None}
    keys = ["screened", "excluded", "excluded_by_automation", "sought", "not_retrieved", "assessed"]
    keys += ["other_sought", "other_not_retrieved", "other_assessed", "other_not_readable"]
    keys += ["previous_studies", "previous_reports"] if given.updated else []
    return known | {key: Number(count, "given", (key,)) for key in keys if (count := getattr(given, key)) is not None}


def _total(*parts: Mapping[str, int]) -> int | None:
    """Add up named parts; None where none is named."""
    return sum(sum(part.values()) for part in parts) if any(parts) else None


def _counted(given: PrismaSettings, counted: Counted) -> Known:
    """Collect what the run counted, and what is none because the diagram has no place for it."""
    known = {"all_not_readable": Number(counted.not_readable, "counted")}
    if counted.not_retrieved is not None and given.not_retrieved is None:
        known["all_not_retrieved"] = Number(counted.not_retrieved, "counted", ("not_retrieved",))
    if not has_other(given):
        known |= {f"other_{name}": Number(0, "derived") for name in ("not_retrieved", "not_readable", "reports")}
    return known | _versions(given, counted)


def _versions(given: PrismaSettings, counted: Counted) -> Known:
    """Collect studies and reports of the previous version, of this one, and those that are new."""
    whole = "total" if given.updated and given.previous_in_corpus else "new"
    before = counted.previous
    keys = ("previous_in_corpus",) if given.updated and not before else ()
    known = {
        f"{whole}_studies": Number(counted.studies, "counted", keys),
        f"{whole}_reports": Number(counted.reports, "counted", keys),
    }
    if before and given.previous_in_corpus:
        known["new_studies"] = Number(before.new_studies, "counted")
        known["new_reports"] = Number(before.new_reports, "counted")
    if before and given.previous_studies is None:
        known["previous_studies"] = Number(before.studies, "counted")
    if before and given.previous_reports is None:
        known["previous_reports"] = Number(before.reports, "counted")
    return known


def _solve(known: Known, untold: frozenset[str]) -> list[str]:
    """Work out what can be worked out, into `known`; give a sentence for each sum that does not come out.

    Sums into one of `untold` get no sentence.
    """
    faults: dict[_Sum, str] = {}
    settled = -1
    while settled != len(known) + len(faults):
        settled = len(known) + len(faults)
        for sum_ in _SUMS:
            unknown = [name for name in (sum_.whole, *sum_.parts) if name not in known]
            if len(unknown) == 1 and sum_ not in faults:
                _work_out(known, sum_, unknown[0], faults)
    for sum_ in _SUMS:
        if known.keys() >= {sum_.whole, *sum_.parts}:
            made = sum(known[part].count for part in sum_.parts)
            if made != known[sum_.whole].count:
                faults[sum_] = _sentence(known, sum_.whole, sum_.parts)
    return [faults[sum_] for sum_ in _SUMS if sum_ in faults and sum_.whole not in untold]


def _work_out(known: Known, sum_: _Sum, name: str, faults: dict[_Sum, str]) -> None:
    """Work out the one number of a sum that is not known; what would be less than nothing is a fault."""
    rest = [part for part in sum_.parts if part != name]
    made = sum(known[part].count for part in rest)
    terms = [known[other] for other in (sum_.whole, *sum_.parts) if other != name]
    keys = tuple(dict.fromkeys(key for term in terms for key in term.keys))
    if name == sum_.whole:
        known[name] = Number(made, "derived", keys)
    elif known[sum_.whole].count < made:
        faults[sum_] = _sentence(known, sum_.whole, rest)
    else:
        # Nothing taken off a count leaves a count: all papers that could not be read came from databases.
        same = made == 0 and known[sum_.whole].origin == "counted"
        known[name] = Number(known[sum_.whole].count - made, "counted" if same else "derived", keys)


def _sentence(known: Known, whole: str, parts: Sequence[str]) -> str:
    """Say that a whole and its parts do not fit, with all numbers and the keys to look at."""
    named = [part for part in parts if known[part].count or known[part].keys] or list(parts)
    made = sum(known[part].count for part in named)
    if len(named) == 1:
        rest = f"{_WORDS[named[0]]} are {_said(known[named[0]])}"
    else:
        rest = f"{_joined([f'{_WORDS[part]} ({_said(known[part])})' for part in named])} make {made:,}"
    keys = {key for name in (whole, *named) for key in known[name].keys}
    return f"{_capital(_WORDS[whole])} are {_said(known[whole])}, but {rest}.{_look_at(keys)}"


def _look_at(keys: set[str]) -> str:
    named = [key for key in PrismaSettings.__struct_fields__ if key in keys]
    return f" Look at {_joined(named)} under [prisma]." if named else ""


def _said(number: Number) -> str:
    return f"{number.count:,}, as the run counted" if number.origin == "counted" else f"{number.count:,}"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _misfits(given: PrismaSettings, known: Known) -> Iterator[str]:
    """Name numbers that stand in no common sum, yet cannot both be right."""
    for version in ("previous", "new"):
        studies, reports = known.get(f"{version}_studies"), known.get(f"{version}_reports")
        if studies and reports and studies.count > reports.count:
            words, look = _capital(_WORDS[f"{version}_studies"]), _look_at({*studies.keys, *reports.keys})
            yield f"{words} are {_said(studies)}, but there are only {reports.count:,} reports of them.{look}"
    previous = given.previous_studies or given.previous_reports
    if not given.updated and previous:
        yield (
            f"A previous version with {previous:,} studies or reports is given, but the diagram of a new review has no "
            f"place for it.{_look_at({'form', 'previous_studies', 'previous_reports'})}"
        )


def _told_apart(given: PrismaSettings, counted: Counted) -> bool:
    """Tell whether all of the previous version is counted: then it is known by name why it does not add up."""
    numbers = (given.previous_studies, given.previous_reports)
    return counted.previous is not None and given.previous_in_corpus and numbers == (None, None)


def _changed_since(given: PrismaSettings, counted: Counted) -> Iterator[str]:
    """Say where the previous version, as it was published, does not go into the boxes."""
    before = counted.previous
    if before is None:
        return
    for key, count in (("previous_studies", before.studies), ("previous_reports", before.reports)):
        number = getattr(given, key)
        if number is not None and number != count:
            look = _look_at({"previous_run", key})
            yield f"{_capital(_WORDS[key])} are {number:,}, but run {before.run} had {count:,}.{look}"
    if given.previous_in_corpus:
        yield from previous_faults(before, counted.studies)
