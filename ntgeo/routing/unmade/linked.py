"""Reasons that lie in what visits have to do with each other."""

from __future__ import annotations

from collections import defaultdict

from ntgeo.domain.routing import GapFrom, RoutingProblem, UnmadeCode, Visit, VisitId, VisitLink
from ntgeo.domain.units import clock_text
from ntgeo.errors import first_five
from ntgeo.routing.unmade.lone_rounds import begin_spans_of

__all__ = ["LinkReasons"]

_SAME_S = 1e-6


class LinkReasons:
    """Why a visit is not made for the sake of another."""

    def __init__(self, problem: RoutingProblem, unmade: frozenset[VisitId]) -> None:
        self.problem, self.unmade = problem, unmade
        self.visits = {visit.id: visit for visit in problem.visits}
        self.needed_by: dict[VisitId, set[VisitId]] = defaultdict(set)
        for link in problem.links:
            if link.is_ordered or link.both_or_neither:
                self.needed_by[link.second].add(link.first)
            if link.both_or_neither:
                self.needed_by[link.first].add(link.second)

    def why(self, visit: Visit) -> tuple[UnmadeCode, str] | None:
        """Return the reason that lies in the visit's links; ``None`` where none does."""
        needed = self._needed(visit.id)
        impossible = self._contradiction(needed)
        if impossible is not None:
            return UnmadeCode.CONTRADICTION, impossible
        missing = sorted((needed - {visit.id}) & self.unmade)
        if missing:
            return UnmadeCode.LINKED, f"it is only made with {first_five(missing)}, not made either"
        return None

    def _needed(self, visit: VisitId) -> frozenset[VisitId]:
        """Return the visit and all that are made if it is, directly or by way of others."""
        found, waiting = {visit}, [visit]
        while waiting:
            more = self.needed_by[waiting.pop()] - found
            found |= more
            waiting.extend(more)
        return frozenset(found)

    def _contradiction(self, needed: frozenset[VisitId]) -> str | None:
        """Return why some visits cannot all be made at the gaps of their links."""
        links = [
            link
            for link in self.problem.links
            if link.is_ordered and link.first in needed and link.second in needed
        ]
        if not links:
            return None
        first_s, last_s = self._hulls(needed)
        gaps = [gap for link in links for gap in self._gaps(link)]
        for _ in range(len(needed) + 1):
            is_settled = True
            for one, other, gap_s in gaps:
                if first_s[one] + gap_s > first_s[other] + _SAME_S:
                    first_s[other], is_settled = first_s[one] + gap_s, False
            if is_settled:
                break
        else:
            return f"the order and gaps of {_named(links)} contradict each other"
        late = sorted(v for v in needed if first_s[v] > last_s[v] + _SAME_S)
        if not late:
            return None
        soonest, latest = (clock_text(self.problem.day, at[late[0]]) for at in (first_s, last_s))
        return (
            f"by the links of {_named(links)}, {late[0]} could begin at {soonest} at the soonest, "
            f"and its last window is over at {latest}"
        )

    def _hulls(
        self, needed: frozenset[VisitId]
    ) -> tuple[dict[VisitId, float], dict[VisitId, float]]:
        """Return when each visit begins by its windows at the soonest, and at the latest."""
        first_s, last_s = {}, {}
        for name in needed:
            spans = [
                span
                for service_s in self._services_s(self.visits[name])
                for span in begin_spans_of(self.visits[name], service_s)
            ]
            first_s[name] = min(first for first, _ in spans)
            last_s[name] = max(last for _, last in spans)
        return first_s, last_s

    def _gaps(self, link: VisitLink) -> list[tuple[VisitId, VisitId, float]]:
        """Return the least gaps from a beginning to another that a link asks for."""
        least_s, most_s = float(link.least_gap_s or 0), link.greatest_gap_s
        services_s = self._services_s(self.visits[link.first])
        short_s, long_s = (
            (min(services_s), max(services_s)) if link.gap_from is GapFrom.END else (0, 0)
        )
        gaps = [(link.first, link.second, least_s + short_s)]
        if most_s is not None:
            gaps.append((link.second, link.first, -float(most_s + long_s)))
        return gaps

    def _services_s(self, visit: Visit) -> set[float]:
        """Return how long the visit may last, by who could come."""
        return {visit.service_s_of(shift.staff) for shift in self.problem.shifts}


def _named(links: list[VisitLink]) -> str:
    return first_five(sorted({name for link in links for name in (link.first, link.second)}))
