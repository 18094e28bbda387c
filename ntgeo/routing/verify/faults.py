"""Checks a plan against the question alone: nothing here knows how plans are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.routing.verify import (
    breaks,
    costs,
    legs,
    links,
    membership,
    people,
    report,
    rounds,
    unmade,
    windows,
)
from ntgeo.routing.verify.facts import Facts, Said

__all__ = [
    "ACCOUNT",
    "CLAIMS",
    "RULES",
    "Breach",
    "Rule",
    "breaches_of",
    "find_breaches",
    "find_faults",
]

Rule = Callable[[Facts], Iterator[Said]]
"""Yields one sentence for each breach of a rule."""

RULES: Final[tuple[Rule, ...]] = (
    membership.readable_rounds,
    membership.known_visits,
    membership.told_once,
    membership.twice_in_a_round,
    membership.one_round_a_shift,
    membership.in_order,
    rounds.with_visits,
    rounds.start_place,
    rounds.end_place,
    rounds.hours,
    rounds.still_at_the_ends,
    rounds.capacity,
    rounds.most_work,
    rounds.most_travel,
    rounds.most_distance,
    legs.reachable,
    legs.travel_times,
    legs.distances,
    legs.walks,
    legs.parking,
    legs.arrivals,
    legs.set_up,
    legs.begins,
    legs.durations,
    breaks.breaks_taken,
    breaks.break_places,
    breaks.break_durations,
    breaks.break_windows,
    breaks.after_work,
    windows.start_in_window,
    windows.finish_in_window,
    windows.arrive_in_window,
    windows.pinned_time,
    windows.pinned_place,
    people.own_round,
    people.one_place_at_a_time,
    people.skills,
    people.required_staff,
    people.forbidden_staff,
    people.crew_size,
    people.after_dark,
    people.different_people,
    people.begins_together,
    people.may_go_alone,
    people.pinned_shifts,
    links.first_is_made,
    links.both_or_neither,
    links.least_gap,
    links.greatest_gap,
    links.same_staff,
    links.different_staff,
)
"""What every plan keeps, a manager's too."""

ACCOUNT: Final[tuple[Rule, ...]] = (
    costs.cost_terms,
    report.objective,
    report.sense,
    report.bound,
    report.proven,
    report.stage_values,
)
"""What a plan says of its own worth."""

CLAIMS: Final[tuple[Rule, ...]] = (
    unmade.known_reasons,
    unmade.true_reasons,
    unmade.named_reasons,
    unmade.could_be_made,
    unmade.changes_of_known_shifts,
    unmade.least_changes,
    unmade.dear_visits,
)
"""What it says of the visits that it does not make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that a plan breaks.

    Args:
        rule: Its name, such as ``most-work``.
        text: What is wrong, in words for a manager; ids and clock times only.
        shift: Whose round it is, where it is one's.
        visit: Which visit, where it is one.
    """

    rule: str
    text: str
    shift: str | None = None
    visit: str | None = None

    def __str__(self) -> str:
        """Return the sentence."""
        return self.text


def breaches_of(rules: tuple[Rule, ...], facts: Facts) -> Iterator[Breach]:
    """Yield every breach of some rules."""
    for rule in rules:
        name = rule.__name__.replace("_", "-")
        for text, shift, visit in rule(facts):
            yield Breach(rule=name, text=text, shift=shift, visit=visit)


def find_breaches(problem: RoutingProblem, plan: RoutePlan) -> tuple[Breach, ...]:
    """Return every breach of a rule; an empty tuple means the plan stands.

    What it says of its cost and of unmade visits is looked at only if its rounds keep every rule.

    Args:
        problem: The question.
        plan: The answer, from wherever it came.
    """
    facts = Facts(problem, plan)
    broken = tuple(breaches_of(RULES, facts))
    return broken or tuple(breaches_of((*ACCOUNT, *CLAIMS), facts))


def find_faults(problem: RoutingProblem, plan: RoutePlan) -> tuple[str, ...]:
    """Return every breach of a rule as a sentence; an empty tuple means the plan stands.

    Args:
        problem: The question.
        plan: The answer, from wherever it came.
    """
    return tuple(str(breach) for breach in find_breaches(problem, plan))
