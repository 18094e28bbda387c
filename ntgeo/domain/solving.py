"""What a solver is allowed, and what it must say of its answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

__all__ = ["LONGEST_TIME_LIMIT_S", "SolveLimits", "SolveReport", "SolveStage", "SolveStatus"]

LONGEST_TIME_LIMIT_S: Final = 86_400.0
PROVEN_GAP_SHARE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveLimits:
    """How long, how close, from which seed and on how many cores.

    Args:
        time_limit_s: Wall-clock seconds; always kept.
        gap_share: Stop when the plan is proven within this share of the best possible.
        seed: Of every random choice.
        workers: Processor cores for siting. Rounds use one: several would choose another of equal
            plans each time.
    """

    time_limit_s: float = 60.0
    gap_share: float = 0.0
    seed: int = 1
    workers: int = 1

    def __post_init__(self) -> None:
        """Refuse limits that cannot be kept."""
        if not 0 < self.time_limit_s <= LONGEST_TIME_LIMIT_S:
            msg = f"time limit {self.time_limit_s} s: it must be above 0 and at most 24 hours"
            raise ValueError(msg)
        if not 0 <= self.gap_share < 1:
            msg = f"gap share {self.gap_share}: it must be at least 0 and below 1"
            raise ValueError(msg)
        if self.workers < 1:
            msg = f"workers {self.workers}: it must be 1 or more"
            raise ValueError(msg)


class SolveStatus(StrEnum):
    """How much is known about a plan."""

    OPTIMAL = "optimal"
    """Proven: nothing better exists."""
    FEASIBLE = "feasible"
    """Keeps every rule; how far from the best possible, the gap says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveStage:
    """One of several aims taken in order; each is kept at its best while the next is improved.

    Args:
        name: What was made best, in words: ``"demand left unserved"``.
        objective: Value of the plan, in ``unit``.
        bound: No plan that is as good in the stages before can be better; ``None`` if unknown.
        unit: In words.
        is_maximised: Whether more is better.
    """

    name: str
    objective: float
    bound: float | None
    unit: str
    is_maximised: bool = False

    @property
    def is_proven(self) -> bool:
        """Whether the value is shown to be the best possible."""
        if self.bound is None:
            return False
        slack = PROVEN_GAP_SHARE * max(1.0, abs(self.objective))
        return abs(self.objective - self.bound) <= slack


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveReport:
    """The proof that goes with a plan.

    Args:
        status: How much is known.
        objective: Value of the plan, in ``unit``.
        bound: No plan can be better than this; ``None`` where no bound could be had.
        unit: Of objective and bound, in words.
        is_maximised: Whether more is better.
        method: How the plan was found and proven, in words.
        seed: That repeats it.
        wall_time_s: How long it took; the one figure here that differs between runs.
        stages: The aims in the order they were taken, where there was more than one.
    """

    status: SolveStatus
    objective: float
    bound: float | None
    unit: str
    is_maximised: bool
    method: str
    seed: int
    wall_time_s: float
    stages: tuple[SolveStage, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a proof that contradicts itself."""
        if not math.isfinite(self.objective):
            msg = f"objective {self.objective} is not finite"
            raise ValueError(msg)
        if self.bound is None:
            if self.status is SolveStatus.OPTIMAL:
                msg = "a plan cannot be proven best without a bound"
                raise ValueError(msg)
            return
        slack = 1e-6 * max(1.0, abs(self.objective))
        beyond = self.bound - self.objective if self.is_maximised else self.objective - self.bound
        if beyond < -slack:
            msg = f"bound {self.bound} is worse than the objective {self.objective}"
            raise ValueError(msg)

    @classmethod
    def of_stages(
        cls,
        stages: tuple[SolveStage, ...],
        reported: int,
        *,
        method: str,
        seed: int,
        wall_time_s: float,
    ) -> Self:
        """Build the report whose objective is one of the stages: proven if all up to it are.

        Args:
            stages: In the order they were taken.
            reported: Place of the stage whose value is the objective.
            method: In words.
            seed: Of every random choice.
            wall_time_s: How long it took.
        """
        told = stages[reported]
        is_proven = all(stage.is_proven for stage in stages[: reported + 1])
        return cls(
            status=SolveStatus.OPTIMAL if is_proven else SolveStatus.FEASIBLE,
            objective=told.objective,
            bound=told.bound,
            unit=told.unit,
            is_maximised=told.is_maximised,
            method=method,
            seed=seed,
            wall_time_s=wall_time_s,
            stages=stages,
        )

    @property
    def gap_share(self) -> float | None:
        """Distance from objective to bound, as a share of the objective; ``None`` if unknown."""
        if self.bound is None:
            return None
        distance = abs(self.objective - self.bound)
        if distance <= PROVEN_GAP_SHARE * max(1.0, abs(self.objective)):
            return 0.0
        return distance / max(abs(self.objective), PROVEN_GAP_SHARE)

    @property
    def status_text(self) -> str:
        """The status in words for a councillor."""
        if self.status is SolveStatus.OPTIMAL:
            return "proven best: no plan that keeps the rules is better"
        if self.gap_share is None:
            return "the best plan found; how far from the best possible is not known"
        return f"proven within {self.gap_share:.2%} of the best possible"
