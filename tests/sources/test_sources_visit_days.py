from datetime import date

import pytest

from ntgeo.domain.places import Location
from ntgeo.domain.routing import Depot
from ntgeo.errors import InputError
from ntgeo.sources import read_shift_table, read_visit_table

TUESDAY = date(2026, 11, 24)
HEAD = "visit_id,duration_min,easting,northing,days,frequency,in_hospital,team\n"


def read(write, *rows, team=None):
    text = HEAD + "".join(f"V{n},30,430000,570000,{row}\n" for n, row in enumerate(rows, 1))
    return read_visit_table(write("visits.csv", text), day=TUESDAY, team=team)


@pytest.mark.parametrize(
    ("cells", "is_of_day"),
    [
        (",,,", True),
        ("tue,,,", True),
        ("Mon; Tuesday,2x week,,", True),
        ("weekdays,5 x week,no,", True),
        ("weekends,,,", False),
        ("mon;wed;fri,3x week,,", False),
        (",daily,,", True),
        (",2x day,,", True),
        ("daily,weekly,,North", True),
    ],
)
def test_which_weekdays_a_visit_is_made_on(write, cells, is_of_day):
    found = read(write, cells, ",,,")
    assert [visit.id for visit in found.visits] == (["V1", "V2"] if is_of_day else ["V2"])
    assert found.of_other_days == (set() if is_of_day else {"V1"})
    assert (
        any(
            "V1 of other days than Tuesday 24/11/2026, and not planned" in note
            for note in found.notes
        )
        != is_of_day
    )


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("someday,,,", '"someday" is no weekday'),
        (",3x week,,", "says how often, but not on which days"),
        ("mon,3x week,,", "asks for 3 days, but days names 1"),
        (",,yes,", "V1 is in hospital"),
        (",,,North", "V1 belongs to team North; this plan is of team South"),
    ],
)
def test_what_cannot_be_planned_is_refused(write, cells, says):
    with pytest.raises(InputError, match=says):
        read(write, cells, ",,,south", team="South")


WEEK = """visit_id,duration_min,easting,northing,date
V1,30,430000,570000,2026-11-24
V1,30,430000,570000,25/11/2026
V2,thirty,430000,570000,26 November 2026
V3,30,430000,570000,
"""


def test_an_export_of_a_week_is_read_by_its_dates(write):
    """Ids may stand once a day, and what is wrong with other days is no matter today."""
    found = read_visit_table(write("visits.csv", WEEK), day=TUESDAY)
    assert [visit.id for visit in found.visits] == ["V1", "V3"]
    assert found.of_other_days == {"V2"}
    assert "visits.csv: V2 of other days than Tuesday 24/11/2026, and not planned." in found.notes


def test_a_week_without_the_day_is_refused(write):
    path = write("visits.csv", WEEK.replace("V3,30,430000,570000,\n", ""))
    says = r"visits\.csv: has no row of 27/11/2026; its dates are 24/11/2026, 25/11/2026, 26/11"
    with pytest.raises(InputError, match=says):
        read_visit_table(path, day=date(2026, 11, 27))


def test_a_date_that_is_none_sets_the_visit_aside(write):
    text = WEEK.replace("2026-11-24", "24/13/2026")
    found = read_visit_table(write("visits.csv", text), day=TUESDAY)
    assert [visit.id for visit in found.visits] == ["V3"]
    (fault,) = found.set_aside
    assert (fault.row, fault.column, fault.value) == (2, "date", "24/13/2026")


def test_a_rota_of_a_week_is_read_by_its_dates(write):
    depots = [Depot(id="D1", name="Yard", location=Location(easting_m=430_000, northing_m=570_000))]
    text = (
        "shift_id,staff_id,start_time,end_time,start_depot,date\n"
        "A,ST01,08:00,16:00,D1,2026-11-24\nA,ST01,08:00,16:00,D1,2026-11-25\n"
    )
    found = read_shift_table(write("shifts.csv", text), day=TUESDAY, depots=depots)
    assert [shift.id for shift in found.shifts] == ["A"]
    assert (
        "shifts.csv: 1 shifts of other days than Tuesday 24/11/2026, and not planned."
        in found.notes
    )
