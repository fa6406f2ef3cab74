"""How well coders agree, on what they coded in full without seeing any other answer.

How it is called (a run does, and `evitable agreement`); without blind decisions nothing need be looked at:

    blind = blind_codings(decisions, placements)   # placements: by paper id, as `place_anchors` gives them
    papers = {paper_id: PaperAnswers(study_id, passages, predictions, resolved), ...}
                                                   # in the study table's order; only papers of `blind` are needed
    Review(..., agreement=agreement(blind, papers, codes, model_id),
                disagreements=disagreements(blind, papers, codes))

`blind_codings`, `PaperAnswers` and `disagreements` are in `decide.disagreements`, which does without numpy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import numpy.typing as npt

from evitable.decide.disagreements import BlindCoding, PaperAnswers
from evitable.records import Agreement, CodeAgreement, Interval

RESAMPLES = 1_000
_SEED = 20_110_125
_PERCENTILES = (2.5, 97.5)

Counts = npt.NDArray[np.int64]
"""Passages that both, only the first, only the second and neither gave a code: four numbers in the last axis."""
Figures = npt.NDArray[np.float64]
Given = Mapping[str, Collection[str]]
"""By place, the codes that a coder gave."""


def agreement(
    blind: Sequence[BlindCoding], papers: Mapping[str, PaperAnswers], codes: Sequence[str], model_id: str
) -> tuple[Agreement, ...]:
    """Measure how people agree with each other and with the machine.

    Two people are compared on the passages that both have coded in full and blind; a person and the machine on those
    that this person has. The machine gives a code where it says yes now: what it leaves open is a no. Where the model
    has learnt from these very passages, its agreement says little of others.

    Args:
        blind: As `blind_codings` gives them.
        papers: By paper id; those without blind coding are not needed. Coding of papers that are missing is left out.
        codes: Of the codebook, in its order. Other codes are left out.
        model_id: The machine's name.

    Returns:
        Pairs of people sorted by name, then each person with the machine; none where no passage has two coders.
    """
    by_coder: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    studies: dict[str, str] = {}
    machine: dict[str, frozenset[str]] = {}
    for one in blind:
        paper = papers.get(one.anchor.paper_id)
        if paper is None:
            continue
        by_coder[one.coder][one.place] = one.given
        studies[one.place] = paper.study_id
        if (said := paper.machine.get(one.place)) is not None:
            machine[one.place] = frozenset(code for code, prediction in said.items() if not prediction.unsure)
    people = sorted(by_coder)
    pairs = [(first, by_coder[first], second, by_coder[second]) for first, second in combinations(people, 2)]
    pairs += [(person, by_coder[person], model_id, machine) for person in people]
    found = [
        _of_two((first, second), (mine, other), studies, codes, machine=other is machine)
        for first, mine, second, other in pairs
    ]
    return tuple(one for one in found if one.passages)


def _of_two(
    names: tuple[str, str],
    given: tuple[Given, Given],
    studies: Mapping[str, str],
    codes: Sequence[str],
    *,
    machine: bool,
) -> Agreement:
    """Compare two coders on the passages that both have."""
    first, second = given
    places = [place for place in first if place in second]
    order = {study: row for row, study in enumerate(sorted({studies[place] for place in places}))}
    counts = np.zeros((len(order), len(codes), 4), dtype=np.int64)
    for place in places:
        row = order[studies[place]]
        for column, code in enumerate(codes):
            counts[row, column, 3 - 2 * (code in first[place]) - (code in second[place])] += 1
    by_code, overall = _measured(counts, codes)
    return Agreement(
        first=names[0],
        second=names[1],
        machine=machine,
        passages=len(places),
        studies=len(order),
        codes=by_code,
        overall=overall,
    )


def _measured(counts: Counts, codes: Sequence[str]) -> tuple[tuple[CodeAgreement, ...], CodeAgreement]:
    """Measure two coders from counts by study and code: by code, and as the mean over the codes that either gave."""
    whole = counts.sum(axis=0)
    used = whole[:, :3].sum(axis=-1) > 0
    drawn = _drawn(counts)
    values, spread = _figures(whole), _figures(drawn)
    by_code = tuple(
        _record(code, whole[column], values[:, column], spread[:, :, column]) for column, code in enumerate(codes)
    )
    overall = _record("", whole[used].sum(axis=0), _mean(values[:, used]), _mean(spread[:, :, used]))
    return by_code, overall


def _drawn(counts: Counts) -> Counts:
    """Draw as many studies as there are, with replacement, again and again; none from fewer than two studies.

    Passages of a study are alike, so that studies are drawn, not passages (cluster bootstrap; Field & Welsh 2007).
    """
    studies = len(counts)
    if studies < 2:
        return np.zeros((0, *counts.shape[1:]), dtype=np.int64)
    draw = np.random.default_rng(_SEED).multinomial(studies, [1 / studies] * studies, size=RESAMPLES)
    drawn: Counts = np.tensordot(draw, counts, axes=1)
    return drawn


def _figures(counts: Counts) -> Figures:
    """Give raw agreement, kappa, alpha and prevalence, in the first axis; NaN where one is not defined.

    Kappa: Cohen (1960). Alpha for nominal data: Krippendorff (2011).
    """
    both, first, second, neither = (counts[..., cell].astype(float) for cell in range(4))
    total, apart = both + first + second + neither, first + second
    raw = _share(both + neither, total)
    chance = _share((both + first) * (both + second) + (neither + first) * (neither + second), total**2)
    pairs = np.stack([np.stack([2 * both, apart], -1), np.stack([apart, 2 * neither], -1)], -2)
    return np.stack([raw, _share(raw - chance, 1 - chance), _alpha(pairs), _share(2 * both + apart, 2 * total)])


def _alpha(coincidences: Figures) -> Figures:
    """Give nominal alpha from coincidence matrices in the last two axes; NaN where all values are the same."""
    totals = coincidences.sum(axis=-1)
    number = totals.sum(axis=-1)
    observed = number - np.trace(coincidences, axis1=-2, axis2=-1)
    return 1 - _share(observed * (number - 1), number**2 - (totals**2).sum(axis=-1))


def krippendorff_alpha(units: Iterable[Sequence[str | None]]) -> float | None:
    """Give Krippendorff's alpha for nominal data.

    Args:
        units: What was coded; of each the value that each coder gave, None for a coder who gave none.

    Returns:
        1 for perfect agreement, 0 for that of chance; None where it is not defined: no unit with two values, or all
        values are the same.

    Source: Krippendorff K (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
    """
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for unit in units:
        values = Counter(value for value in unit if value is not None)
        others = values.total() - 1
        for one, other in product(values, values) if others > 0 else ():
            pairs[one, other] += values[one] * (values[other] - (one == other)) / others
    names = sorted({one for one, _ in pairs})
    if not names:
        return None
    alpha = float(_alpha(np.array([[pairs[one, other] for other in names] for one in names])))
    return None if np.isnan(alpha) else alpha


def _share(part: Figures, whole: Figures) -> Figures:
    """Divide; NaN where there is nothing to divide by."""
    shares: Figures = np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=np.asarray(whole) > 0)
    return shares


def _mean(figures: Figures) -> Figures:
    """Give the mean over codes, the last axis, of what is defined."""
    defined = ~np.isnan(figures)
    return _share(np.where(defined, figures, 0).sum(axis=-1), defined.sum(axis=-1).astype(float))


def _record(code: str, counts: Counts, values: Figures, spread: Figures) -> CodeAgreement:
    """Write down figures of one code; `spread` has those of each resample."""
    both, first, second, neither = counts.tolist()
    raw, kappa, alpha = (_interval(values[number], spread[number]) for number in range(3))
    return CodeAgreement(
        code=code,
        both=both,
        first_only=first,
        second_only=second,
        neither=neither,
        raw=raw,
        kappa=kappa,
        alpha=alpha,
        prevalence=0.0 if np.isnan(values[3]) else float(values[3]),
    )


def _interval(value: Any, spread: Figures) -> Interval:
    """Give a figure with its percentile interval, from the resamples in which it is defined; none if in none."""
    if np.isnan(value):
        return Interval(value=None)
    defined = spread[~np.isnan(spread)]
    if not len(defined):
        return Interval(value=float(value))
    low, high = np.percentile(defined, _PERCENTILES)
    return Interval(value=float(value), low=float(low), high=float(high))
