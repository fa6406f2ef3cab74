"""What is shown of a passage: all that its page says, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evitable.codebook import Code, Codebook
from evitable.decide.resolving import complete_by, standing
from evitable.decide.states import PassageState
from evitable.records import Basis, Coding, Decision, Document, MachineAnswer, Placement, Polarity, digest
from evitable.web import words
from evitable.web.boxes import pages
from evitable.web.paper import Work
from evitable.web.text import Context, context

_GIVEN = {"accept": "given", "add": "given", "unsure": "open"}
_BLIND = {"given": "Given by you", "open": "Left open by you", "none": "Not given"}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person said of a code.

    Attributes:
        coder: Name of the person.
        what: What, and when.
        note: With it.
        holds: Whether it is one of those that stand against each other.
    """

    coder: str
    what: str
    note: str
    holds: bool


@dataclass(frozen=True, slots=True)
class CodeView:
    """One code on a passage.

    Attributes:
        code: With its definition.
        dimension: Title of its dimension.
        ways: Whether it may facilitate or hinder.
        machine: What the machine says; empty for a coder who works blind.
        answer: The same as a word of the records; empty for a coder who works blind.
        words: Words that carried it, each once.
        basis: What the passage rests on.
        polarity: Which way it works.
        status: How far it has come, in words.
        kind: The status in a word: of the records, `machine` being what nobody has looked at; `open` for what a person
            has left open; for a coder who works blind `given`, `open` or `none`.
        otherwise: What the machine would now say, where people have decided otherwise.
        given: Whether it stands.
        note: The last note.
        voices: What people said of it, the latest first.
    """

    code: Code
    dimension: str
    ways: bool
    machine: str
    answer: MachineAnswer | str
    words: tuple[str, ...]
    basis: Basis
    polarity: Polarity | None
    status: str
    kind: str
    otherwise: str
    given: bool
    note: str
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text of a person's own choice inside a passage, or the passage round a stretch."""

    place: str
    quote: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageView:
    """All that the page of a passage says.

    Attributes:
        paper_id: Its paper.
        place: The passage, or what stands for it.
        kind: `passage`, `stretch` or `lost`.
        study: Short name of the study.
        path: The paper's file.
        section: Headings above it.
        labels: Printed labels of its pages.
        pages: Indices of its pages.
        start: First code point in the text; of the nearest text for lost text.
        end: One past the last.
        text: The text round it.
        old: For lost text, the quote that was decided on.
        likeness: For lost text, how alike the nearest text is, 0 to 100.
        codes: On it.
        parts: Stretches inside it, or the passage round it.
        complete: Who has read it in full, in words; empty for nobody.
        completed: Whether this coder has.
        revisions: The latest decisions by code, as far as this coder may see them.
        version: Short text that is another one when anything was decided on it that this coder may see.
        blind: Whether the coder works blind.
    """

    paper_id: str
    place: str
    kind: str
    study: str
    path: str
    section: tuple[str, ...]
    labels: tuple[str, ...]
    pages: tuple[int, ...]
    start: int
    end: int
    text: Context
    old: str
    likeness: float
    codes: tuple[CodeView, ...]
    parts: tuple[Part, ...]
    complete: str
    completed: bool
    revisions: dict[str, tuple[str, ...]]
    version: str
    blind: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and when.

    Attributes:
        coder: Name.
        blind: Whether this coder works blind here.
        now: The time.
    """

    coder: str
    blind: bool
    now: datetime

    @property
    def blind_for(self) -> str:
        """The coder whose blind decisions alone are seen; empty for who sees all."""
        return self.coder if self.blind else ""


def passage_view(
    work: Work, state: PassageState, document: Document, codebook: Codebook, viewer: Viewer
) -> PassageView:
    """Give what is shown of a passage.

    Args:
        work: Its paper.
        state: How far it has come.
        document: The paper's text.
        codebook: In force.
        viewer: A coder who works blind gets nothing of the machine's, and nothing of other people's.

    Raises:
        KeyError: The place is not of this paper.
    """
    placement = work.placement(state.place)
    if placement is None:
        raise KeyError(state.place)
    codings = () if viewer.blind else work.codings.get(state.place, ())
    shown = (
        _blind_codes(work, state.place, codebook, viewer)
        if viewer.blind
        else _codes(work, codings, state, codebook, viewer)
    )
    anchor = work.anchor(state.place) if state.kind == "lost" else None
    return PassageView(
        paper_id=work.paper.paper_id,
        place=state.place,
        kind=state.kind,
        study=work.paper.study,
        path=work.paper.path,
        section=placement.section,
        labels=placement.page_labels,
        pages=_pages(document, placement, anchor.page if anchor else 1),
        start=placement.start,
        end=placement.end,
        text=context(document, placement.start, placement.end, codings),
        old=anchor.quote if anchor else "",
        likeness=placement.likeness,
        codes=shown,
        parts=() if viewer.blind else _parts(work, state, codebook),
        complete="" if viewer.blind else _complete(state),
        completed=viewer.coder in (state.blind_by if viewer.blind else state.completed_by),
        revisions=work.revisions(state.place, viewer.blind_for),
        version=version_of(work, state.place, viewer.blind_for),
        blind=viewer.blind,
    )


def version_of(work: Work, place: str, blind_for: str = "") -> str:
    """Give a short text that is another one whenever a coder may see something new on a place."""
    return digest("v", *sorted(one for revision in work.revisions(place, blind_for).values() for one in revision))


def standing_words(work: Work, place: str, code: str, viewer: Viewer) -> str:
    """Say what stands on a code of a passage now; empty where nothing does."""
    return words.joined(standing(work.visible(place, code, viewer.blind_for)), viewer.now)


def _codes(
    work: Work, codings: Sequence[Coding], state: PassageState, codebook: Codebook, viewer: Viewer
) -> tuple[CodeView, ...]:
    left_open = {one.code for one in state.codes if one.left_open}
    found = []
    for coding in codings:
        code = codebook.by_name[coding.code]
        voices = _voices(work.visible(state.place, coding.code), viewer.now)
        is_open = coding.code in left_open
        found.append(
            CodeView(
                code=code,
                dimension=codebook.dimension_of(code.dimension).title,
                ways=codebook.has_polarity(code.name),
                machine=words.machine_words(coding),
                answer=coding.answer,
                words=tuple({span.text.casefold(): span.text for span in coding.words}.values()),
                basis=coding.basis,
                polarity=coding.polarity,
                status=words.status_words(coding, left_open=is_open),
                kind="open" if is_open else coding.status,
                otherwise=words.contradiction(coding),
                given=coding.given,
                note=coding.note,
                voices=voices if coding.status != "disputed" else (*voices, *_passed_over(work, coding)),
            )
        )
    return tuple(found)


def _blind_codes(work: Work, place: str, codebook: Codebook, viewer: Viewer) -> tuple[CodeView, ...]:
    """Give all codes of the codebook, with what this coder has said blind, and nothing else."""
    found = []
    for code in codebook.code:
        own = work.visible(place, code.name, viewer.blind_for)
        held = max(standing(own), key=lambda one: one.time, default=None)
        kind = _GIVEN.get(held.verdict, "none") if held else "none"
        found.append(
            CodeView(
                code=code,
                dimension=codebook.dimension_of(code.dimension).title,
                ways=codebook.has_polarity(code.name),
                machine="",
                answer="",
                words=(),
                basis=(held.basis if held else None) or "finding",
                polarity=held.polarity if held else None,
                status=_BLIND[kind],
                kind=kind,
                otherwise="",
                given=kind == "given",
                note=held.note if held else "",
                voices=(),
            )
        )
    return tuple(found)


def _voices(decisions: Sequence[Decision], now: datetime) -> tuple[Voice, ...]:
    held = {one.id for one in standing(decisions)}
    latest = sorted(decisions, key=lambda one: (one.time, one.id), reverse=True)
    return tuple(Voice(one.coder, words.decision_words(one, now), one.note, one.id in held) for one in latest)


def _passed_over(work: Work, coding: Coding) -> list[Voice]:
    """Give those who have read a passage in full, blind, and did not give it a code that another did."""
    said = {one.coder for one in work.visible(coding.passage_id, coding.code)}
    readers = complete_by(work.items.get((coding.passage_id, ""), ()), blind=True)
    return [
        Voice(coder, f"{coder} read the passage in full, blind, and did not give it", "", holds=True)
        for coder in sorted(readers - said)
    ]


def _parts(work: Work, state: PassageState, codebook: Codebook) -> tuple[Part, ...]:
    """Give the stretches inside a passage; for a stretch, the passage round it."""
    if state.kind == "stretch" and state.within:
        round_it = work.passages[state.within]
        return (Part(round_it.id, round_it.text, ()),)
    inside = [one for one in work.states if state.kind == "passage" and one.within == state.place]
    return tuple(
        Part(
            one.place, work.placements[one.place].quote, tuple(codebook.by_name[each.code].title for each in one.codes)
        )
        for one in inside
    )


def _complete(state: PassageState) -> str:
    people = sorted(state.completed_by | state.blind_by)
    return f"Read in full by {', '.join(people)}" if people else ""


def _pages(document: Document, placement: Placement, otherwise: int) -> tuple[int, ...]:
    if placement.end > placement.start:
        return tuple(pages(document, placement.start, placement.end)) or (otherwise,)
    return (otherwise,)
