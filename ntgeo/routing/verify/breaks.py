"""Rules of rest."""

from __future__ import annotations

from collections.abc import Iterator

from ntgeo.domain.routing import Break, Stop
from ntgeo.domain.units import duration_text
from ntgeo.routing.verify.facts import SAME_S, Facts, Round, Said, differ, said

__all__ = ["after_work", "break_durations", "break_places", "break_windows", "breaks_taken"]


def breaks_taken(facts: Facts) -> Iterator[Said]:
    """A round has the breaks that every round of its shift has, and no more than there are."""
    for one in facts.rounds:
        count, shift = len(one.breaks), one.shift
        least = sum(rest.after_work_s is None for rest in shift.breaks)
        if not least <= count <= len(shift.breaks):
            wanted = f"{least}" if least == len(shift.breaks) else f"{least} to {len(shift.breaks)}"
            breaks = "1 break" if count == 1 else f"{count} breaks"
            text = f"{shift.id} has {breaks} in its round, not {wanted}"
            yield said(text, shift=shift.id)


def break_places(facts: Facts) -> Iterator[Said]:
    """A break is taken where the stop before it was."""
    for one in facts.rounds:
        for before, stop in one.legs:
            if stop not in one.breaks:
                continue
            if stop.place != before.place:
                text = f"the break is not taken where the stop before it was, {before.place}"
                yield _at(one, stop, text)
            if stop.travel_s or stop.distance_m or stop.parking_s or stop.walk_s:
                yield _at(one, stop, "there is travel to the break")


def break_durations(facts: Facts) -> Iterator[Said]:
    """A break is as long as it should be."""
    for one in facts.rounds:
        for rest, stop in one.rests:
            stay_s = stop.leave_s - stop.begin_s
            if differ(stay_s, rest.duration_s):
                yield _at(one, stop, f"the break lasts {stay_s:g} s, not {rest.duration_s} s")


def break_windows(facts: Facts) -> Iterator[Said]:
    """A break begins within its window."""
    for one in facts.rounds:
        for rest, stop in one.rests:
            window = rest.window
            if window is None or (window.start_s - SAME_S <= stop.begin_s <= window.end_s + SAME_S):
                continue
            at = facts.clock(stop.begin_s)
            yield _at(one, stop, f"the break at {at} is not in its window")


def after_work(facts: Facts) -> Iterator[Said]:
    """Nobody works for longer than they may without a break."""
    for one in facts.rounds:
        since_s = one.start_s
        taken = list(one.rests)
        for rest in one.shift.breaks:
            is_taken = bool(taken) and taken[0][0] is rest
            most_s = rest.after_work_s
            until_s = taken[0][1].begin_s if is_taken else one.end_s
            if most_s is not None and until_s - since_s > most_s + SAME_S:
                yield _too_long(one, rest, until_s - since_s)
            if most_s is not None and not is_taken:
                break
            if is_taken:
                since_s = taken.pop(0)[1].leave_s


def _too_long(one: Round, rest: Break, time_s: float) -> Said:
    told, most = duration_text(time_s), duration_text(rest.after_work_s or 0)
    text = f"{one.shift.id} works {told} without a break, where {most} is the most"
    return said(text, shift=one.shift.id)


def _at(one: Round, stop: Stop, text: str) -> Said:
    return said(f"{one.shift.id} at {stop.place}: {text}", shift=one.shift.id)
