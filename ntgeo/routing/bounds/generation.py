"""Column generation: rounds of negative reduced cost until there are none, or no time.

Duals are smoothed towards those of the best bound so far (Wentges, International Transactions in
Operational Research 4 (1997) 151–162). Every full look for rounds yields a bound, so that there is
one at any moment.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.bounds.along import round_gbp
from ntgeo.routing.bounds.labels import WORK, new_labels
from ntgeo.routing.bounds.master import Duals, Master, UnmadeTerms, lagrangian_gbp
from ntgeo.routing.bounds.near import near_sets
from ntgeo.routing.bounds.pricing import Look, cheapest_rounds
from ntgeo.routing.bounds.ways import RoundWay, RoundWays

__all__ = ["Generated", "KnownRound", "generate_rounds", "least_arrival_gbp"]

FloatArray = npt.NDArray[np.float64]

_LEAST_SMOOTHING, _MOST_SMOOTHING, _SMOOTHING_STEP = 0.3, 0.9, 0.1
_NEAR = (8, 4, 0)
_ROOM = 200_000
_MOST_WORK, _MOST_ROUGH_WORK = 50_000_000, 5_000_000
_MOST_NEW = 40
_LOOK_WORK, _CHOICE_WORK = 12, 100
"""Of a look for each pair of visits, besides its comparisons; of a choice for each round known."""
_FULL_LOOK_EVERY = 8
_MOST_RAISES = 3
_LEAST_GAIN_GBP = 1e-6
_CLOSE_SHARE = 1e-7


class KnownRound(NamedTuple):
    """A round as the master programme knows it.

    Attributes:
        kind: Kind of shift.
        visits: In order.
        cost_gbp: At least.
    """

    kind: int
    visits: tuple[int, ...]
    cost_gbp: float


class Generated(NamedTuple):
    """What generation came to.

    Attributes:
        bound_gbp: No plan costs less.
        is_converged: Whether no round at all would better the master programme.
        is_late: Whether the clock cut it short, so that another run may come further.
        rounds: Those generated.
    """

    bound_gbp: float
    is_converged: bool
    is_late: bool
    rounds: tuple[KnownRound, ...]


def least_arrival_gbp(ways: Sequence[RoundWay]) -> FloatArray:
    """Return (visits,) what coming to each visit and being there costs at least, from anywhere.

    No round costs less than its visits' figures together, so these are duals at which no round
    has a negative reduced cost; 0 for visits that nobody can come to.
    """
    least_gbp = np.min(
        [
            (way.leg_gbp + way.pay_gbp_per_s * (way.before_s + way.after_s)).min(axis=0)
            if way.pay_gbp_per_s
            else np.where(np.isfinite(way.before_s), way.leg_gbp, np.inf).min(axis=0)
            for way in ways
        ],
        axis=0,
    )
    return np.where(np.isfinite(least_gbp), least_gbp, 0.0)


class _Generation:
    """The master programme, what is known of its duals, and the rounds found so far."""

    def __init__(
        self, ways: RoundWays, unmade: UnmadeTerms, until_s: float, most_work: float
    ) -> None:
        self.ways, self.unmade, self.until_s = ways, unmade, until_s
        self.most_work, self.work, self.is_late = most_work, 0, False
        self.arrival_gbp = least_arrival_gbp(ways.ways)
        self.centre = Duals(0.0, self.arrival_gbp, np.zeros(len(ways.counts)), 0.0)
        self.bound_gbp = lagrangian_gbp(
            unmade, ways.counts, self.centre.visits_gbp, self.centre.kinds_gbp
        )
        self.level = 0
        self.near = near_sets(ways.ways, _NEAR[0])
        visits, rests = len(unmade.crews), max(len(way.rests) for way in ways.ways)
        self.labels, self.closed_gbp = new_labels(_ROOM, visits, rests), np.zeros(_ROOM)
        self.master = Master(unmade, ways.counts, self._missing_gbp())
        self.known: dict[tuple[int, tuple[int, ...]], KnownRound] = {}
        self.raises = 0
        self.smoothing = 0.5

    def _missing_gbp(self) -> float:
        """Return more than any visit alone costs, paid for as long as a shift."""
        return 2.0 * max(
            way.round_gbp
            + float(way.leg_gbp.max() + way.end_gbp.max())
            + way.pay_gbp_per_s * (way.over_s - way.start_s)
            + 1.0
            for way in self.ways.ways
        )

    def is_over(self) -> bool:
        """Say whether the work or the time is used up."""
        self.is_late = self.is_late or time.monotonic() > self.until_s
        return self.is_late or self.work > self.most_work

    def is_close(self, value_gbp: float) -> bool:
        return value_gbp - self.bound_gbp <= _CLOSE_SHARE * max(1.0, abs(value_gbp))

    def add(self, rounds: Iterable[KnownRound], duals: Duals | None = None) -> int:
        """Add rounds that are new and, where duals are given, better the master programme."""
        added = 0
        for one in rounds:
            key = one.kind, one.visits
            worth_gbp = -np.inf
            if duals is not None:
                worth_gbp = one.cost_gbp - duals.visits_gbp[list(one.visits)].sum()
                worth_gbp -= duals.kinds_gbp[one.kind]
            if key not in self.known and worth_gbp < -_LEAST_GAIN_GBP and one.cost_gbp < np.inf:
                self.known[key] = one
                self.master.add_round(*one)
                added += 1
        return added

    def look(self, duals: Duals, *, is_rough: bool) -> list[KnownRound]:
        """Look for rounds at given duals, which may better the bound; a full look does it best."""
        least_gbp = np.zeros(len(self.ways.counts))
        found: list[KnownRound] = []
        is_whole = True
        for way, kind in zip(self.ways.ways, self.ways.kinds, strict=True):
            look = Look(
                duals.visits_gbp,
                self.near,
                self.labels,
                self.closed_gbp,
                float(duals.kinds_gbp[kind]),
                _MOST_ROUGH_WORK if is_rough else _MOST_WORK,
                is_rough,
            )
            priced = cheapest_rounds(way, look, _MOST_NEW)
            self.work += int(self.labels.sizes[WORK]) + _LOOK_WORK * len(duals.visits_gbp) ** 2
            least_gbp[kind] = min(least_gbp[kind], priced.least_gbp)
            found += [
                KnownRound(kind, visits, gbp + float(duals.visits_gbp[list(visits)].sum()))
                for visits, gbp in priced.rounds
            ]
            if self.is_over():
                return found
            is_whole &= priced.is_whole
        self._tell(duals, least_gbp)
        if not is_rough and not is_whole:
            self._forget()
        return found

    def _tell(self, duals: Duals, least_gbp: FloatArray) -> None:
        bound_gbp = lagrangian_gbp(self.unmade, self.ways.counts, duals.visits_gbp, least_gbp)
        if bound_gbp > self.bound_gbp:
            self.bound_gbp = bound_gbp
            self.centre = duals._replace(kinds_gbp=least_gbp)

    def _forget(self) -> None:
        """Let rounds remember fewer visits, where a full look was too much work."""
        self.level += 1
        if self.level < len(_NEAR):
            self.near = near_sets(self.ways.ways, _NEAR[self.level])

    def mixed(self, duals: Duals) -> Duals:
        share = self.smoothing
        return duals._replace(
            visits_gbp=share * self.centre.visits_gbp + (1.0 - share) * duals.visits_gbp,
            kinds_gbp=share * self.centre.kinds_gbp + (1.0 - share) * duals.kinds_gbp,
        )

    def better(self, duals: Duals, turn: int) -> bool:
        """Look at the mixed duals, then at the programme's own; say whether any round helps."""
        mixed, bound_gbp = self.mixed(duals), self.bound_gbp
        added = self.add(self.look(mixed, is_rough=True), duals)
        step = -_SMOOTHING_STEP if self.bound_gbp > bound_gbp else _SMOOTHING_STEP
        self.smoothing = min(_MOST_SMOOTHING, max(_LEAST_SMOOTHING, self.smoothing + step))
        if added and turn % _FULL_LOOK_EVERY:
            return True
        for at in (mixed, duals):
            if self.is_over() or self.level == len(_NEAR):
                return added > 0
            added += self.add(self.look(at, is_rough=False), duals)
            if added:
                return True
        return False

    def raise_missing(self) -> bool:
        """Price missing people higher, at most a few times."""
        self.raises += 1
        self.master.raise_missing(10.0 * self.master.missing_gbp)
        return self.raises <= _MOST_RAISES

    def start_from(self, rounds: Iterable[KnownRound]) -> None:
        """Share the cost of each round of a plan among its visits: duals to start from."""
        worth_gbp = self.arrival_gbp.copy()
        for one in rounds:
            visits = list(one.visits)
            if one.cost_gbp < np.inf and worth_gbp[visits].sum() > 0.0:
                worth_gbp[visits] *= one.cost_gbp / worth_gbp[visits].sum()
        self.centre = self.centre._replace(visits_gbp=worth_gbp)

    def run(self) -> bool:
        """Generate rounds until none helps; say whether that came before the time was up."""
        self.add(self.look(self.centre, is_rough=True))
        turn = 0
        while not self.is_over() and self.level < len(_NEAR):
            duals = self.master.solve()
            self.work += _CHOICE_WORK * len(self.known)
            if duals is None:
                return False
            turn += 1
            if self.is_close(duals.value_gbp) and duals.short < _LEAST_GAIN_GBP:
                return True
            if self.better(duals, turn) or self.is_over():
                continue
            if duals.short < _LEAST_GAIN_GBP or not self.raise_missing():
                return self.level < len(_NEAR)
        return False


def generate_rounds(
    ways: RoundWays,
    unmade: UnmadeTerms,
    rounds: Sequence[KnownRound],
    time_limit_s: float,
    most_work: float = np.inf,
) -> Generated:
    """Bound the cost of every plan from below.

    Args:
        ways: Every way of working each kind of shift.
        unmade: Crews, and what may be unmade.
        rounds: To start from, such as those of a plan.
        time_limit_s: How long, once the kernels are compiled: a machine's first call does that.
        most_work: How many comparisons of labels, and what is reckoned as such, are made at most:
            the same in every run.
    """
    round_gbp(ways.ways[:1], (0,))
    generation = _Generation(ways, unmade, time.monotonic() + time_limit_s, most_work)
    generation.add(rounds)
    generation.start_from(rounds)
    is_converged = generation.run()
    return Generated(
        generation.bound_gbp, is_converged, generation.is_late, tuple(generation.known.values())
    )
