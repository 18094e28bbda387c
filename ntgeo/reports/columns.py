"""One schema for every table ntgeo writes: what each column is called, means and holds.

A column means the same thing in the CSV, the workbook, the GeoPackage and the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from ntgeo.errors import Fault, MissingColumnError

__all__ = [
    "COLUMNS",
    "Column",
    "ColumnKind",
    "column_of",
    "columns_table",
    "framed",
    "require_columns",
    "typed_frame",
]


class ColumnKind(StrEnum):
    """What the cells of a column hold, and so how people are shown them."""

    TEXT = "text"
    COUNT = "count"
    """Whole number; missing is allowed."""
    NUMBER = "number"
    RATE = "rate"
    """Per 1,000, shown to a tenth."""
    AMOUNT = "amount"
    """Demand and other weights: shown to the nearest whole one."""
    SECONDS = "seconds"
    """Held in seconds, shown in minutes."""
    METRES = "metres"
    """Held in metres, shown in kilometres."""
    MILES = "miles"
    GRID = "grid"
    """Metres of British National Grid."""
    SHARE = "share"
    """0 to 1, shown as a percentage."""
    POUNDS = "pounds"
    PENCE = "pence"
    """Held in pounds, shown to the penny."""
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the schema.

    Args:
        name: In files; its unit is in its name.
        label: In the report, with the unit it is shown in.
        kind: What its cells hold.
        meaning: In words.
    """

    name: str
    label: str
    kind: ColumnKind
    meaning: str


_T, _N, _S = ColumnKind.TEXT, ColumnKind.COUNT, ColumnKind.SECONDS
_A, _P, _F = ColumnKind.AMOUNT, ColumnKind.SHARE, ColumnKind.FLAG
_C = ColumnKind.PENCE
_M, _R, _Q = ColumnKind.METRES, ColumnKind.NUMBER, ColumnKind.RATE

_ALL = (
    Column("lsoa", "Area code", _T, "LSOA code of the area"),
    Column("name", "Name", _T, "Name of the area or site"),
    Column("ward", "Ward", _T, "Electoral ward, empty where not known"),
    Column("population", "Residents", _N, "Usual residents"),
    Column("imd_decile", "Deprivation decile", _N, "1 is the most deprived tenth of the country"),
    Column("demand", "Demand", _A, "Weight in the siting question; the report names its unit"),
    Column("age_group", "Age", _T, "Age group of residents"),
    Column("demand_share", "Share of demand", _P, "Share of all demand"),
    Column("site_id", "Site", _T, "Id of the site"),
    Column("site_name", "Serving site", _T, "Name of the site that serves the area"),
    Column("status", "Asked as", _T, "What the planner said may be done with the site"),
    Column("decision", "Decision", _T, "What the plan does with the site"),
    Column("is_open_today", "Open today", _F, "Whether the site counts in the picture before"),
    Column("is_open_in_plan", "Open in the plan", _F, "Whether the plan has the site open"),
    Column("easting_m", "Easting", ColumnKind.GRID, "Metres east, British National Grid"),
    Column("northing_m", "Northing", ColumnKind.GRID, "Metres north, British National Grid"),
    Column("capacity", "Capacity", _A, "Most demand the site can serve; empty is unlimited"),
    Column("fixed_cost_gbp", "Yearly cost", ColumnKind.POUNDS, "Pounds a year to keep it open"),
    Column("areas", "Areas", _N, "How many areas"),
    Column("utilisation_share", "In use", _P, "Share of the capacity, or of the paid time, used"),
    Column("time_before_s", "Before (min)", _S, "Seconds to the nearest site open today"),
    Column(
        "time_after_s",
        "After (min)",
        _S,
        "Seconds to the serving site; for an unserved area, to the nearest open one",
    ),
    Column("change_s", "Change (min)", _S, "After less before, seconds; below 0 is quicker"),
    Column("sites_cut_off", "Sites cut off", _N, "Sites within reach before, and not after"),
    Column("distance_m", "Distance (km)", _M, "Metres along the way"),
    Column("mean_time_s", "Mean journey (min)", _S, "Demand-weighted mean seconds to the site"),
    Column("longest_time_s", "Longest journey (min)", _S, "Most seconds of any area it serves"),
    Column(
        "is_limit_doubtful",
        "Limit doubtful",
        _F,
        "Whether it is within the travel limit, but not at the high end of the range of times",
    ),
    Column(
        "supply_before_per_1000",
        "Per 1,000, before",
        _Q,
        "Supply within reach of each 1,000 of demand before, shared with all who reach it (E2SFCA)",
    ),
    Column("supply_after_per_1000", "Per 1,000, after", _Q, "The same after"),
    Column("supply_unit", "Supply", _T, "capacity, or sites where not all capacities are known"),
    Column("what_if", "What if it were", _T, "What is done to the site against the plan"),
    Column("cost", "Cost", _R, "How much worse the objective gets, in its unit"),
    Column("cost_bound", "Cost at least", _R, "No plan with the change costs less, in the unit"),
    Column("unit", "Unit", _T, "Unit of the objective"),
    Column("more_unserved", "More unserved", _A, "Demand left unserved beyond that of the plan"),
    Column("is_proven", "Proven", _F, "Whether the figure is exact; otherwise it is a bound"),
    Column("opened_instead", "Would open", _T, "Sites open then and not in the plan"),
    Column("closed_instead", "Would not open", _T, "Sites of the plan that are not open then"),
    Column("outcome", "Would mean", _T, "What it comes to, in words"),
    Column("rank", "Rank", _N, "1 is the plan, 2 the next best"),
    Column("objective", "Value", _R, "Value of the objective, in its unit"),
    Column("worse_by", "Worse by", _R, "How much worse than the plan, in the unit"),
    Column("worse_share", "Worse by (%)", _P, "How much worse than the plan, as a share of it"),
    Column("grows", "If this grows", _T, "What is multiplied"),
    Column("unchanged_until", "Holds to (times)", _R, "The plan is best up to this factor"),
    Column("changes_at", "Changes at (times)", _R, "At this factor it is not; empty for never"),
    Column("area_share", "Share", _P, "Share of the area's demand that goes to the site"),
    Column("served_share", "Served", _P, "Share of the area's demand that the plan serves"),
    Column("is_unserved", "Unserved", _F, "Whether no open site serves the area"),
    Column("reason", "Why", _T, "Why the area is unserved or the visit unmade"),
    Column(
        "smallest_change",
        "What would mend it",
        _T,
        "The smallest change that would serve the area or make the visit",
    ),
    Column(
        "change_cost_gbp",
        "Then costs more",
        ColumnKind.PENCE,
        "Pounds that the plan would cost more with the change; empty where not reckoned",
    ),
    Column("change_proof", "How that is known", _T, "Whether the changed day was planned again"),
    Column("mean_before_s", "Mean before (min)", _S, "Weighted mean seconds before"),
    Column("mean_after_s", "Mean after (min)", _S, "Weighted mean seconds after"),
    Column("p90_before_s", "9 in 10 within, before (min)", _S, "Nine tenths travel at most this"),
    Column("p90_after_s", "9 in 10 within, after (min)", _S, "Nine tenths travel at most this"),
    Column("worst_before_s", "Longest before (min)", _S, "Most seconds of any area before"),
    Column("worst_after_s", "Longest after (min)", _S, "Most seconds of any area after"),
    Column("within_before_share", "Within the limit, before", _P, "Share within the travel limit"),
    Column("within_after_share", "Within the limit, after", _P, "Share within the travel limit"),
    Column("cut_off_before_share", "No way, before", _P, "Share with no way to any open site"),
    Column("cut_off_after_share", "No way, after", _P, "Share with no way to any open site"),
    Column("shift_id", "Shift", _T, "Id of the shift"),
    Column("staff_id", "Staff", _T, "Id of the member of staff; never a name"),
    Column("stop_number", "Stop", _N, "Order in the round; 0 is the start"),
    Column("visit_number", "Visit no.", _N, "Order among the visits of the round"),
    Column("kind", "What", _T, "start, visit, break or end"),
    Column("visit_id", "Visit", _T, "Id of the visit; empty for other stops"),
    Column("place_id", "Place", _T, "Visit or depot where it happens"),
    Column("arrive", "Arrive", _T, "Clock time in London"),
    Column("begin", "Begin", _T, "Clock time in London"),
    Column("leave", "Leave", _T, "Clock time in London"),
    Column("arrive_s", "Arrive (elapsed min)", _S, "Seconds elapsed since midnight of the day"),
    Column("begin_s", "Begin (elapsed min)", _S, "Seconds elapsed since midnight of the day"),
    Column("leave_s", "Leave (elapsed min)", _S, "Seconds elapsed since midnight of the day"),
    Column("travel_s", "Travel (min)", _S, "Seconds on the way from the stop before, or in all"),
    Column("walk_s", "On foot (min)", _S, "Of the travel, seconds from or back to a parked car"),
    Column("parking_s", "Parking (min)", _S, "Seconds from the end of the drive to the door"),
    Column("wait_s", "Wait (min)", _S, "Seconds waited for a window to open, or for a crew"),
    Column("set_up_s", "Set-up (min)", _S, "Seconds between the wait and the visit"),
    Column("service_s", "Length (min)", _S, "Seconds of visits"),
    Column("break_s", "Break (min)", _S, "Seconds of breaks"),
    Column("hours_s", "Hours (min)", _S, "Seconds from the start to the end of the shift's hours"),
    Column("spare_s", "Spare (min)", _S, "Seconds of the shift's hours with nothing to do"),
    Column(
        "work_s",
        "Work (min)",
        _S,
        "Seconds from leaving the start to the end of the round, less unpaid breaks",
    ),
    Column("overtime_s", "Overtime (min)", _S, "Seconds of work that are overtime"),
    Column("early_s", "Early (min)", _S, "Seconds that it begins before a soft window"),
    Column("late_s", "Late (min)", _S, "Seconds that it begins after a soft window"),
    Column("late_visits", "Late visits", _N, "Visits that begin after a soft window of theirs"),
    Column(
        "window",
        "May begin",
        _T,
        "When the visit or break may begin; where it says so, be arrived at, or finish",
    ),
    Column("soft_window", "Better", _T, "When the visit had better begin"),
    Column("way", "How to go there", _T, "From the stop before, turn by turn"),
    Column("with_staff", "With", _T, "Staff who come to the same visit"),
    Column("links", "Linked", _T, "What other visits have to do with it"),
    Column("face", "Seen by", _T, "usual staff or new face; empty where there is no usual staff"),
    Column("crew", "People", _N, "How many people must come"),
    Column("mode", "Travels by", _T, "car, bicycle or foot"),
    Column("usual_visits", "With usual staff", _N, "Visits made that have usual staff"),
    Column("seen_visits", "Is usual staff of", _N, "Of these, visits of which it is usual staff"),
    Column("usual_share", "Share of these", _P, "Share of the visits that have usual staff"),
    Column("new_faces", "New faces", _N, "People at visits who are not usual staff there"),
    Column("usual_staff", "Usual staff", _T, "Staff whom the visit knows"),
    Column("preferred_staff", "Preferred staff", _T, "Staff whom the visit prefers"),
    Column("not_preferred", "Not preferred", _N, "People who came and are not preferred"),
    Column("came", "Came", _T, "Staff who make the visit"),
    Column(
        "is_seen_by_usual",
        "Seen by usual staff",
        _F,
        "Whether one at least of its usual staff came",
    ),
    Column("skills", "Skills", _T, "Skills that the visit needs"),
    Column("priority", "Priority", _N, "1 is made first, 5 goes unmade first"),
    Column("visits", "Visits", _N, "Visits made"),
    Column("miles", "Miles", ColumnKind.MILES, "Miles travelled"),
    Column("pay_gbp", "Pay", _C, "Pounds of pay for the work"),
    Column("overtime_gbp", "Overtime cost", _C, "Pounds of overtime, on top of pay"),
    Column(
        "mileage_gbp", "Mileage", _C, "Pounds of mileage in the plan's cost, at the shift's rate"
    ),
    Column("travel_gbp", "Travel cost", _C, "Pounds of time on the way, on top of pay"),
    Column("round_gbp", "Round", _C, "Pounds of having a round at all"),
    Column("shift_cost_gbp", "Cost", _C, "Pounds of the round by its shift's own prices"),
    Column(
        "mileage_claim_gbp",
        "Mileage claim",
        _C,
        "Pounds that may be claimed for the miles, at the rate for the first 10,000 in a tax year",
    ),
    Column(
        "unmade_gbp", "Price unmade", _C, "Pounds of not making it; 0 where priorities are first"
    ),
    Column("term", "Term", _T, "Short name of a term of the plan's cost"),
    Column("meaning", "What for", _T, "What it is, in words"),
    Column("cost_gbp", "Cost", _C, "Pounds"),
    Column("cost_share", "Share", _P, "Share of the plan's cost"),
    Column("start", "Start", _T, "Clock time in London when the round starts"),
    Column("end", "End", _T, "Clock time in London when the round ends"),
    Column("code", "Kind", _T, "Short name of the reason"),
    Column("instead", "Could come", _T, "Shifts that would come; empty where nobody could"),
    Column("extra_gbp", "Extra cost", ColumnKind.PENCE, "Pounds that the plan would cost more"),
    Column("is_proven", "Proven", _F, "Whether nothing cheaper is possible"),
    Column("slot", "Slot", _T, "Clock times in London between which the visit begins"),
    Column("change", "Change", _T, "What becomes of the visit"),
    Column("shifts_before", "Was to come", _T, "Shifts that were to come"),
    Column("shifts_now", "Comes", _T, "Shifts that come"),
    Column("begin_before", "Was to begin", _T, "Clock time in London"),
    Column("begin_now", "Begins", _T, "Clock time in London"),
    Column("is_straight_line", "Straight line", _F, "Whether no road path was given"),
    Column("sites", "Sites", _N, "How many sites are open for the service"),
    Column("unserved_areas", "Areas not served", _N, "Areas that no site serves"),
    Column("service", "Service", _T, "Name of the service"),
    Column("count", "Uses", _N, "Uses recorded"),
    Column("people", "People", _N, "Different people who used it, where records have ids"),
    Column("people_per_1000", "People per 1,000", _Q, "Different people per 1,000 residents"),
    Column("rate_per_1000", "Rate per 1,000", _Q, "Uses per 1,000 residents"),
    Column("ci_low", "From", _Q, "Lower 95 % confidence limit of the rate"),
    Column("ci_high", "To", _Q, "Upper 95 % confidence limit of the rate"),
    Column("observed", "Observed", _A, "Uses recorded"),
    Column("expected", "Expected", _A, "Uses that people of this age and deprivation usually make"),
    Column("difference", "Difference", _A, "Expected less observed: above 0 may be unmet need"),
    Column("unmet_need", "Unmet need", _A, "The difference where it is above 0, else 0"),
    Column("observed_share", "Observed of expected", _P, "Observed over expected"),
    Column("sii", "Slope index (SII)", _Q, "Rate of most less rate of least deprived, per 1,000"),
    Column("sii_low", "SII from", _Q, "Lower 95 % confidence limit"),
    Column("sii_high", "SII to", _Q, "Upper 95 % confidence limit"),
    Column("rii", "Relative index (RII)", _R, "Rate of most over rate of least deprived"),
    Column("rii_low", "RII from", _R, "Lower 95 % confidence limit"),
    Column("rii_high", "RII to", _R, "Upper 95 % confidence limit"),
    Column("deciles", "Deciles", _N, "Deprivation deciles that the indices rest on"),
    Column("most_deprived_per_1000", "Most deprived", _Q, "Fitted rate at the most deprived end"),
    Column(
        "least_deprived_per_1000", "Least deprived", _Q, "Fitted rate at the least deprived end"
    ),
    Column("dispersion", "Dispersion", _R, "Spread about the line; 1 is that of chance"),
    Column("origin_id", "From", _T, "Where a journey starts"),
    Column("destination_id", "To", _T, "Where a journey ends"),
    Column("time_s", "Time (min)", _S, "Seconds along the fastest way"),
    Column("time_low_s", "Time, low (min)", _S, "Seconds at the low end of the range of times"),
    Column("time_high_s", "Time, high (min)", _S, "Seconds at the high end of the range of times"),
    Column("limit_s", "Within (min)", _S, "Seconds that a journey may take"),
    Column("road_m", "Road (km)", _M, "Metres of road from which the site is the nearest"),
    Column("reached", "Reached", _N, "How many destinations are within the limit"),
    Column("reached_weight", "Weight reached", _A, "Sum of the weights of those destinations"),
    Column("nearest_id", "Nearest", _T, "The nearest destination, however far; empty for none"),
    Column("nearest_time_s", "To the nearest (min)", _S, "Seconds to the nearest destination"),
)

COLUMNS: Final[Mapping[str, Column]] = MappingProxyType({column.name: column for column in _ALL})
"""Every column of the schema, by name."""

_UNITS: Final = {
    ColumnKind.SECONDS: "seconds",
    ColumnKind.METRES: "metres",
    ColumnKind.GRID: "metres",
    ColumnKind.MILES: "miles",
    ColumnKind.SHARE: "share from 0 to 1",
    ColumnKind.POUNDS: "pounds a year",
    ColumnKind.PENCE: "pounds",
    ColumnKind.RATE: "per 1,000 residents",
    ColumnKind.COUNT: "whole number",
    ColumnKind.AMOUNT: "number",
    ColumnKind.NUMBER: "number",
    ColumnKind.FLAG: "true or false",
    ColumnKind.TEXT: "text",
}
_DTYPES: Final = {ColumnKind.COUNT: "Int64", ColumnKind.FLAG: "bool"}
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def column_of(name: str) -> Column:
    """Return the column of the schema; one that is not in it is text under its own name."""
    return COLUMNS.get(name) or Column(name, name.replace("_", " ").capitalize(), _T, "")


def columns_table(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what each column of the given tables means, a row a table and column.

    Returns:
        ``table, column, unit, meaning``: the data dictionary to lay beside the tables.
    """
    rows = [
        (table, str(name), _UNITS.get(column_of(str(name)).kind, ""), column_of(str(name)).meaning)
        for table, frame in frames.items()
        for name in frame.columns
        if name != "geometry"
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"], dtype="str")


def typed_frame(cells: Mapping[str, Any], names: Sequence[str]) -> pd.DataFrame:
    """Return ``cells`` as a frame of ``names``, each column in the type of its kind.

    A column has the same type whether the frame has rows or not. Text that no file can hold (half
    of a character) becomes the replacement character.
    """
    return pd.DataFrame({name: _typed(cells[name], COLUMNS[name].kind) for name in names})


def framed(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame of ``names``, as :func:`typed_frame` does cells."""
    return typed_frame({name: [row[name] for row in rows] for name in names}, names)


def _typed(cells: Any, kind: ColumnKind) -> pd.Series:
    if kind is ColumnKind.TEXT:
        return pd.Series([_SURROGATES.sub("\ufffd", str(cell)) for cell in cells], dtype="str")
    dtype = _DTYPES.get(kind, "float64")
    return pd.Series(cells, dtype=object).astype(dtype)  # type: ignore[call-overload]


def require_columns(frame: pd.DataFrame, names: Iterable[str], table: str) -> None:
    """Refuse a frame that lacks any of ``names``.

    Raises:
        MissingColumnError: Names every missing column.
    """
    faults = [
        Fault(
            file=table,
            column=name,
            what="the table lacks this column",
            fix=f'add a column "{name}" ({column_of(name).meaning})',
            code="missing-column",
        )
        for name in names
        if name not in frame.columns
    ]
    if faults:
        raise MissingColumnError(faults)
