import collections
import csv
import re

import numpy as np
import shapely


def _rows(path):
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_postcodes_are_of_an_area_that_does_not_exist_and_lie_in_their_area(written, borough):
    rows = _rows(written / "postcodes.csv")
    codes = [row["postcode"] for row in rows]
    assert len(set(codes)) == len(codes) == 2_500
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"XN\d{1,2} \d[A-BD-HJLNP-UW-Z]{2}", code) for code in codes)
    shapes = dict(zip(borough.areas.codes, borough.areas.shapes, strict=True))
    for row in rows:
        spot = shapely.Point(float(row["easting"]), float(row["northing"]))
        assert shapes[row["lsoa21_code"]].contains(spot)


def test_a_postcode_district_is_a_ward(written, borough):
    ward = dict(zip(borough.areas.codes, borough.areas.ward_codes, strict=True))
    pairs = {
        (row["postcode"].split()[0], ward[row["lsoa21_code"]])
        for row in _rows(written / "postcodes.csv")
    }
    assert len(pairs) == 20


def test_addresses_are_near_streets_on_land_with_all_residents(borough):
    addresses = borough.addresses
    streets = shapely.union_all([shapely.LineString(p) for p in borough.town.network.points])
    some = shapely.points(addresses.spots[::50])
    assert shapely.distance(some, streets).max() <= 15
    assert borough.town.ground.land.contains(shapely.MultiPoint(addresses.spots))
    assert 0.98 * 200_000 < addresses.people.sum() <= 200_001
    assert set(addresses.area.tolist()) == set(range(130))
    nearest = borough.town.network.junctions[addresses.junction]
    assert np.hypot(*(nearest - addresses.spots).T).mean() < 60


def test_sites_of_today_and_of_tomorrow(written):
    rows = _rows(written / "sites.csv")
    assert list(rows[0]) == [
        "site_id", "name", "type", "status", "capacity", "fixed_cost_gbp", "zone", "attractiveness",
        "easting", "northing",
    ]  # fmt: skip
    kinds = collections.Counter((row["type"], row["status"]) for row in rows)
    assert kinds["library", "existing"] == 9
    assert kinds["family hub", "existing"] == 4
    assert kinds["leisure centre", "existing"] == 4
    statuses = collections.Counter(row["status"] for row in rows)
    assert statuses["competitor"] == 3
    assert {row["zone"] for row in rows} == {"north bank", "south bank"}
    assert statuses["required"] == statuses["excluded"] == 1
    assert sum(statuses[s] for s in ("candidate", "required", "excluded")) == 40
    assert len({row["site_id"] for row in rows}) == len({row["name"] for row in rows}) == len(rows)


def test_capacities_and_costs_are_plausible(written):
    for row in _rows(written / "sites.csv"):
        assert 200 <= int(row["capacity"]) <= 2_400
        assert 50_000 <= int(row["fixed_cost_gbp"]) <= 2_000_000
