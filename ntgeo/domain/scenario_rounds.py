"""``[rounds]`` of a scenario file: a day's visits, the staff who turned up, and what matters.

Prices are the words of :mod:`ntgeo.domain.rounds_prices`; times are in minutes here.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self

from pydantic import Field, Strict, model_validator

from ntgeo.domain.replan import ChangePrices, Freedom
from ntgeo.domain.rounds_prices import RoundsPrices
from ntgeo.domain.scenario_table import FilePath, ScenarioTable, Seconds
from ntgeo.domain.shifts import USUAL_PAY_GBP_PER_HOUR
from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = [
    "DaylightTable",
    "ReplanTable",
    "RoundsExplainTable",
    "RoundsPricesTable",
    "RoundsTable",
    "SeededDay",
]

Price = Annotated[float, Field(ge=0, le=1_000_000)]
LocalTime = Annotated[time, Strict()]


class SeededDay(ScenarioTable):
    """``[rounds.seeded]``: a made-up day of visits at real postcodes, for trying things out."""

    visits: int = Field(ge=1, le=2000)
    """How many visits."""
    staff: int = Field(ge=1, le=200)
    """How many members of staff."""


class DaylightTable(ScenarioTable):
    """``[rounds.daylight]``: when it is light, where sunrise and sunset do not decide."""

    begins: LocalTime
    """Local time from which it is light, such as 07:30:00."""
    ends: LocalTime
    """Local time until which it is light."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.begins:
            msg = f"daylight ends at {self.ends:%H:%M}, before it begins at {self.begins:%H:%M}"
            raise ValueError(msg)
        return self


class RoundsPricesTable(ScenarioTable):
    """``[rounds.prices]``: what a plan's effect on people is worth in pounds."""

    unmade_gbp: tuple[Price, Price, Price, Price, Price] | None = None
    """Of an unmade visit of priority 1, 2, 3, 4 and 5. Without them priorities come first: no cost
    is worth an unmade visit, nor any number of visits of a later priority one of a sooner."""
    new_face_gbp: Price = 0.0
    """Of each person at a visit who is not of its usual staff."""
    not_preferred_gbp: Price = 0.0
    """Of each person at a visit who is not of its preferred staff."""
    worst_lateness_gbp_per_minute: Price = 0.0
    """Of the lateness of the visit that is latest against a soft window."""
    work_spread_gbp_per_hour: Price = 0.0
    """Of the difference between the shift with most work and the one with least."""
    visits_spread_gbp: Price = 0.0
    """Of each visit between the shift with most visits and the one with fewest."""

    def to_prices(self) -> RoundsPrices:
        """Return them as the prices of a problem."""
        return RoundsPrices(**self.model_dump())


class RoundsExplainTable(ScenarioTable):
    """``[rounds.explain]``: what to tell of the plan beside the plan; each is solved again."""

    changes: bool = True
    """For each unmade visit, the smallest change that makes it, and what that costs the others."""
    next_best: bool = False
    """For each visit, who would make it instead, and what that costs; takes long on a large day."""
    time_limit_s: Seconds = 60.0
    """For each of the two; what is not done by then is left out, and said to be."""


class ReplanTable(ScenarioTable):
    """``[rounds.replan]``: what changes to a plan that people know are worth, during the day."""

    moved_gbp: Price = 10.0
    """Of each person who comes to a visit instead of one who was planned."""
    changed_gbp_per_minute: Price = 0.1
    """Of each minute that a visit begins sooner or later than planned."""
    puts_fewest_moves_first: bool = False
    """Whether no cost is worth a move."""
    fixed_min: float = Field(default=0.0, ge=0, le=1440)
    """Visits that were to begin within so many minutes from now stay as they are."""
    same_staff_min: float = Field(default=0.0, ge=0, le=1440)
    """Visits that were to begin within so many minutes from now stay with their staff."""

    def to_prices(self) -> ChangePrices:
        """Return what changes are worth."""
        return ChangePrices(
            moved_gbp=self.moved_gbp,
            changed_gbp_per_minute=self.changed_gbp_per_minute,
            puts_fewest_moves_first=self.puts_fewest_moves_first,
        )

    def freedom_at(self, now_s: int) -> Freedom:
        """Return how freely the rest of the day may be planned anew at a time."""
        fixed_s, same_staff_s = (
            now_s + round(minutes * SECONDS_PER_MINUTE)
            for minutes in (self.fixed_min, self.same_staff_min)
        )
        return Freedom(fixed_until_s=fixed_s, same_staff_until_s=same_staff_s)


class RoundsTable(ScenarioTable):
    """``[rounds]``: a day's visits, and the staff who turned up."""

    day: date
    """The day of the plan, in Europe/London."""
    is_replay: bool = False
    """Whether a day that is over is planned on purpose; without it that is told."""
    team: str | None = Field(default=None, min_length=1)
    """Whose plan it is: a visit whose ``team`` is another is refused."""
    depots: FilePath | None = None
    """Where shifts start and end: CSV or XLSX."""
    visits: FilePath | None = None
    """What is to be done where and when: CSV or XLSX."""
    shifts: FilePath | None = None
    """Who works when: CSV or XLSX."""
    links: FilePath | None = None
    """What visits have to do with each other, such as two doses of a medicine: CSV or XLSX."""
    absences: FilePath | None = None
    """Who is absent when, by ``staff_id, first_day, last_day``; who is absent has no shift."""
    visit_columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the visits file's heading, where they differ."""
    shift_columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the shifts file's heading, where they differ."""
    link_columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the links file's heading, where they differ."""
    seeded: SeededDay | None = None
    """Instead of the files."""
    pay_gbp_per_hour: Price = USUAL_PAY_GBP_PER_HOUR
    """Of a shift that does not say."""
    parking_min: float = Field(default=0.0, ge=0, le=60)
    """From the end of the drive to the door of a visit, for a shift that does not say."""
    prices: RoundsPricesTable = RoundsPricesTable()
    """What else a plan costs."""
    daylight: DaylightTable | None = None
    """When it is light; without it, from sunrise to sunset in the middle of the day's places."""
    explain: RoundsExplainTable = RoundsExplainTable()
    """What to tell of the plan."""
    replan: ReplanTable = ReplanTable()
    """What changes are worth when the day no longer goes as planned."""
    time_limit_s: Seconds = 60.0
    """The solver's time limit."""

    @model_validator(mode="after")
    def _one_kind_of_day(self) -> Self:
        files = [self.depots, self.visits, self.shifts]
        if self.seeded is None and not all(files):
            msg = "name all of depots, visits and shifts, or ask for a [rounds.seeded] day"
            raise ValueError(msg)
        if self.seeded is not None and any([*files, self.links, self.absences]):
            msg = (
                "[rounds.seeded] stands instead of depots, visits, shifts, links and absences; "
                "remove one"
            )
            raise ValueError(msg)
        return self
