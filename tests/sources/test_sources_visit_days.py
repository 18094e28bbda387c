from datetime import date

import pytest

from ntgeo.errors import InputError
from ntgeo.sources import read_visit_table

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
    assert any("V1 not planned on a Tuesday" in note for note in found.notes) != is_of_day


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
