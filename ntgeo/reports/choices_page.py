"""What else could be done, for the report and the command line: views and sentences."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ntgeo.reports.content import SitingSection
from ntgeo.reports.plain import joined, percent_text
from ntgeo.reports.views import TableView, table_view

__all__ = ["age_view", "choices_sentences", "choices_views", "supply_view"]

_MOST_CHANGES: Final = 25
_MOST_PLANS: Final = 10
_AGE: Final = (
    *("age_group", "population", "mean_before_s", "mean_after_s", "change_s"),
    *("p90_before_s", "p90_after_s", "worst_before_s", "worst_after_s"),
    *("within_before_share", "within_after_share"),
)
_CHANGES: Final = ("name", "site_id", "outcome", "opened_instead", "closed_instead", "mean_time_s")
_PLANS: Final = ("rank", "opened_instead", "closed_instead", "outcome", "mean_time_s", "is_proven")
_FLIPS: Final = ("grows", "outcome", "opened_instead", "closed_instead")
_CLOSED: Final = "closed"
_FORCED: Final = "forced open"


def age_view(by_age: pd.DataFrame) -> TableView:
    """Return journeys before and after by age group.

    Args:
        by_age: From ``access_by_age_table``.
    """
    return table_view(
        by_age,
        slug="access-by-age",
        caption="Journeys by age, today and in the plan",
        columns=_AGE,
        note="Residents of each age are taken to go where the demand of their area goes.",
    )


def supply_view(supply: pd.DataFrame) -> TableView:
    """Return supply per head by deprivation.

    Args:
        supply: From ``supply_by_decile_table``.
    """
    return table_view(
        supply,
        slug="supply-by-decile",
        caption="How much of the service is within reach, by deprivation (1 is the most deprived)",
        columns=("imd_decile", "supply_before_per_1000", "supply_after_per_1000", "supply_unit"),
        note="Capacity, or sites, for each 1,000 of demand; a site is shared among all who reach "
        "it in 30 minutes; 10 to 20 minutes away count 0.68 times, 20 to 30 minutes 0.22 times "
        "(E2SFCA, Luo and Qi 2009).",
    )


def choices_views(
    section: SitingSection,
) -> list[TableView]:
    """Return the views of what else could be done; those without rows are left out."""
    views = []
    unit = section.problem.demand_unit
    note = (
        "The other sites are chosen anew each time, so each line tells the best plan that is left. "
        f"Travel adds up the journeys of all demand ({unit})."
    )
    if section.changes is not None:
        for slug, what, caption in (
            ("closing", _CLOSED, "What closing each open site would mean"),
            ("forcing", _FORCED, "What opening each rejected site would mean"),
        ):
            rows = _known_changes(section.changes, what)
            views.append(_changes_view(rows, slug, caption, note))
    if section.next_best is not None:
        views.append(
            table_view(
                section.next_best,
                slug="next-best",
                caption="The next-best plans",
                columns=_PLANS,
                note="Each is told by how it differs from the plan, which has rank 1.",
                most=_MOST_PLANS,
            )
        )
    if section.flips is not None:
        views.append(_flips_view(section.flips))
    return [view for view in views if view.rows]


def _known_changes(changes: pd.DataFrame, what_if: str) -> pd.DataFrame:
    """Return the changes of a kind of which anything was found in the time."""
    is_known = changes["cost"].notna() | changes["is_proven"]
    return changes[(changes["what_if"] == what_if) & is_known]


def _flips_view(flips: pd.DataFrame) -> TableView:
    """Return what may grow, what changes the answer soonest first."""
    is_known = (flips["unchanged_until"] > 1) | flips["changes_at"].notna()
    return table_view(
        flips[is_known].sort_values(
            ["changes_at", "unchanged_until"], kind="stable", na_position="last"
        ),
        slug="flips",
        caption="How far things can grow before another plan is better",
        columns=_FLIPS,
        note="Demand or travel times are multiplied and the question is asked again; found to "
        "within one per cent. Where a line says that it is not proven, another plan might "
        "win at some smaller factor between those that were tried.",
        most=_MOST_CHANGES,
    )


def _changes_view(rows: pd.DataFrame, slug: str, caption: str, note: str) -> TableView:
    return table_view(
        rows,
        slug=slug,
        caption=caption,
        columns=_CHANGES,
        note=note,
        most=_MOST_CHANGES,
    )


def choices_sentences(section: SitingSection) -> list[str]:
    """Return what else could be done as sentences, from the same tables as the views."""
    changes, next_best, flips = section.changes, section.next_best, section.flips
    sentences = []
    if changes is not None:
        sentences += _closing_sentences(_known_changes(changes, _CLOSED))
        sentences += _forcing_sentences(_known_changes(changes, _FORCED))
    if next_best is not None and len(next_best):
        sentences.append(_next_sentence(next_best.iloc[0]))
    if flips is not None:
        sentences += _flip_sentences(flips)
    return sentences


def _flip_sentences(flips: pd.DataFrame) -> list[str]:
    """Say what would change the answer soonest."""
    changing = flips[flips["changes_at"].notna()]
    if changing.empty:
        return []
    first = changing.sort_values("changes_at", kind="stable").iloc[0]
    factor = f"{first['changes_at']:.3g}"
    article = "" if first["grows"].startswith("all ") else "the "
    sentence = (
        f"The answer is most sensitive to {article}{first['grows']}: at {factor} "
        "times today's figure another plan is better."
    )
    return [sentence]


def _closing_sentences(closed: pd.DataFrame) -> list[str]:
    if closed.empty:
        return []
    first = closed.iloc[0]
    sentence = (
        f"The open site hardest to do without is {first['name']}: closing it, with the others "
        f"chosen anew, would mean {first['outcome']}."
    )
    return [sentence]


def _forcing_sentences(forced: pd.DataFrame) -> list[str]:
    if forced.empty:
        return []
    first = forced.iloc[0]
    sentence = (
        f"The rejected site that comes nearest is {first['name']}: opening it would mean "
        f"{first['outcome']}."
    )
    return [sentence]


def _next_sentence(plan: pd.Series) -> str:
    parts = []
    if plan["opened_instead"]:
        parts.append(f"opens {joined(plan['opened_instead'].split('; '))}")
    if plan["closed_instead"]:
        parts.append(f"does not open {joined(plan['closed_instead'].split('; '))}")
    worse = plan["worse_share"]
    told = f"is {percent_text(worse)} worse" if worse > 0 else "is as good"
    start = "The next-best plan " + " and ".join(parts) if parts else "The next-best plan"
    return f"{start}; it {told}."
