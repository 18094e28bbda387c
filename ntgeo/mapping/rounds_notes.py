"""What a rounds map tells of a stop and of an unmade visit, besides its times."""

from __future__ import annotations

from ntgeo.domain.rounds_sense import Coming, timeliness
from ntgeo.domain.rounds_words import (
    change_cost_text,
    change_text,
    link_texts,
    soft_windows_text,
    visit_window_text,
)
from ntgeo.domain.routing import Route, Stop, UnmadeVisit, Visit
from ntgeo.domain.units import SECONDS_PER_MINUTE, duration_text
from ntgeo.mapping.content import RoundsMapContent

__all__ = ["stop_notes", "unmade_facts"]

Fact = tuple[str, str]
"""What it is, and the text."""


def stop_notes(
    content: RoundsMapContent,
    route: Route,
    stop: Stop,
    visit: Visit,
    people: tuple[Coming, ...],
) -> list[Fact]:
    """Return who else comes, what comes before or after, and what the visit had better be.

    Args:
        content: The plan.
        route: Whose stop it is.
        stop: A stop at the visit.
        visit: The visit.
        people: All who come to it.
    """
    links = "; ".join(link_texts(content.problem.links, visit.id))
    others = [_who(content, other.route) for other in people if other.route.shift != route.shift]
    is_known = route.staff in visit.usual_staff
    found = [
        ("With", ", ".join(others)),
        ("Linked", links),
        ("Better", soft_windows_text(content.problem.day, visit)),
        *_timely(stop, visit),
        ("Set-up", _lasts(stop.set_up_s)),
        ("Parking", _lasts(stop.parking_s)),
        ("On foot", _lasts(stop.walk_s)),
        ("Seen by", ("usual staff" if is_known else "a new face") if visit.usual_staff else ""),
    ]
    return [(name, text) for name, text in found if text]


def _who(content: RoundsMapContent, route: Route) -> str:
    return f"{route.staff} ({route.shift})" if content.audience == "manager" else str(route.shift)


def _lasts(seconds: float) -> str:
    return duration_text(seconds) if seconds >= 1 else ""


def _timely(stop: Stop, visit: Visit) -> list[Fact]:
    known = timeliness(visit, stop.begin_s)
    late = _lasts(known.late_s) if known.late_s >= SECONDS_PER_MINUTE else ""
    early = _lasts(known.early_s) if known.early_s >= SECONDS_PER_MINUTE else ""
    return [("Late by", late), ("Early by", early)]


def unmade_facts(content: RoundsMapContent, unmade: UnmadeVisit, visit: Visit) -> list[Fact]:
    """Return why a visit is not made, and the least that would let it be made."""
    change = unmade.change
    crew = visit.least_crew
    found = [
        ("Why", unmade.reason),
        ("Would be made", change_text(change) if change is not None else ""),
        ("Then", change_cost_text(change) if change is not None else ""),
        ("May start", visit_window_text(content.problem.day, visit)),
        ("Lasts", duration_text(visit.service_s)),
        ("People", str(crew) if crew > 1 else ""),
        ("Linked", "; ".join(link_texts(content.problem.links, visit.id))),
    ]
    return [(name, text) for name, text in found if text]
