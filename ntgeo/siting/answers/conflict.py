"""Why no plan exists: the smallest set of rules that conflict, and what would mend it.

A set of rules conflicts where no plan keeps them all, whatever the other rules. Rules are left out
one by one as long as no plan appears (a deletion filter: Chinneck and Dravnieks 1991); what is left
conflicts, and would not without any one of them. Smaller sets are then tried, least first.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ntgeo.domain.siting import SitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import TimeLimitError
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.siting.answers.mend import Mend, find_mends
from ntgeo.siting.answers.rule_list import Rule, list_rules, possibility_of
from ntgeo.siting.answers.trial import Trial, try_solving
from ntgeo.siting.clock import Clock
from ntgeo.siting.solve import clock_for

__all__ = ["BrokenRule", "SitingConflict", "find_conflict"]

_ENOUGH_GAP = 0.5
_MOST_SETS = 2_000
_FILTER_SHARE = 0.4
_SMALLEST_SHARE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule that takes part in a conflict.

    Args:
        name: Its name among the rules, or of the part of the question that holds it.
        text: What it asks for, as a clause with figures.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingConflict:
    """Rules that no plan keeps together.

    Args:
        rules: Which.
        is_minimal: Whether it is proven that a plan keeps all of them but any one.
        is_smallest: Whether it is proven that no fewer rules of the question conflict.
        mends: Changes of one rule after which the whole question has a plan, each shown by one;
            empty where no single change is known to do.
    """

    rules: tuple[BrokenRule, ...]
    is_minimal: bool
    is_smallest: bool
    mends: tuple[Mend, ...]

    @property
    def in_words(self) -> str:
        """The conflict in a sentence, and the mends in another."""
        clauses = [rule.text for rule in self.rules]
        if len(clauses) > 1:
            clauses[-1] = f"and {clauses[-1]}"
        told = f"No plan exists: {', '.join(clauses)}."
        if not self.mends:
            return (
                f"{told} Fix: change more than one of these rules; no single change is known to do."
            )
        return f"{told} Fix: {', or '.join(mend.text for mend in self.mends)}."


def find_conflict(
    problem: SitingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> SitingConflict | None:
    """Tell why no plan exists; ``None`` where one does.

    Args:
        problem: The question.
        limits: Time for all of it; the gap is not used.
        progress: Told how many rules were looked at; asked whether to stop.

    Raises:
        CancelledError: Stopped before it was known whether a plan exists.
        TimeLimitError: Neither a plan nor a proof that there is none was found in the time.
    """
    clock = clock_for(limits, progress)
    asked = possibility_of(problem)
    rules = list_rules(asked)
    search = _Search(
        problem=asked, rules=rules, limits=replace(limits, gap_share=_ENOUGH_GAP), clock=clock
    )
    progress.stage("finding the rules that conflict", len(rules))
    whole = search.try_with(range(len(rules)), clock.part(_FILTER_SHARE))
    if whole.plan is not None:
        return None
    raise_if_cancelled(progress)
    if not whole.is_impossible:
        msg = "Neither a plan nor a proof that there is none was found. Fix: give it more time."
        raise TimeLimitError(msg)
    found = search.filter_rules(progress)
    smaller = search.smaller_than(found, clock.part(_SMALLEST_SHARE))
    conflict = [rules[place] for place in smaller or found]
    return SitingConflict(
        rules=tuple(BrokenRule(name=rule.name, text=rule.text) for rule in conflict),
        is_minimal=search.is_minimal or (smaller is not None and search.is_smallest),
        is_smallest=search.is_smallest,
        mends=find_mends(asked, conflict, search.limits, clock),
    )


@dataclass(slots=True, kw_only=True)
class _Search:
    """Which sets of rules are known to conflict, or not to.

    Args:
        problem: The question, whose aims do not matter.
        rules: All of its rules.
        limits: Of each trial.
        clock: When to end.
        possible: Sets that a plan keeps.
        is_minimal: Whether every rule left by the filter is proven to be needed.
        is_smallest: Whether every smaller set is proven to be kept by a plan.
    """

    problem: SitingProblem
    rules: tuple[Rule, ...]
    limits: SolveLimits
    clock: Clock
    possible: list[frozenset[int]] = field(default_factory=list)
    is_minimal: bool = True
    is_smallest: bool = True

    def try_with(self, kept: Iterable[int], clock: Clock) -> Trial:
        """Look for a plan that keeps some of the rules."""
        held = frozenset(kept)
        if any(held <= known for known in self.possible):
            return Trial(plan=None)
        question = self.problem
        for place in reversed(range(len(self.rules))):
            if place not in held:
                question = self.rules[place].lift(question)
        trial = try_solving(question, self.limits, clock)
        if trial.plan is not None:
            self.possible.append(held)
        return trial

    def is_possible(self, kept: Iterable[int]) -> bool:
        """Whether a plan is known to keep some of the rules."""
        held = frozenset(kept)
        return any(held <= known for known in self.possible)

    def filter_rules(self, progress: Progress) -> list[int]:
        """Leave out each rule that the conflict does not need, the last in the list first."""
        left = list(range(len(self.rules)))
        for done, place in enumerate(reversed(range(len(self.rules)))):
            others = [other for other in left if other != place]
            part = self.clock.part(_FILTER_SHARE / (len(self.rules) - done))
            if self.try_with(others, part).is_impossible:
                left = others
            elif not self.is_possible(others):
                self.is_minimal = False
            progress.advance(done + 1)
        return left

    def smaller_than(self, found: list[int], clock: Clock) -> list[int] | None:
        """Return the first set of fewer rules that conflicts, the smallest sets first."""
        places = range(len(self.rules))
        counts = range(len(found))
        if sum(math.comb(len(places), count) for count in counts) > _MOST_SETS:
            self.is_smallest = False
            return None
        for held in itertools.chain.from_iterable(
            itertools.combinations(places, count) for count in counts
        ):
            if self.is_possible(held):
                continue
            if clock.is_up():
                self.is_smallest = False
                return None
            trial = self.try_with(held, clock)
            if trial.is_impossible:
                return list(held)
            self.is_smallest &= trial.plan is not None
        return None
