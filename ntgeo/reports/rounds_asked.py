"""What a manager asks of a plan of rounds, as tables: other staff, slots and changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import pandas as pd

from ntgeo.domain.replan import VisitChange
from ntgeo.domain.rounds_answers import NextBest, SlotOffer
from ntgeo.domain.routing import RoutingProblem, ShiftId
from ntgeo.domain.units import clock_text
from ntgeo.reports.columns import typed_frame

__all__ = ["changes_table", "next_best_table", "offers_table"]

_NEXT: Final = ("visit_id", "shift_id", "staff_id", "instead", "extra_gbp", "is_proven")
_OFFERS: Final = ("slot", "instead", "extra_gbp", "is_proven", "code", "reason")
_CHANGES: Final = (
    "visit_id",
    "change",
    "shifts_before",
    "shifts_now",
    "begin_before",
    "begin_now",
    "reason",
)


def next_best_table(answers: Sequence[NextBest]) -> pd.DataFrame:
    """Return who would make each visit instead, and what that would cost.

    Returns:
        ``visit_id, shift_id, staff_id, instead, extra_gbp, is_proven``; ``instead`` is empty and
        ``extra_gbp`` missing where nobody could.
    """
    cells = {
        "visit_id": [answer.visit for answer in answers],
        "shift_id": [answer.shift for answer in answers],
        "staff_id": [answer.staff for answer in answers],
        "instead": [_names(answer.then) for answer in answers],
        "extra_gbp": [answer.extra_gbp for answer in answers],
        "is_proven": [answer.is_proven for answer in answers],
    }
    return typed_frame(cells, _NEXT)


def offers_table(problem: RoutingProblem, offers: Sequence[SlotOffer]) -> pd.DataFrame:
    """Return what each slot would cost, in the order in which they were asked.

    Returns:
        ``slot, instead, extra_gbp, is_proven, code, reason``; ``instead`` tells who would come.
    """
    day = problem.day
    cells = {
        "slot": [
            f"{clock_text(day, offer.slot.start_s)}–{clock_text(day, offer.slot.end_s)}"
            for offer in offers
        ],
        "instead": [_names(offer.shifts) for offer in offers],
        "extra_gbp": [offer.extra_gbp for offer in offers],
        "is_proven": [offer.is_proven for offer in offers],
        "code": [offer.code or "" for offer in offers],
        "reason": [offer.reason for offer in offers],
    }
    return typed_frame(cells, _OFFERS)


def changes_table(problem: RoutingProblem, changes: Sequence[VisitChange]) -> pd.DataFrame:
    """Return what families must be told when a day is planned anew, in order of visit.

    Returns:
        ``visit_id, change, shifts_before, shifts_now, begin_before, begin_now, reason``.
    """
    day = problem.day
    cells = {
        "visit_id": [change.visit for change in changes],
        "change": [change.kind for change in changes],
        "shifts_before": [_names(change.shifts_before) for change in changes],
        "shifts_now": [_names(change.shifts) for change in changes],
        "begin_before": [_clock(day, change.begin_before_s) for change in changes],
        "begin_now": [_clock(day, change.begin_s) for change in changes],
        "reason": [change.reason for change in changes],
    }
    return typed_frame(cells, _CHANGES)


def _names(shifts: Sequence[ShiftId]) -> str:
    return ", ".join(sorted(shifts))


def _clock(day: date, at_s: float | None) -> str:
    return "" if at_s is None else clock_text(day, at_s)
