"""Rules of breaks: which are taken, in order, where and when."""

from __future__ import annotations

from typing import Any

from ntgeo.routing.exact.variables import Variables

__all__ = ["add_break_rules"]

_START = -1


def add_break_rules(variables: Variables) -> None:
    """Add every rule of each shift's breaks."""
    for shift, rounds in enumerate(variables.rounds):
        if rounds.is_taken:
            add_leaving(variables, shift)
        for number in range(len(rounds.is_taken)):
            add_taking(variables, shift, number)
            add_place(variables, shift, number)
            add_order(variables, shift, number)
            add_window(variables, shift, number)
            add_after_work(variables, shift, number)


def _length(variables: Variables, shift: int, number: int) -> int:
    return variables.scale.steps(variables.day.shifts.breaks_ms[shift, number, 2])


def _over(variables: Variables, shift: int, number: int) -> Any:
    rounds = variables.rounds[shift]
    return rounds.break_begin[number] + _length(variables, shift, number)


def _is_after_work(variables: Variables, shift: int, number: int) -> bool:
    return bool(variables.day.shifts.breaks_ms[shift, number, 3] >= 0)


def _after_work_before(variables: Variables, shift: int, number: int) -> list[Any]:
    """Return, of the breaks after so much work that come before one, whether each is taken."""
    taken = variables.rounds[shift].is_taken[:number]
    return [t for n, t in enumerate(taken) if _is_after_work(variables, shift, n)]


def _done(variables: Variables, shift: int, place: int) -> Any:
    """Return when a visit, or nothing at the start, is done with."""
    return variables.rounds[shift].start if place < 0 else variables.leave(shift, place)


def add_leaving(variables: Variables, shift: int) -> None:
    """Staff travel on when the visit is over, or the last break taken there."""
    model, rounds = variables.model, variables.rounds[shift]
    for place, ready in rounds.ready.items():
        later: list[Any] = [] if place == _START else [rounds.takes[place]]
        for number in reversed(range(len(rounds.is_taken))):
            here = rounds.break_at[number][place]
            model.add(ready == _over(variables, shift, number)).only_enforce_if(here, *later)
            later.append(here.negated())
        model.add(ready == _done(variables, shift, place)).only_enforce_if(*later)


def add_taking(variables: Variables, shift: int, number: int) -> None:
    """Each break is in every round; of those after so much work, none is behind one left out."""
    model, rounds = variables.model, variables.rounds[shift]
    taken = rounds.is_taken[number]
    if _is_after_work(variables, shift, number):
        model.add_implication(taken, rounds.is_idle.negated())
        for before in _after_work_before(variables, shift, number):
            model.add_implication(taken, before)
    else:
        model.add(taken + rounds.is_idle == 1)


def add_place(variables: Variables, shift: int, number: int) -> None:
    """A break is taken at one place, when what is done there is over."""
    model, rounds = variables.model, variables.rounds[shift]
    places = rounds.break_at[number]
    model.add(sum(places.values()) == rounds.is_taken[number])
    for place, here in places.items():
        if place != _START:
            model.add_implication(here, rounds.takes[place])
        done = _done(variables, shift, place)
        model.add(rounds.break_begin[number] >= done).only_enforce_if(here)


def add_order(variables: Variables, shift: int, number: int) -> None:
    """A break begins when those before it are over."""
    rounds = variables.rounds[shift]
    for before in range(number):
        both = rounds.is_taken[before], rounds.is_taken[number]
        over = _over(variables, shift, before)
        variables.model.add(rounds.break_begin[number] >= over).only_enforce_if(*both)


def add_window(variables: Variables, shift: int, number: int) -> None:
    """A break begins within its window."""
    rounds, scale = variables.rounds[shift], variables.scale
    first, last = map(scale.steps, variables.day.shifts.breaks_ms[shift, number, :2])
    begin, taken = rounds.break_begin[number], rounds.is_taken[number]
    variables.model.add_linear_constraint(begin, first, last).only_enforce_if(taken)


def add_after_work(variables: Variables, shift: int, number: int) -> None:
    """A break begins so long at most after the round, or the break before; or the round is over."""
    if not _is_after_work(variables, shift, number):
        return
    model, rounds = variables.model, variables.rounds[shift]
    most = variables.scale.steps(variables.day.shifts.breaks_ms[shift, number, 3])
    since = rounds.start if number == 0 else _over(variables, shift, number - 1)
    taken, begin = rounds.is_taken[number], rounds.break_begin[number]
    model.add(begin <= since + most).only_enforce_if(taken)
    needed_before = _after_work_before(variables, shift, number)
    is_first = [taken.negated(), rounds.is_idle.negated(), *needed_before]
    model.add(rounds.end <= since + most).only_enforce_if(*is_first)
