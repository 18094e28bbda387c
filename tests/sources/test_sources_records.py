from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import coded, read_areas, read_postcodes, read_records

AREAS = ["E01008461", "E01008462"]


@pytest.fixture
def shapes(write_geojson):
    def square(column):
        west = -1.5 + column * 0.01
        return shapely.geometry.mapping(shapely.box(west, 55, west + 0.01, 55.01))

    features = [({"LSOA21CD": code}, square(i)) for i, code in enumerate(AREAS)]
    return read_areas(write_geojson("areas.geojson", features))


def test_columns_have_their_types_and_persons_are_only_numbers(write):
    path = write(
        "r.csv",
        "record_id,person_id,service,date,lsoa,age\n"
        "1,P9,library,2025-04-01,E01008461,46\n"
        "2,P9,meals,02/04/2025,e01008462 ,\n"
        "3,,library,31/04/2025,E01008462,7\n".replace("31/04", "30/04"),
    )
    table = read_records(path, areas=AREAS).table
    assert table.to_pydict() == {
        "lsoa": ["E01008461", "E01008462", "E01008462"],
        "service": ["library", "meals", "library"],
        "count": [1, 1, 1],
        "person_id": [0, 0, None],
        "age": [46, None, 7],
        "date": [date(2025, 4, 1), date(2025, 4, 2), date(2025, 4, 30)],
    }


def test_counts_add_up_whatever_becomes_of_the_rows(write):
    rows = ["E01008461,10", "E01008462,20", "E01008463,30", ",40", "E0100846,50", "E01008461,x"]
    path = write("r.csv", "lsoa,count\n" + "\n".join(rows) + "\n")
    records = read_records(path, service="s", areas=AREAS, set_aside_limit_share=0.5)
    assert records.served_total == 30
    assert (records.outside, records.outside_rows) == (30, 1)
    assert (records.set_aside, records.set_aside_rows) == (90, 3)
    assert records.source_total == 150
    assert records.source_rows == 6
    assert [fault.row for fault in records.faults] == [5, 6, 7]
    assert records.notes == (
        "r.csv: 1 rows (30 in all) are in other areas and not part of this plan.",
        "r.csv: 3 rows (90 in all) cannot be used and are set aside.",
    )


def test_too_many_unusable_rows_refuse_the_file(write):
    path = write("r.csv", "lsoa\nE01008461\nE01999999\nE0100846\n")
    with pytest.raises(InputError) as caught:
        read_records(path, service="s", areas=AREAS)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("r.csv: 2 of 3 rows cannot be used; at most 2% may be set aside.")
    assert 'r.csv row 3, column lsoa, value "E01999999"' in str(caught.value)
    assert 'r.csv row 4, column lsoa, value "E0100846"' in str(caught.value)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([*AREAS, "E01000001", "", "E00000001", "nonsense"]),
            st.sampled_from(["0", "1", "2.5", "1,000", "-1", "inf", ""]),
        ).filter(any),
        min_size=1,
        max_size=20,
    ),
    is_fast=st.booleans(),
)
def test_no_row_is_ever_lost(tmp_path, rows, is_fast):
    path = tmp_path / "r.csv"
    path.write_text("lsoa,count\n" + "".join(f'{a},"{n}"\n' for a, n in rows), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded, "_CAREFUL_BELOW_BYTES", 0 if is_fast else 1 << 30)
        records = read_records(
            path, service="s", areas=AREAS, repeats="add", set_aside_limit_share=1.0
        )
    assert records.table.num_rows + records.outside_rows + records.set_aside_rows == len(rows)
    assert records.served_total + records.outside + records.set_aside == records.source_total
    usable = {"0": 0, "1": 1, "2.5": 2.5, "1,000": 1000}
    assert records.source_total == sum(usable.get(n, 0) for _, n in rows)


def test_the_service_is_named_or_in_the_file(write):
    path = write("r.csv", "lsoa\nE01008461\n")
    with pytest.raises(MissingColumnError, match="no service is named"):
        read_records(path)
    assert read_records(path, service="gp").table["service"].to_pylist() == ["gp"]


def test_personal_columns_are_refused_unless_mapped(write):
    path = write("r.csv", "lsoa,service,NHS Number,DOB\nE01008461,s,9434765919,2001-01-01\n")
    with pytest.raises(InputError) as caught:
        read_records(path)
    assert [fault.column for fault in caught.value.faults] == ["NHS Number", "DOB"]
    assert "9434765919" not in str(caught.value)
    path = write("r.csv", "lsoa,service,NHS Number\nE01008461,s,9434765919\n")
    table = read_records(path, columns={"person_id": "NHS Number"}).table
    assert table["person_id"].to_pylist() == [0]


def test_no_place_at_all(write):
    with pytest.raises(MissingColumnError, match="no column says where the records are"):
        read_records(write("r.csv", "service,x\ns,1\n"))


def test_postcodes_are_placed_and_hidden(write):
    postcodes = pd.DataFrame(
        {
            "postcode": ["NE29 7PG"],
            "easting_m": [433909.0],
            "northing_m": [569012.0],
            "lsoa": AREAS[:1],
        }
    )
    path = write("r.csv", "postcode\nne297pg\nNE99 9ZZ\n")
    records = read_records(
        path, service="s", postcodes=postcodes, areas=AREAS, set_aside_limit_share=0.5
    )
    assert records.table["lsoa"].to_pylist() == AREAS[:1]
    assert records.set_aside_rows == 1
    assert "value (hidden): is not in the postcode look-up" in str(records.faults[0])
    with pytest.raises(InputError, match="no postcode look-up is given"):
        read_records(path, service="s")


def test_points_are_put_into_areas_and_those_beyond_counted(write, shapes):
    path = write(
        "r.csv", "lon,lat\n-1.495,55.005\n-1.485,55.005\n-1.495,55.005\n-1.0,55.0\n55.005,-1.495\n"
    )
    records = read_records(path, service="s", areas=shapes, set_aside_limit_share=0.2)
    assert records.table["lsoa"].to_pylist() == [AREAS[0], AREAS[1], AREAS[0]]
    assert records.outside_rows == 1
    (fault,) = records.faults
    assert (fault.row, fault.value) == (6, "(hidden)")
    assert fault.what == "lon and lat look swapped"
    with pytest.raises(InputError, match="the shapes of the areas are not given"):
        read_records(path, service="s", areas=AREAS)


def test_dates_that_could_be_either_are_refused_until_it_is_said(write):
    path = write("r.csv", "lsoa,date\nE01008461,03/05/2026\nE01008461,04/04/2026\n")
    with pytest.raises(InputError, match=r"day first or month first \(rows 2\)"):
        read_records(path, service="s")
    days = read_records(path, service="s", day_first=True).table["date"].to_pylist()
    assert days == [date(2026, 5, 3), date(2026, 4, 4)]
    days = read_records(path, service="s", day_first=False).table["date"].to_pylist()
    assert days == [date(2026, 3, 5), date(2026, 4, 4)]


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("age", "130", "is above the limit 115"),
        ("age", "4.5", "is not whole"),
        ("date", "46000", "looks like an Excel serial number"),
        ("date", "0206-01-01", "is not plausible"),
        ("count", "-2", "must be at least 0"),
        ("count", "#REF!", "is an Excel error"),
        ("count", "1e400", "is not a finite number"),
        ("service", "", "the service is missing"),
    ],
)
def test_unusable_cells_say_why(write, column, cell, says):
    path = write("r.csv", f"lsoa,{column}\nE01008461,{cell}\n")
    with pytest.raises(InputError) as caught:
        read_records(path, service="s")
    assert says in str(caught.value)
    assert f"row 2, column {column}" in str(caught.value)


def test_counts_that_are_not_whole_are_noted(write):
    records = read_records(write("r.csv", "lsoa,count\nE01008461,3.7\n"), service="s")
    assert records.table["count"].to_pylist() == [3.7]
    assert records.notes == ("r.csv: 1 counts are not whole numbers (rows 2).",)


def test_workbooks_are_read_too(write_book):
    path = write_book("r.xlsx", [["lsoa", "count", "date"], ["E01008461", 3, date(2026, 1, 5)]])
    table = read_records(path, service="s").table
    assert table["date"].to_pylist() == [date(2026, 1, 5)]
    assert table["count"].to_pylist() == [3]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("place", "boundaries", "patients"),
    [
        ("cambridge", "lsoa2011_E07000008.geojson", 183_579),
        ("north_tyneside", "lsoa2011_E08000022.geojson", 217_116),
    ],
)
def test_open_registrations_add_up(shared_data, place, boundaries, patients):
    folder = shared_data / place
    path = folder / "gp_registrations_by_lsoa.csv"
    records = read_records(
        path,
        columns={"lsoa": "LSOA11CD", "count": "Patient"},
        service="general practice",
        areas=read_areas(folder / boundaries),
    )
    assert records.served_total == patients == pd.read_csv(path)["Patient"].sum()
    assert (records.outside, records.set_aside) == (0, 0)
    half = sorted(set(records.table["lsoa"].to_pylist()))[::2]
    part = read_records(
        path, columns={"lsoa": "LSOA11CD", "count": "Patient"}, service="gp", areas=half
    )
    assert part.served_total + part.outside == patients
    assert part.outside > 0


@pytest.mark.shared_data
def test_open_incidents_by_code_and_by_point(shared_data):
    folder = shared_data / "north_tyneside"
    areas = read_areas(folder / "lsoa2011_E08000022.geojson")
    path = folder / "asb_2022_northumbria_all.csv"
    by_code = read_records(path, columns={"date": "month"}, service="asb", areas=areas)
    assert by_code.table.num_rows == len(pd.read_csv(folder / "asb_2022.csv")) == 5_078
    by_point = read_records(
        path, columns={"lon": "longitude", "lat": "latitude"}, service="asb", areas=areas
    )
    assert by_point.table.num_rows + by_point.outside_rows == by_code.source_rows == 39_706
    # Points are rounded to 4 decimals and boundaries generalised, so a few change sides.
    assert abs(by_point.table.num_rows - by_code.table.num_rows) <= 5


@pytest.mark.shared_data
def test_open_file_without_rows_is_refused(shared_data):
    path = shared_data / "newport_wales" / "gp_registrations_by_lsoa.csv"
    with pytest.raises(InputError, match="has headings but no data rows"):
        read_records(path, columns={"lsoa": "LSOA11CD"}, service="gp")


@pytest.mark.shared_data
def test_open_postcodes_lie_in_their_areas(shared_data, tmp_path):
    folder = shared_data / "cambridge"
    postcodes = read_postcodes(folder / "postcodes_lsoa11_derived.csv").read
    path = tmp_path / "r.csv"
    postcodes[["postcode"]].to_csv(path, index=False)
    records = read_records(path, service="s", postcodes=postcodes)
    assert np.array_equal(records.table["lsoa"].to_pylist(), postcodes["lsoa"].to_numpy())
