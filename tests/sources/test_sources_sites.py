import pytest

from ntgeo.domain.places import Location, SiteStatus
from ntgeo.errors import DuplicateIdError, InputError, MissingColumnError
from ntgeo.sources import find_shared_places, read_postcodes, read_sites

HEAD = "site_id,name,status,capacity,fixed_cost_gbp,easting,northing\n"


def test_every_column_is_read(write):
    text = HEAD + 'S2,B,,,,430000,570000\nS1,A,Existing,"1,200",95000.5,431000,571000\n'
    first, second = read_sites(write("s.csv", text))
    assert (first.id, first.name, first.status) == ("S1", "A", SiteStatus.EXISTING)
    assert (first.capacity, first.fixed_cost_gbp, first.is_open_today) == (1200, 95000.5, True)
    assert first.location == Location(easting_m=431000, northing_m=571000)
    assert (second.status, second.capacity, second.fixed_cost_gbp) == ("candidate", None, None)


def test_ids_are_made_by_name_and_place_whatever_the_order(write):
    lines = ["B,430000,570000", "A,431000,571000", "A,430500,571000"]
    made = [
        read_sites(
            write("s.csv", "name,easting,northing\n" + "\n".join(order) + "\n"), id_prefix="lib-"
        )
        for order in (lines, lines[::-1])
    ]
    assert made[0] == made[1]
    assert [(s.id, s.name, s.location.easting_m) for s in made[0]] == [
        ("lib-001", "A", 430500),
        ("lib-002", "A", 431000),
        ("lib-003", "B", 430000),
    ]


def test_rows_can_be_chosen(write):
    text = "name,Type,Closed,easting,northing\n"
    text += "A,static,,430000,570000\nB,mobile,,,\nC,Static ,2012,1,1\n"
    path = write("s.csv", text)
    sites = read_sites(path, where={"type": {"Static"}, "closed": {""}})
    assert [site.name for site in sites] == ["A"]
    with pytest.raises(MissingColumnError, match="column kind"):
        read_sites(path, where={"kind": {"x"}})
    with pytest.raises(InputError, match=r"no row has type among \['x'\]"):
        read_sites(path, where={"type": {"x"}})


def test_a_status_for_all(write):
    path = write("s.csv", "name,easting,northing\nA,430000,570000\n")
    assert read_sites(path, status="required")[0].status is SiteStatus.REQUIRED


def test_all_faults_are_told_at_once(write):
    text = HEAD + (
        "S1,A,open,10,,430000,570000\nS1,B,,-5,,430000,570000\n,C,,,x,430000,570000\nS4,D,,,,,\n"
    )
    with pytest.raises(InputError) as caught:
        read_sites(write("s.csv", text))
    assert {(f.row, f.code) for f in caught.value.faults} == {
        (2, "bad-status"),
        (2, "duplicate-id"),
        (3, "too-small"),
        (4, "missing-id"),
        (4, "not-a-number"),
        (5, "no-location"),
    }


def test_repeated_id_alone_is_a_duplicate(write):
    text = "site_id,easting,northing\nS1,430000,570000\nS1,431000,570000\n"
    with pytest.raises(DuplicateIdError, match='value "S1": stands on rows 2, 3'):
        read_sites(write("s.csv", text))


def test_points_of_geojson(write_geojson):
    point = {"type": "Point", "coordinates": [-1.532999, 55.002964]}
    path = write_geojson("s.geojson", [({"name": "Battle Hill", "lat": 3}, point)])
    (site,) = read_sites(path)
    assert abs(site.location.easting_m - 429970) < 5
    line = {"type": "LineString", "coordinates": [[-1.5, 55], [-1.4, 55]]}
    with pytest.raises(InputError, match="feature 2 is LineString where a point is needed"):
        read_sites(write_geojson("s.geojson", [({"name": "A"}, point), ({"name": "B"}, line)]))


def test_open_today_is_yes_or_no(write):
    text = "name,is_open_today,easting,northing\nA,Yes,430000,570000\nB,maybe,430000,570000\n"
    with pytest.raises(InputError, match='row 3, column is_open_today, value "maybe"'):
        read_sites(write("s.csv", text))


def test_sites_at_one_place_are_found(write):
    text = "name,easting,northing\nA,430000,570000\nB,430003,570004\nC,430100,570000\n"
    sites = read_sites(write("s.csv", text))
    assert find_shared_places(sites) == ("Sites 001 and 002 are 5 m apart.",)
    assert find_shared_places(sites, within_m=4.9) == ()


@pytest.mark.shared_data
@pytest.mark.parametrize(("place", "static"), [("cambridge", 6), ("north_tyneside", 14)])
def test_open_libraries(shared_data, place, static):
    folder = shared_data / place
    where = {"type": {"Static Library"}}
    path = folder / "libraries_2023.csv"
    by_grid = read_sites(path, id_prefix="lib-", status="existing", where=where)
    assert len(by_grid) == static
    assert [site.id for site in by_grid] == [f"lib-{i:03d}" for i in range(1, static + 1)]
    postcodes = read_postcodes(folder / "postcodes_lsoa11_derived.csv").read
    by_postcode = read_sites(
        path,
        columns={"postcode": "postcode"},
        postcodes=postcodes,
        id_prefix="lib-",
        status="existing",
        where=where,
    )
    assert by_postcode == by_grid


@pytest.mark.shared_data
@pytest.mark.parametrize(("place", "count"), [("cambridge", 72), ("north_tyneside", 85)])
def test_open_schools(shared_data, place, count):
    path = shared_data / place / "schools_register_2015.csv"
    columns = {"site_id": "school", "lon": "longitude", "lat": "latitude"}
    sites = read_sites(path, columns=columns, id_prefix="sch-")
    assert len(sites) == count
    assert all(site.id.startswith("sch-1") for site in sites)
    assert find_shared_places(sites)


@pytest.mark.shared_data
def test_open_hospitals(shared_data):
    path = shared_data / "north_tyneside" / "hospitals.geojson"
    assert len(read_sites(path, columns={"name": "hospital22_name"})) == 3


def test_zones_and_attractiveness_are_read_and_may_be_blank(write):
    text = (
        "site_id,name,easting,northing,zone,attractiveness\n"
        "A,a,420000,560000,north,2.5\nB,b,421000,560000,,\n"
    )
    first, second = read_sites(write("s.csv", text))
    assert (first.zone, first.attractiveness) == ("north", 2.5)
    assert (second.zone, second.attractiveness) == ("", 1.0)
