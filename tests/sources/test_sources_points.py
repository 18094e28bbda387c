import pytest

from ntgeo.domain.places import Location
from ntgeo.errors import DuplicateIdError, InputError, MissingColumnError
from ntgeo.sources import read_points


def test_places_in_order_of_id_and_no_other_column(write):
    text = "id,name,easting,northing,places\nb,Jo Bloggs,430000,570000,12\na,,431000,571000,3\n"
    found = read_points(write("p.csv", text), weight="places")
    assert list(found.locations.items()) == [
        ("a", Location(easting_m=431_000, northing_m=571_000)),
        ("b", Location(easting_m=430_000, northing_m=570_000)),
    ]
    assert found.weights == {"a": 3, "b": 12}
    assert read_points(write("q.csv", text)).weights is None


@pytest.mark.parametrize("heading", ["site_id", "Visit ID", "LSOA21CD", "id"])
def test_ids_go_by_several_names(write, heading):
    found = read_points(write("p.csv", f"{heading},lon,lat\nX1,-1.5,55.0\n"))
    place = found.locations["X1"]
    assert (place.easting_m, place.northing_m) == pytest.approx((432_000, 567_000), abs=1_000)


def test_faults_are_told_together(write):
    path = write("p.csv", "id,easting,northing\na,430000,570000\nb,,570000\nc,here,570000\n")
    with pytest.raises(InputError) as refused:
        read_points(path)
    assert len(refused.value.faults) == 2
    with pytest.raises(DuplicateIdError):
        read_points(write("q.csv", "id,easting,northing\na,430000,570000\na,430000,570000\n"))
    with pytest.raises(MissingColumnError, match="places"):
        read_points(write("r.csv", "id,easting,northing\na,430000,570000\n"), weight="places")
    with pytest.raises(InputError, match="no column says where"):
        read_points(write("s.csv", "id,postcode\na,NE1 1AA\n"))
