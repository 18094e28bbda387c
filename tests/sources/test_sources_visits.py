from datetime import date

import pandas as pd
import pytest

from ntgeo.domain.routing import (
    NotAlone,
    Pin,
    PlaceInRound,
    SoftWindow,
    TimeWindow,
    WindowSense,
)
from ntgeo.errors import DuplicateIdError, InputError, MissingColumnError
from ntgeo.sources import read_visits

DAY = date(2026, 3, 3)
HEAD = (
    "visit_id,duration_min,window_start,window_end,skills,priority,easting,northing,nhs_number,"
    "notes\n"
)
END = "430000,570000,9434765919,has a dog\n"


def _read(write, *rows, day=DAY, head=HEAD):
    return read_visits(write("visits.csv", head + "".join(row + "\n" for row in rows)), day=day)


def test_a_visit(write):
    second, first = (
        "V2,30,,,,,430000,570000,,",
        f"V1,45,08:30,10:00,Lifting; care ;;,1,{END.strip()}",
    )
    one, two = _read(write, second, first)
    assert (one.id, one.service_s, one.priority) == ("V1", 2700, 1)
    assert one.windows == (TimeWindow(start_s=30_600, end_s=36_000),)
    assert one.skills == {"lifting", "care"}
    assert two.windows == (TimeWindow(start_s=0, end_s=86_400),)
    assert (two.skills, two.priority) == (frozenset(), 3)


def test_two_windows_come_in_order_of_time(write):
    head = (
        "visit_id,duration_min,window_start,window_end,window2_start,window2_end,easting,northing\n"
    )
    (visit,) = _read(write, "V1,45,17:00,24:00,08:00,09:00,430000,570000", head=head)
    assert [w.start_s for w in visit.windows] == [8 * 3600, 17 * 3600]
    assert visit.windows[1].end_s == 86_400


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("V1,0,,,,", 'column duration_min, value "0": must be above 0'),
        ("V1,,,,,", "column duration_min: is missing"),
        (
            "V1,30,10:00,09:00,,",
            'column window_end, value "09:00": the window ends before it starts',
        ),
        ("V1,30,10:00,,,", "one end of the window is missing"),
        ("V1,30,9.30,10:00,,", 'value "9.30": is not a time of day. Fix: use 09:30'),
        ("V1,30,09:00Z,10:00,,", "has a time zone"),
        ("V1,30,,,,9", 'column priority, value "9": is above the limit 5'),
        (",30,,,,", "the id is missing"),
    ],
)
def test_wrong_cells_name_row_column_value_and_fix(write, cells, says):
    with pytest.raises(InputError) as caught:
        _read(write, f"V0,30,,,,,{END.strip()}", f"{cells},{END.strip()}")
    assert says in str(caught.value).replace(', value ""', "")
    assert "visits.csv row 3" in str(caught.value)
    assert "Fix: " in str(caught.value)


def test_repeated_visit_is_a_duplicate(write):
    rows = [f"V12,30,,,,,{END.strip()}"] * 2
    with pytest.raises(DuplicateIdError, match='column visit_id, value "V12": stands on rows 2, 3'):
        _read(write, *rows)


def test_time_that_the_clocks_skip(write):
    with pytest.raises(InputError, match="01:30 does not exist on 29/03/2026") as caught:
        _read(write, f"V1,30,01:30,03:00,,,{END.strip()}", day=date(2026, 3, 29))
    assert caught.value.faults[0].fix == "use 02:30"


def test_places_of_people_are_never_shown(write):
    head = "visit_id,duration_min,postcode,lon,lat\n"
    postcodes = pd.DataFrame(
        {"postcode": ["NE29 7PG"], "easting_m": [433909.0], "northing_m": [569012.0], "lsoa": [""]}
    )
    path = write("visits.csv", head + "V1,30,NE99 9ZZ,,\nV2,30,,55.0123,-1.4987\nV3,30,ne297pg,,\n")
    with pytest.raises(InputError) as caught:
        read_visits(path, day=DAY, postcodes=postcodes)
    text = str(caught.value)
    assert "row 2, column postcode, value (hidden): is not in the postcode look-up" in text
    assert "row 3, column lon, lat, value (hidden): lon and lat look swapped" in text
    assert "NE99" not in text
    assert "55.0123" not in text


def test_all_faults_of_the_table_are_told_at_once(write):
    with pytest.raises(InputError) as caught:
        _read(write, f"V1,0,10:00,09:00,,7,{END.strip()}", "V1,30,,,,,55,-1.5,,")
    assert {fault.code for fault in caught.value.faults} == {
        "duplicate-id",
        "too-small",
        "too-large",
        "impossible-window",
        "bad-location",
    }


def test_needed_columns(write):
    with pytest.raises(MissingColumnError, match="column duration_min"):
        _read(write, "V1,430000,570000", head="visit_id,easting,northing\n")


def _rules(write, **cells):
    head = "visit_id,duration_min,easting,northing," + ",".join(cells)
    path = write("visits.csv", f"{head}\nV1,30,430000,570000,{','.join(cells.values())}\n")
    (visit,) = read_visits(path, day=DAY)
    return visit


def test_every_rule_of_a_visit_has_a_column(write):
    visit = _rules(
        write,
        window_sense="Finish",
        duration_by_staff="ST01:20; st2:45.5",
        crew="2",
        not_alone="after dark",
        required_staff="ST01;ST02",
        preferred_staff="ST02",
        forbidden_staff="ST03",
        usual_staff="ST01",
        address_id="100012345678",
        set_up_min="5",
        unmade_gbp="250",
        pinned_shifts="SH01;SH02",
        pinned_start="09:10",
        pinned_place="first",
        load="12.5",
    )
    assert visit.window_sense is WindowSense.FINISH
    assert visit.service_s_by_staff == {"ST01": 1200, "st2": 2730}
    assert (visit.crew, visit.not_alone) == (2, NotAlone.AFTER_DARK)
    assert (visit.required_staff, visit.preferred_staff) == ({"ST01", "ST02"}, {"ST02"})
    assert (visit.forbidden_staff, visit.usual_staff) == ({"ST03"}, {"ST01"})
    assert (visit.address, visit.set_up_s, visit.unmade_gbp) == ("100012345678", 300, 250)
    assert visit.pin == Pin(
        shifts=frozenset({"SH01", "SH02"}), begin_s=33_000, place=PlaceInRound.FIRST
    )
    assert visit.load == 12.5


def test_columns_that_are_left_out_ask_nothing(write):
    visit, plain = _rules(write, crew="", pinned_start="", window_sense=""), _rules(write, note="-")
    assert visit == plain
    assert (plain.crew, plain.pin, plain.unmade_gbp) == (1, Pin(), None)


def test_many_windows_and_soft_ones(write):
    visit = _rules(
        write,
        window_start="07:00",
        window_end="08:00",
        window6_start="20:00",
        window6_end="21:00",
        soft_start="07:15",
        soft_early_gbp_per_minute="0.10",
        soft3_end="07:45",
        soft3_late_gbp_per_minute="0.5",
        soft2_start="07:20",
        soft2_end="07:30",
    )
    assert [window.start_s for window in visit.windows] == [7 * 3600, 20 * 3600]
    assert visit.soft_windows == (
        SoftWindow(window=TimeWindow(start_s=26_100, end_s=86_400), early_gbp_per_minute=0.1),
        SoftWindow(window=TimeWindow(start_s=26_400, end_s=27_000)),
        SoftWindow(window=TimeWindow(start_s=0, end_s=27_900), late_gbp_per_minute=0.5),
    )


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"window_sense": "middle"}, "write one of start, finish, arrive"),
        ({"crew": "1.5"}, "is not whole"),
        ({"crew": "0"}, "must be at least 1"),
        ({"duration_by_staff": "ST01=20"}, "write STAFF:MINUTES"),
        ({"duration_by_staff": "ST01:0"}, 'minutes "0": must be above 0'),
        ({"duration_by_staff": "ST01:20;ST01:30"}, "ST01 stands twice"),
        ({"duration_by_staff": "ST01:"}, 'minutes "": is missing'),
        ({"required_staff": "A;B", "forbidden_staff": "B"}, "B is both required and forbidden"),
        ({"not_alone": "yes"}, "write one of always, after-dark"),
        ({"pinned_start": "9.10"}, "Fix: use 09:10"),
        ({"pinned_place": "second"}, "write one of first, last"),
        ({"soft_late_gbp_per_minute": "1"}, "there is a price, but no time"),
        ({"soft_start": "10:00", "soft_end": "09:00"}, "the window ends before it starts"),
        ({"unmade_gbp": "-1"}, "must be at least 0"),
    ],
)
def test_wrong_rules_are_told(write, cells, says):
    with pytest.raises(InputError) as caught:
        _rules(write, **cells)
    assert says in str(caught.value)
    assert "visits.csv row 2" in str(caught.value)


def test_an_address_of_the_file_is_left_in_it(write):
    assert _rules(write, address="12 High Street").address is None
