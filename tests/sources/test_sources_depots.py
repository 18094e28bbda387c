import pytest

from ntgeo.domain.places import Location
from ntgeo.domain.routing import Depot
from ntgeo.errors import DuplicateIdError, InputError
from ntgeo.sources import read_depot_table, read_depots


def test_depots_in_order_of_id(write):
    text = "depot_id,name,easting,northing\nD2,South,430000,570000\nD1,,431000,571000\n"
    assert read_depots(write("d.csv", text)) == (
        Depot(id="D1", name="D1", location=Location(easting_m=431000, northing_m=571000)),
        Depot(id="D2", name="South", location=Location(easting_m=430000, northing_m=570000)),
    )


def test_faults(write):
    with pytest.raises(DuplicateIdError, match="stands on rows 2, 3"):
        read_depots(
            write(
                "d.csv",
                "depot_id,easting,northing\nD1,430000,1\nD1,430000,1000\n".replace(
                    ",1\n", ",1000\n"
                ),
            )
        )
    with pytest.raises(InputError, match="the id is missing"):
        read_depots(write("d.csv", "depot_id,easting,northing\n,430000,570000\n"))


def test_homes_are_told_and_their_places_kept_out_of_messages(write):
    head = "depot_id,is_home,easting,northing\n"
    found = read_depot_table(write("d.csv", f"{head}D1,yes,430000,570000\nD2,,431000,570000\n"))
    (note,) = found.notes
    assert "d.csv: somebody lives at D1;" in note
    with pytest.raises(InputError, match="neither yes nor no") as caught:
        read_depots(write("d.csv", f"{head}D1,yes,430000,-7\nD2,maybe,431000,570000\n"))
    assert "-7" not in str(caught.value)
