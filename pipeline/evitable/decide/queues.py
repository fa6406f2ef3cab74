"""In which order people take up passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from evitable.decide.ranking import usefulness
from evitable.decide.states import CodeState, PassageState
from evitable.errors import UserError
from evitable.records import Basis, MachineAnswer

__all__ = ["QUEUES", "CodeState", "PassageState", "Queue", "counts", "doubt", "least_given", "queue"]

Doubt = tuple[bool, bool, float]


class Answered(Protocol):
    """The machine's answer for a code: a `Coding` or a `CodeState`."""

    @property
    def code(self) -> str: ...
    @property
    def probability(self) -> float: ...
    @property
    def answer(self) -> MachineAnswer: ...
    @property
    def basis(self) -> Basis: ...


class Queue(NamedTuple):
    """A queue: its name in addresses, its title, and in a sentence or two what it is for."""

    name: str
    title: str
    help: str


QUEUES = (
    Queue(
        "uncertain",
        "Most uncertain",
        "What the machine is unsure of, the nearest to a yes first; then what it has given, the least probable first.",
    ),
    Queue(
        "useful",
        "Most useful",
        "Where most codings are to be expected: checked in this order, most are found soonest.",
    ),
    Queue("study", "By study", "What nobody has looked at yet, study by study, in the order of the text."),
    Queue("reading", "Reading in full", "Every passage that you have not declared complete, in the order of the text."),
    Queue("code", "By code", "What nobody has looked at yet, one code at a time, the most uncertain first."),
    Queue(
        "sample",
        "Random sample of the uncoded",
        "Passages on which the machine gave no code, drawn at random: without them nobody knows what it overlooks. "
        "Read each in full and declare it complete; do not skip any.",
    ),
    Queue(
        "blind",
        "Blind coding",
        "The same passages for every coder, without the machine's codes and without each other's: for agreement.",
    ),
    Queue("conflicts", "Conflicts", "Codes on which people disagree: look at both views, and settle it."),
    Queue("open", "Left open", "Codes that a person was unsure of: talk them over, and decide."),
    Queue("orphans", "Orphans", "Decisions whose text is not found in the paper any more."),
)
"""All queues, in the order of the front page."""

_CODES: dict[str, Callable[[CodeState], bool]] = {
    **dict.fromkeys(("uncertain", "useful", "study", "code"), lambda one: one.undecided),
    "conflicts": lambda one: one.status == "disputed",
    "open": lambda one: one.left_open,
    "orphans": lambda one: one.status == "orphaned",
}
"""Queues of passages on which there is something to be done about a code: about which."""
_WHOLE: dict[str, Callable[[PassageState, str], bool]] = {
    "reading": lambda one, coder: one.kind == "passage" and coder not in one.completed_by,
    "sample": lambda one, _: one.uncoded and not one.read,
    "blind": lambda one, coder: one.kind == "passage" and coder not in one.blind_by,
}
"""Queues of passages that are to be read in full: which ones are left for a coder."""


def least_given(answers: Iterable[Answered]) -> dict[str, float]:
    """Give the least probability with which the machine gives each code.

    A code is given from its own threshold on, which is not in the records: this stands in for it.
    """
    least: dict[str, float] = {}
    for one in answers:
        if one.answer == "yes" and one.probability < least.get(one.code, 2.0):
            least[one.code] = one.probability
    return least


def doubt(one: Answered, least: Mapping[str, float]) -> Doubt:
    """Rank an answer of the machine's by how much it needs a person, the smallest first.

    First what the machine is unsure of, by how close it is to a yes; then what it has given, by probability, the least
    first; then the same of passages on other work.

    Args:
        one: The answer.
        least: As `least_given` tells it of all answers.
    """
    if one.answer == "unsure":
        return one.basis == "mention", False, least.get(one.code, 1.0) - one.probability
    return one.basis == "mention", True, one.probability


def queue(name: str, passages: Sequence[PassageState], *, coder: str, study: str = "", code: str = "") -> list[int]:
    """Give the order of work in a queue; what is done already is left out.

    Blind coding and the sample come in the same order on every machine: they go by place, which is a hash of the text.

    Args:
        name: One of `QUEUES`.
        passages: All of the review, in the order of studies and texts.
        coder: Who works: in `reading` and `blind`, what this coder has read in full is done.
        study: Only passages of this study.
        code: Only passages on which there is work on this code; says nothing to queues of passages that are to be read
            in full (`reading`, `sample`, `blind`).

    Returns:
        Indices into `passages`; none for no work or no passages.

    Raises:
        UserError: There is no such queue.
    """
    left = _left(name, coder, code)
    chosen = [at for at, one in enumerate(passages) if (not study or one.study == study) and left(one)]
    match name:
        case "uncertain" | "code":
            return _by_doubt(passages, chosen, code)
        case "useful":
            return _by_worth(passages, chosen)
        case "sample":
            return _by_lot(passages, chosen)
        case "blind":
            return _mixed(passages, chosen)
    return chosen


def counts(passages: Sequence[PassageState], *, coder: str) -> dict[str, int]:
    """Give how many passages are left in each queue, by its name."""
    return {one.name: sum(map(_left(one.name, coder), passages)) for one in QUEUES}


def _left(name: str, coder: str, code: str = "") -> Callable[[PassageState], bool]:
    """Give the test whether there is work on a passage.

    Raises:
        UserError: There is no such queue.
    """
    if name in _WHOLE:
        whole = _WHOLE[name]
        return lambda passage: whole(passage, coder)
    if name not in _CODES:
        raise UserError(f"There is no queue {name!r}.", f"There are {', '.join(one.name for one in QUEUES)}.")
    wanted = _CODES[name]
    if code:
        return lambda passage: any(one.code == code and wanted(one) for one in passage.codes)
    return lambda passage: any(map(wanted, passage.codes))


def _by_doubt(passages: Sequence[PassageState], chosen: Sequence[int], code: str) -> list[int]:
    least = least_given(one for passage in passages for one in passage.codes)

    def rank(at: int) -> Doubt:
        work = (one for one in passages[at].codes if one.undecided and (not code or one.code == code))
        return min(doubt(one, least) for one in work)

    return sorted(chosen, key=rank)


def _by_worth(passages: Sequence[PassageState], chosen: Sequence[int]) -> list[int]:
    worth = usefulness([passages[at] for at in chosen])
    return [at for _, at in sorted(zip(worth, chosen, strict=True), key=lambda pair: -pair[0])]


def _by_lot(passages: Sequence[PassageState], chosen: Sequence[int]) -> list[int]:
    return sorted(chosen, key=lambda at: passages[at].place)


def _mixed(passages: Sequence[PassageState], chosen: Sequence[int]) -> list[int]:
    """Order by lot, as many passages that the machine has coded as others: otherwise codes would be too rare.

    In each score of passages they are shuffled, so that their order does not tell the coder which are which. What
    others have read blind comes first.
    """
    piles: dict[tuple[bool, bool], list[int]] = defaultdict(list)
    for at in _by_lot(passages, chosen):
        piles[not passages[at].blind_by, passages[at].uncoded].append(at)
    # Places are hashes: read backwards, they are another lot.
    ranked = [
        (new, number // 10, passages[at].place[::-1], at)
        for (new, _), pile in piles.items()
        for number, at in enumerate(pile)
    ]
    return [at for *_, at in sorted(ranked)]
