"""Turn restrictions along ways: no turn from one road by a stretch of others into a third.

A search that walks from arc to arc does not know how it came to the arc it is on. So an arc in the
middle of such a stretch gets a copy for each way of having come there that matters: who came by the
restricted road goes on by the copy, from which the restricted turn is missing; everyone else goes
on as before. Which copy follows which is told by the automaton of all restricted sequences (A. V.
Aho and M. J. Corasick, "Efficient string matching", 1975), so that restrictions may overlap.

A restriction of the kind ``only_…`` binds those who enter its stretch from its first road: they
must go on along it, and leave it by its last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from ntgeo.roads.building.restrictions import TurnRestriction
from ntgeo.roads.network import Arcs, RoadNetwork, Turns

__all__ = ["with_via_ways"]

Longs = npt.NDArray[np.int64]
_Way = tuple[int, ...]
"""Arcs in order."""

_MOST_ARCS: int = 64
"""Of a stretch; longer ones are no turns."""


def with_via_ways(
    network: RoadNetwork, restrictions: Iterable[TurnRestriction]
) -> tuple[RoadNetwork, int]:
    """Return the network with restrictions along ways kept, and how many could not be placed.

    Args:
        network: With turns.
        restrictions: Those that apply to its mode; those by a point are left aside.
    """
    along = [rule for rule in restrictions if rule.via_ways]
    if network.turns is None or not along:
        return network, 0
    walks = _Walks.of(network, along)
    banned: set[_Way] = set()
    lost = 0
    for rule in along:
        if not walks.know(rule):
            continue
        found = list(walks.sequences(rule))
        lost += not found
        banned.update(found)
    shortest = {way for way in banned if not any(way[at:] in banned for at in range(1, len(way)))}
    return (_with_copies(network, sorted(shortest)) if shortest else network), lost


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walks:
    """Who follows whom, to walk along restrictions.

    Args:
        turns: Of the network.
        link: (arcs,) the link of each.
        at_tail: (arcs,) OSM way where each starts.
        ending: Arcs that end along a way from which a restriction leads.
        known: Ways of restrictions that are roads of the network.
    """

    turns: Turns
    link: npt.NDArray[np.int32]
    at_tail: Longs
    ending: dict[int, list[int]]
    known: frozenset[int]

    @classmethod
    def of(cls, network: RoadNetwork, rules: Iterable[TurnRestriction]) -> _Walks:
        arcs, links, turns = network.arcs, network.links, network.turns
        assert turns is not None  # noqa: S101 - asked before
        first, last = links.first_way[arcs.link], links.last_way[arcs.link]
        at_tail = np.where(arcs.is_forward, first, last)
        at_head = np.where(arcs.is_forward, last, first)
        asked = {way for rule in rules for way in (rule.from_way, rule.to_way, *rule.via_ways)}
        is_asked = np.isin(at_head, np.array(sorted(asked), np.int64))
        ending = defaultdict(list)
        for arc in np.flatnonzero(is_asked).tolist():
            ending[int(at_head[arc])].append(arc)
        starting = np.intersect1d(at_tail, np.array(sorted(asked), np.int64)).tolist()
        return cls(
            turns=turns,
            link=arcs.link,
            at_tail=at_tail,
            ending=dict(ending),
            known=frozenset(starting) | ending.keys(),
        )

    def onto(self, arc: int) -> list[int]:
        """Return the arcs into which one may turn from an arc."""
        onto: list[int] = self.turns.onto[
            self.turns.start[arc] : self.turns.start[arc + 1]
        ].tolist()
        return onto

    def know(self, rule: TurnRestriction) -> bool:
        """Tell whether all its ways are roads of the network."""
        return {rule.from_way, rule.to_way, *rule.via_ways} <= self.known

    def sequences(self, rule: TurnRestriction) -> Iterator[_Way]:
        """Yield the sequences of arcs that the restriction forbids."""
        for ways in dict.fromkeys((rule.via_ways, rule.via_ways[::-1])):
            whole = [
                way
                for first in self.ending.get(rule.from_way, ())
                for way in self._along((first,), ways, rule.to_way)
            ]
            for way in whole:
                if rule.kind.startswith("no_"):
                    yield way
                    continue
                for at in range(1, len(way) - 1):
                    for other in self.onto(way[at]):
                        if other != way[at + 1]:
                            yield (*way[: at + 1], other)
            if whole:
                return

    def _along(self, so_far: _Way, ways: Sequence[int], last: int) -> Iterator[_Way]:
        """Yield the sequences that go on along all of ``ways`` in order, then into ``last``."""
        if len(so_far) > _MOST_ARCS:
            return
        for arc in self.onto(so_far[-1]):
            if not ways and self.at_tail[arc] == last and len(so_far) > 1:
                yield (*so_far, arc)
            elif self.link[arc] in {self.link[before] for before in so_far}:
                continue
            elif ways and self.at_tail[arc] == ways[0]:
                yield from self._along((*so_far, arc), ways[1:], last)
            elif len(so_far) > 1 and self.at_tail[arc] == self.at_tail[so_far[-1]]:
                yield from self._along((*so_far, arc), ways, last)


def _with_copies(network: RoadNetwork, banned: Sequence[_Way]) -> RoadNetwork:
    """Return the network with the copies of arcs, and the turns between them, that bans need."""
    turns = network.turns
    assert turns is not None  # noqa: S101 - asked before
    states = {way[:end] for way in banned for end in range(2, len(way))}
    number = {state: network.arc_count + at for at, state in enumerate(sorted(states))}
    forbidden = frozenset(banned)

    def follow(came: _Way, arc: int) -> int | None:
        """Return what is entered by a turn into an arc: a copy, or itself; none if banned."""
        ways = [(*came[start:], arc) for start in range(len(came))]
        if not forbidden.isdisjoint(ways):
            return None
        return next((number[way] for way in ways if way in number), arc)

    leave = np.repeat(np.arange(network.arc_count), np.diff(turns.start))
    enter = turns.onto.astype(np.int64)
    firsts = np.unique([state[0] for state in states])
    for at in np.flatnonzero(np.isin(leave, firsts)).tolist():
        enter[at] = number.get((int(leave[at]), int(enter[at])), int(enter[at]))
    more: list[tuple[int, int, int]] = []
    for state, copied in number.items():
        for at in range(turns.start[state[-1]], turns.start[state[-1] + 1]):
            entered = follow(state, int(turns.onto[at]))
            if entered is not None:
                more.append((copied, entered, int(turns.delay_ms[at])))
    extra = np.array(more, np.int64).reshape(-1, 3)
    copy_of = np.array([state[-1] for state in sorted(states)], np.int64)
    return _renumbered(
        network,
        copy_of,
        np.concatenate([leave, extra[:, 0]]),
        np.concatenate([enter, extra[:, 1]]),
        np.concatenate([turns.delay_ms.astype(np.int64), extra[:, 2]]),
    )


def _renumbered(
    network: RoadNetwork, copy_of: Longs, leave: Longs, enter: Longs, delay_ms: Longs
) -> RoadNetwork:
    """Return the network with copies beside their arcs, since arcs are sorted by their tails."""
    before = network.arcs
    source = np.concatenate([np.arange(network.arc_count), copy_of])
    order = np.argsort(source, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    columns = {
        field.name: getattr(before, field.name)[source[order]]
        for field in fields(Arcs)
        if field.name != "start"
    }
    many = np.bincount(columns["tail"], minlength=network.junction_count)
    arcs = Arcs(start=np.concatenate(([0], np.cumsum(many))), **columns)
    leave, enter = place[leave], place[enter]
    by_leave = np.lexsort((enter, leave))
    count = np.bincount(leave, minlength=len(order))
    turns = Turns(
        start=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        onto=enter[by_leave].astype(np.int32),
        delay_ms=delay_ms[by_leave].astype(np.uint32),
    )
    return replace(network, arcs=arcs, turns=turns)
