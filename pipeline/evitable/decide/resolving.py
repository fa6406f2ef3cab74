"""What people's decisions come to: one answer for each code on each passage, or a dispute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from evitable.decide.placing import needs_text, place_anchors
from evitable.records import Decision, Document, Passage, Placement, Resolved, Status, Verdict

_YES: frozenset[Verdict] = frozenset({"accept", "add"})


def tips(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Give the latest decisions: those on which no other one is based.

    Args:
        decisions: Of one item, in any order.

    Returns:
        Sorted by id; several where copies of a review were worked on apart, or coders worked blind. None for none.
    """
    every = {decision.id: decision for decision in decisions}
    seen = {base for decision in every.values() for base in decision.base}
    return tuple(every[name] for name in sorted(every) if name not in seen)


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Give the decisions that hold: the latest ones, or where these take others back, what had held before those.

    Args:
        decisions: Of one item, in any order; what they are based on may be missing.

    Returns:
        Sorted by id, none of them an undo; none if all is taken back.
    """
    every = {decision.id: decision for decision in decisions}
    open_ones, found = list(tips(every.values())), {}
    while open_ones:
        decision = open_ones.pop()
        if decision.verdict != "undo":
            found[decision.id] = decision
            continue
        taken_back = [every[base] for base in decision.base if base in every]
        open_ones += [every[base] for one in taken_back for base in one.base if base in every]
    return tuple(found[name] for name in sorted(found))


def by_paper(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Gather decisions by paper id, in the order in which they come."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        found[decision.anchor.paper_id].append(decision)
    return dict(found)


def place_decisions(
    decisions: Sequence[Decision], passages: Sequence[Passage], text: Callable[[], Document | None]
) -> dict[str, Placement]:
    """Find where the decisions on one paper stand now.

    Args:
        decisions: On the paper.
        passages: Its passages of now.
        text: Gives its text of now; asked for only where a decision does not stand on a passage that is unchanged.

    Returns:
        Placements by `Anchor.place`; none for no decisions.
    """
    anchors = [decision.anchor for decision in decisions]
    document = text() if needs_text(anchors, passages) else None
    return place_anchors(anchors, passages, document)


def by_item(
    decisions: Iterable[Decision], placements: Mapping[str, Placement]
) -> dict[tuple[str, str], list[Decision]]:
    """Gather decisions by the place at which they stand now, and by code.

    Args:
        decisions: Of one paper.
        placements: By `Anchor.place`, as `place_anchors` gives them.

    Returns:
        Decisions by place and code, sorted by time and id; the code is empty for passages declared complete.
    """
    items: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for decision in sorted(decisions, key=lambda one: (one.time, one.id)):
        items[placements[decision.anchor.place].place, decision.code].append(decision)
    return dict(items)


def resolve(decisions: Iterable[Decision], placements: Mapping[str, Placement]) -> tuple[Resolved, ...]:
    """Tell what the decisions on one paper come to.

    The latest decision on an item holds, whoever made it, since it was made in sight of the others. Several latest ones
    (of blind coders, or of copies of a review) hold if they agree, and are a dispute if they do not; so is a code that
    one blind coder gave, and another did not give to a passage that this one has declared complete. Codings of lost
    text are orphaned, until somebody decides on them at another place, or rejects them.

    Args:
        decisions: Of one paper, in any order.
        placements: By `Anchor.place`, as `place_anchors` gives them.

    Returns:
        One answer for each code on each passage on which somebody has decided, sorted by place in the text and code;
        also where all was taken back, with the status `machine` and no coders. None for no decisions.
    """
    items = by_item(decisions, placements)
    placed = {placement.place: placement for placement in placements.values()}
    complete = {place: complete_by(said, blind=True) for (place, code), said in items.items() if not code}
    based: dict[str, list[Decision]] = defaultdict(list)
    for one in (one for said in items.values() for one in said):
        for base in one.base:
            based[base].append(one)
    found = [
        _resolved(place, code, said, placed[place], complete.get(place, frozenset()), _latest(said, based))
        for (place, code), said in items.items()
        if code and not (placed[place].found == "lost" and based.keys() >= {one.id for one in tips(said)})
    ]
    return tuple(sorted(found, key=lambda one: (one.placement.start, one.place, one.code)))


def complete_by(decisions: Iterable[Decision], *, blind: bool) -> frozenset[str]:
    """Give the coders who have declared a passage complete: each one's word holds, whoever did so later.

    Args:
        decisions: On one passage as a whole.
        blind: Whether those are meant who worked blind.
    """
    own: dict[str, list[Decision]] = defaultdict(list)
    for one in decisions:
        if one.blind == blind:
            own[one.coder].append(one)
    return frozenset(coder for coder, said in own.items() if any(one.verdict == "complete" for one in standing(said)))


def _latest(decisions: Sequence[Decision], based: Mapping[str, Sequence[Decision]]) -> tuple[Decision, ...]:
    """Give the latest decisions of the lines to which some belong, also where these have gone on at another place."""
    line = {one.id: one for one in decisions}
    ahead = list(decisions)
    while ahead:
        following = [one for one in based.get(ahead.pop().id, ()) if one.id not in line]
        line |= {one.id: one for one in following}
        ahead += following
    return tips(line.values())


def _resolved(
    place: str,
    code: str,
    decisions: Sequence[Decision],
    placement: Placement,
    complete: frozenset[str],
    latest: Sequence[Decision],
) -> Resolved:
    voices = sorted(standing(decisions), key=lambda one: (one.time, one.id))
    yes = [voice for voice in voices if voice.verdict in _YES]
    notes = [voice.note for voice in voices if voice.note]
    return Resolved(
        place=place,
        code=code,
        status=_status(voices, complete, lost=placement.found == "lost"),
        coders=tuple(sorted({voice.coder for voice in voices})),
        polarity=next((voice.polarity for voice in reversed(yes) if voice.polarity), None),
        basis=next((voice.basis for voice in reversed(yes) if voice.basis), None),
        note=notes[-1] if notes else "",
        revision=tuple(decision.id for decision in latest),
        placement=placement,
        anchor=decisions[-1].anchor,
    )


def _status(voices: Sequence[Decision], complete: frozenset[str], *, lost: bool) -> Status:
    """Give what voices come to; `complete` are the blind coders who passed over what they did not code."""
    answers = {_answer(voice) for voice in voices}
    if voices and all(voice.blind for voice in voices) and complete - {voice.coder for voice in voices}:
        answers.add("no")
    if lost and answers != {"no"}:
        return "orphaned"
    ways = {voice.polarity for voice in voices if voice.verdict in _YES and voice.polarity}
    if len(answers) > 1 or len(ways) > 1:
        return "disputed"
    match next(iter(answers), "unsure"):
        case "yes":
            return "corrected" if any(_corrects(voice) for voice in voices) else "accepted"
        case "no":
            return "rejected"
    return "machine"


def _answer(voice: Decision) -> str:
    if voice.verdict in _YES:
        return "yes"
    return "no" if voice.verdict == "reject" else "unsure"


def _corrects(voice: Decision) -> bool:
    """Tell whether a person said something else than the machine had said."""
    said = voice.said
    return bool(voice.replaces) or said is None or voice.polarity not in (None, said.polarity)
