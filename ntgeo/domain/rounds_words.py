"""The words in which people are told of rounds: their costs, links, windows and changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Final

from ntgeo.domain.rounds_plan import ChangeKind, SmallestChange
from ntgeo.domain.shifts import Break
from ntgeo.domain.units import clock_text, duration_text
from ntgeo.domain.visits import (
    GapFrom,
    StaffLink,
    TimeWindow,
    Visit,
    VisitId,
    VisitLink,
    WindowSense,
)

__all__ = [
    "COST_TEXTS",
    "begin_clause",
    "break_text",
    "change_cost_text",
    "change_proof_text",
    "change_text",
    "link_texts",
    "money_text",
    "soft_windows_text",
    "visit_window_text",
    "window_text",
]

COST_TEXTS: Final = MappingProxyType(
    {
        "pay_gbp": "Pay",
        "overtime_gbp": "Overtime, on top of pay",
        "mileage_gbp": "Mileage",
        "travel_gbp": "Time on the way, on top of pay",
        "rounds_gbp": "Rounds at all",
        "untimely_gbp": "Visits earlier or later than is better",
        "worst_lateness_gbp": "The latest visit's lateness",
        "new_faces_gbp": "New faces",
        "not_preferred_gbp": "Staff who are not preferred",
        "moved_gbp": "Staff other than those who were told to come",
        "unfairness_gbp": "Uneven shares of work and visits",
        "unmade_gbp": "Visits not made",
    }
)
"""Each term of a plan's cost, for a heading."""

_STAFF: Final = {StaffLink.SAME: "same staff as", StaffLink.DIFFERENT: "other staff than"}
_SENSES: Final = {WindowSense.FINISH: "finish ", WindowSense.ARRIVE: "arrive "}


def money_text(gbp: float) -> str:
    """Return pounds to the penny: ``£1,234.50``, ``−£3.20``."""
    shown = f"£{abs(gbp):,.2f}"
    return f"−{shown}" if gbp < 0 and shown != "£0.00" else shown


def window_text(day: date, windows: Iterable[TimeWindow]) -> str:
    """Return time windows for people: ``09:00–12:00 or 14:00–16:00``."""
    return " or ".join(_span_text(day, window) for window in windows)


def _span_text(day: date, window: TimeWindow) -> str:
    start, end = clock_text(day, window.start_s), clock_text(day, window.end_s)
    return start if window.start_s == window.end_s else f"{start}–{end}"


def visit_window_text(day: date, visit: Visit) -> str:
    """Return when a visit may begin, or finish, or be arrived at; or when it is settled for."""
    if visit.pin.begin_s is not None:
        return f"settled for {clock_text(day, visit.pin.begin_s)}"
    return _SENSES.get(visit.window_sense, "") + window_text(day, visit.windows)


def begin_clause(window: str) -> str:
    """Return a window's text as a clause: ``may begin 09:00–12:00``, ``arrive 09:00–12:00``."""
    return f"may begin {window}" if window[:1].isdigit() else window


def soft_windows_text(day: date, visit: Visit) -> str:
    """Return when a visit had better begin; empty where it does not matter."""
    return " and ".join(_span_text(day, soft.window) for soft in visit.soft_windows)


def break_text(day: date, rest: Break) -> str:
    """Return when a break may begin: within its window, or after so long at most."""
    told = [window_text(day, [rest.window])] if rest.window is not None else []
    if rest.after_work_s is not None:
        told.append(f"within {duration_text(rest.after_work_s)} of the start or the last break")
    return ", ".join(told)


def link_texts(links: Iterable[VisitLink], visit: VisitId) -> tuple[str, ...]:
    """Return what other visits have to do with a visit: ``after V012, at least 4 h 00 min``."""
    return tuple(
        ", ".join(_link_parts(link, is_first=visit == link.first))
        for link in links
        if visit in {link.first, link.second}
    )


def _link_parts(link: VisitLink, *, is_first: bool) -> list[str]:
    other = link.second if is_first else link.first
    told = []
    if _is_together(link):
        told.append(f"at the same time as {other}")
    elif link.is_ordered:
        told.extend([f"{'before' if is_first else 'after'} {other}", *_gap_texts(link)])
    if link.staff is not None:
        told.append(f"{_STAFF[link.staff]} {other}")
    if link.both_or_neither:
        told.append(f"not without {other}")
    return told


def _is_together(link: VisitLink) -> bool:
    return link.greatest_gap_s == 0 and link.gap_from is GapFrom.BEGIN


def _gap_texts(link: VisitLink) -> list[str]:
    told = []
    if link.least_gap_s:
        told.append(f"at least {duration_text(link.least_gap_s)}")
    if link.greatest_gap_s is not None:
        told.append(f"at most {duration_text(link.greatest_gap_s)}")
    if told and link.gap_from is GapFrom.BEGIN:
        told[-1] += " from beginning to beginning"
    return told


def change_text(change: SmallestChange) -> str:
    """Return a change that would let a visit be made, as a clause: ``if S4 ended 20 min later``."""
    minutes, shift = f"{change.minutes} min", change.shift
    return {
        ChangeKind.OVERTIME: f"if shift {shift} ended {minutes} later",
        ChangeKind.LATER: f"if it could begin {minutes} later, by shift {shift}",
        ChangeKind.EARLIER: f"if it could begin {minutes} sooner, by shift {shift}",
        ChangeKind.SKILL: f"if shift {shift} had the skill {change.skill}",
        ChangeKind.STAFF: f"if another member of staff worked the hours of shift {shift}",
        ChangeKind.PRICE: f"as things are, by shift {shift}, if it is worth its cost",
    }[change.kind]


def change_proof_text(change: SmallestChange) -> str:
    """Return how a change and its cost are known."""
    if not change.is_verified:
        return "not tried"
    step = f", {change.step_minutes} min less does not do" if change.minutes else ""
    if change.is_proven:
        return f"proven by planning again{step}"
    found = step.replace("does not do", "was found not to do")
    return f"tried by planning again{found}"


def change_cost_text(change: SmallestChange) -> str:
    """Return what a change would cost and how that is known."""
    known = change_proof_text(change)
    if change.cost_gbp is None:
        return known
    more = "more" if change.cost_gbp >= 0 else "less"
    return f"the plan would cost {money_text(abs(change.cost_gbp))} {more}; {known}"
