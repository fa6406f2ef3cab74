"""How many checks find how many codings: work on coded passages, replayed as if nobody had looked at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evitable.decide.ranking import usefulness
from evitable.decide.states import CodeState, PassageState
from evitable.decide.stopping import TARGET, enough, recall_estimate
from evitable.errors import UserError
from evitable.training.features import Floats, Truth

TARGETS = (0.8, 0.9, 0.95, 0.99)
"""Shares of the codings whose costs are told."""
REPEATS = 100
"""Random orders that are averaged."""
TRIALS = 200
"""Reviews in which the rule for stopping is tried."""
WINDOW = 100
"""Passages of the order after which a reviewer looks back."""
QUIET = 5
"""Passages with a code among these, at most, after which a sample is worth drawing."""
SAMPLE = 200
"""Passages that are then drawn at random from all that nobody has looked at."""
LEAST_CODINGS = 20
_SEED = 20260

Orders = Mapping[str, Floats]
Order = npt.NDArray[np.intp]


class Pool(NamedTuple):
    """Coded passages with what the machine says of them.

    Attributes:
        names: Codes, one per column.
        truth: What people coded (passages x codes).
        values: The machine's probabilities, as a reviewer sees them: 0 where it says no (passages x codes).
        given: Whether it says yes.
        documents: The document of each passage.
    """

    names: Sequence[str]
    truth: Truth
    values: Floats
    given: Truth
    documents: Sequence[str]

    @property
    def carries(self) -> Truth:
        """Which passages carry a code."""
        return np.asarray(self.truth.any(axis=1))

    def at(self, rows: npt.NDArray[np.intp]) -> Pool:
        """Give some passages, in the order of `rows`; one may come several times."""
        return Pool(
            self.names,
            self.truth[rows],
            self.values[rows],
            self.given[rows],
            [self.documents[row] for row in rows.tolist()],
        )


class Curve(NamedTuple):
    """What one order of work comes to.

    Attributes:
        name: Of the order.
        found: Share of the codings found after 0, 1, 2 ... passages.
        checks: Passages to check until a share of the codings (`TARGETS`) is found.
        by_code: The same for `TARGET` of each code's; None for a code that no passage carries.
    """

    name: str
    found: Floats
    checks: dict[float, float]
    by_code: dict[str, float | None]


class Stop(NamedTuple):
    """Where one reviewer stopped who followed a rule.

    Attributes:
        checked: Share of the passages that were read, samples included.
        samples: How many samples were drawn.
        passages: Share of the passages with a code that were found.
        codings: Share of the codings that were found.
        low: Lower end of the interval of the share of passages found, at the end; 1 where all was read.
    """

    checked: float
    samples: int
    passages: float
    codings: float
    low: float


class Simulation(NamedTuple):
    """A simulation.

    Attributes:
        passages: How many.
        carrying: How many of them carry a code.
        codings: How many codings there are.
        silent: Passages of which the machine says nothing at all.
        missed: Codings on these.
        curves: The orders: first the one that the review page follows, last the random one.
        stops: What the rule for stopping came to, in many reviews.
        thorough: What came of checking all that the machine says anything about, and a sample of the rest.
    """

    passages: int
    carrying: int
    codings: int
    silent: int
    missed: int
    curves: tuple[Curve, ...]
    stops: tuple[Stop, ...]
    thorough: tuple[Stop, ...]


def simulate(pool: Pool, drawn: Iterator[Pool] | None = None) -> Simulation:
    """Replay the checking of passages, one after another, in several orders.

    A check is reading one passage in full; it finds all codings on it. What the machine learns on the way is left out:
    its answers stay what they were. The same pool gives the same figures.

    Args:
        pool: The passages.
        drawn: Reviews in which the rule for stopping is tried; None to draw them from the pool, by document.

    Raises:
        UserError: There are too few codings to find.
    """
    if int(pool.truth.sum()) < LEAST_CODINGS:
        raise UserError(
            f"There are {int(pool.truth.sum())} codings to find; a simulation needs {LEAST_CODINGS}.",
            "Name more coded passages, or none for those that come with the program.",
        )
    random = np.random.default_rng([_SEED, 1])
    curves = [_curve(name, pool, [_ordered(score, random)]) for name, score in scores(pool).items()]
    curves.append(_curve("random", pool, [random.permutation(len(pool.truth)) for _ in range(REPEATS)]))
    silent = ~pool.values.any(axis=1)
    trials = [
        (
            stopping(review, np.random.default_rng([_SEED, 2, at])),
            thorough(review, np.random.default_rng([_SEED, 4, at])),
        )
        for at, review in enumerate(drawn or resampled(pool))
    ]
    return Simulation(
        passages=len(pool.truth),
        carrying=int(pool.carries.sum()),
        codings=int(pool.truth.sum()),
        silent=int(silent.sum()),
        missed=int(pool.truth[silent].sum()),
        curves=tuple(curves),
        stops=tuple(stop for stop, _ in trials),
        thorough=tuple(stop for _, stop in trials),
    )


def scores(pool: Pool) -> dict[str, Floats]:
    """Give the orders that are compared, the highest first: the one that the review page follows, and others."""
    rows = zip(pool.values.tolist(), pool.given.tolist(), strict=True)
    useful = usefulness([_state(pool.names, *row) for row in rows])
    least = [float(values[given].min(initial=1.0)) for values, given in zip(pool.values.T, pool.given.T, strict=True)]
    said = pool.values > 0
    rarity = 1 / (1 + pool.given.sum(axis=0))
    return {
        "useful": np.array(useful),
        "probable": pool.values.max(axis=1),
        "rare": np.where(said, (1 - np.abs(pool.values - least)) * rarity, 0.0).sum(axis=1),
        "uncertain": np.where(said, 1 - np.abs(pool.values - least), 0.0).max(axis=1),
    }


def _state(names: Sequence[str], values: Sequence[float], given: Sequence[bool]) -> PassageState:
    """Give a passage as the review page sees it before anybody has looked."""
    codes = tuple(
        CodeState(name, value, "yes" if yes else "unsure", "finding", "machine")
        for name, value, yes in zip(names, values, given, strict=True)
        if value
    )
    return PassageState("p", "s", "q", "other", codes)


def _ordered(score: Floats, random: np.random.Generator) -> Order:
    """Order by a score, the highest first; equal ones by lot."""
    return np.lexsort((random.random(len(score)), -score))


def _curve(name: str, pool: Pool, orders: Sequence[Order]) -> Curve:
    """Follow an order, or the mean of several."""
    total, by_code = int(pool.truth.sum()), pool.truth.sum(axis=0)
    found = np.zeros(len(pool.truth) + 1)
    checks = dict.fromkeys(TARGETS, 0.0)
    whole = np.zeros(len(pool.names))
    for order in orders:
        counted = np.cumsum(pool.truth[order], axis=0)
        shares = np.concatenate([[0.0], counted.sum(axis=1) / total])
        found += shares / len(orders)
        for target in TARGETS:
            checks[target] += _first(shares, target) / len(orders)
        for column, codings in enumerate(by_code.tolist()):
            if codings:
                whole[column] += (_first(counted[:, column] / codings, TARGET) + 1) / len(orders)
    costs = {
        code: float(cost) if codings else None
        for code, cost, codings in zip(pool.names, whole, by_code.tolist(), strict=True)
    }
    return Curve(name, found, checks, costs)


def _first(rising: Floats, target: float) -> int:
    """Give the first place at which a share is reached."""
    return int(np.searchsorted(rising, target - 1e-9))


def stopping(pool: Pool, random: np.random.Generator) -> Stop:
    """Follow the rule for stopping in one review.

    Passages are read in the order of the review page. When at most `QUIET` of the last `WINDOW` carried a code,
    `SAMPLE` passages are drawn at random from all that are left and read too; the reviewer stops if the lower end of
    the interval of the share found is over `TARGET`, and otherwise goes on for `WINDOW` more.
    """
    carries = pool.carries
    order = _ordered(scores(pool)["useful"], random)
    checked = np.zeros(len(order), dtype=bool)
    samples = 0
    for _ in range(len(order)):
        rest = order[~checked[order]]
        taken = rest[:WINDOW]
        checked[taken] = True
        if len(rest) <= WINDOW:
            break
        if int(carries[taken].sum()) > QUIET:
            continue
        left = np.flatnonzero(~checked)
        sample = random.choice(left, min(SAMPLE, len(left)), replace=False)
        estimate = recall_estimate(int(carries[checked].sum()), len(sample), int(carries[sample].sum()), len(left))
        checked[sample] = True
        samples += 1
        if enough(estimate):
            return _stop(pool, checked, samples, estimate.low or 0.0)
    return _stop(pool, checked, samples, 1.0)


def thorough(pool: Pool, random: np.random.Generator) -> Stop:
    """Check all that the machine says anything about, and draw `SAMPLE` from the rest: its queue on the review page."""
    checked = np.asarray(pool.values.any(axis=1))
    left = np.flatnonzero(~checked)
    sample = random.choice(left, min(SAMPLE, len(left)), replace=False)
    found, hits = int(pool.carries[checked].sum()), int(pool.carries[sample].sum())
    estimate = recall_estimate(found, len(sample), hits, len(left))
    checked[sample] = True
    return _stop(pool, checked, 1, 1.0 if estimate.low is None else estimate.low)


def _stop(pool: Pool, checked: Truth, samples: int, low: float) -> Stop:
    carries = pool.carries
    return Stop(
        checked=float(checked.mean()),
        samples=samples,
        passages=float(carries[checked].sum() / max(1, carries.sum())),
        codings=float(pool.truth[checked].sum() / max(1, pool.truth.sum())),
        low=low,
    )


def mixed(pool: Pool, prevalence: float, random: np.random.Generator) -> Pool:
    """Draw passages so that a share of them carries a code: all of the rarer kind, and of the other what fits.

    Args:
        pool: Passages.
        prevalence: Share that is to carry a code; over 0 and under 1.
        random: Draws them.
    """
    carries = pool.carries
    coded, other = np.flatnonzero(carries), np.flatnonzero(~carries)
    odds = prevalence / (1 - prevalence)
    coded = random.permutation(coded)[: round(len(other) * odds)]
    other = random.permutation(other)[: round(len(coded) / odds)]
    return pool.at(np.sort(np.concatenate([coded, other])))


def resampled(pool: Pool, prevalence: float | None = None) -> Iterator[Pool]:
    """Draw other reviews from passages: as many documents, with replacement.

    Args:
        pool: Passages.
        prevalence: Share that is to carry a code; None to leave it as it is.
    """
    names = sorted(set(pool.documents))
    rows: dict[str, list[int]] = {name: [] for name in names}
    for row, name in enumerate(pool.documents):
        rows[name].append(row)
    for number in range(TRIALS):
        random = np.random.default_rng([_SEED, 3, number])
        drawn = random.integers(len(names), size=len(names)).tolist()
        review = pool.at(np.array([row for at in drawn for row in rows[names[at]]], dtype=np.intp))
        yield review if prevalence is None else mixed(review, prevalence, random)
