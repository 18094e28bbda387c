"""Rules of when a visit takes place, and where in a round."""

from __future__ import annotations

from collections.abc import Iterator

from ntgeo.domain.routing import PlaceInRound, Stop, Visit, WindowSense
from ntgeo.routing.verify.facts import SAME_S, Facts, Round, Said, differ, said

__all__ = ["arrive_in_window", "finish_in_window", "pinned_place", "pinned_time", "start_in_window"]

_ENDS = {PlaceInRound.FIRST: 0, PlaceInRound.LAST: -1}


def start_in_window(facts: Facts) -> Iterator[Said]:
    """A visit begins within one of its windows."""
    for one, stop in _unpinned(facts, WindowSense.START):
        if not _is_within(stop.begin_s, facts.visits[stop.place]):
            yield _outside(facts, one, stop, "begins", stop.begin_s)


def finish_in_window(facts: Facts) -> Iterator[Said]:
    """Or is over within one, for each who came."""
    for one, stop in _unpinned(facts, WindowSense.FINISH):
        if not _is_within(stop.leave_s, facts.visits[stop.place]):
            yield _outside(facts, one, stop, "is over", stop.leave_s)


def arrive_in_window(facts: Facts) -> Iterator[Said]:
    """Or is entered within one."""
    for one, stop in _unpinned(facts, WindowSense.ARRIVE):
        enter_s = stop.begin_s - stop.set_up_s
        if not _is_within(enter_s, facts.visits[stop.place]):
            yield _outside(facts, one, stop, "is entered", enter_s)


def pinned_time(facts: Facts) -> Iterator[Said]:
    """A visit that is pinned to a moment begins then."""
    for one in facts.rounds:
        for stop in one.visits:
            at_s = facts.visits[stop.place].pin.begin_s
            if at_s is not None and differ(stop.begin_s, at_s):
                told, wanted = facts.clock(stop.begin_s), facts.clock(at_s)
                text = f"begins at {told}, but is pinned to {wanted}"
                yield _of(one, stop, text)


def pinned_place(facts: Facts) -> Iterator[Said]:
    """A visit that is pinned to an end of its rounds is there."""
    for one in facts.rounds:
        made = one.visits
        for stop in made:
            place = facts.visits[stop.place].pin.place
            if place is not None and made[_ENDS[place]] is not stop:
                yield _of(one, stop, f"is pinned to be the {place} visit of its round")


def _unpinned(facts: Facts, sense: WindowSense) -> Iterator[tuple[Round, Stop]]:
    for one in facts.rounds:
        for stop in one.visits:
            visit = facts.visits[stop.place]
            if visit.pin.begin_s is None and visit.window_sense is sense:
                yield one, stop


def _is_within(moment_s: float, visit: Visit) -> bool:
    return any(w.start_s - SAME_S <= moment_s <= w.end_s + SAME_S for w in visit.windows)


def _outside(facts: Facts, one: Round, stop: Stop, does: str, moment_s: float) -> Said:
    return _of(one, stop, f"{does} at {facts.clock(moment_s)}, in none of its windows")


def _of(one: Round, stop: Stop, text: str) -> Said:
    where = f"{one.shift.id} at {stop.place}"
    return said(f"{where}: {text}", shift=one.shift.id, visit=stop.place)
