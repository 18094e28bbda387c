"""The road commands that draw areas, called as a user calls them."""

import json

import geopandas as gpd
import pytest


def test_reach_writes_areas_by_origin_and_bands_over_all(ntgeo, sample, tmp_path):
    out = tmp_path / "reach.gpkg"
    network = ("--network", sample / "roads.osm.pbf", "--out", out)
    code, told, _ = ntgeo(
        "roads", "reach", sample / "depots.csv", *network, "--minutes", "5,2", "--workers", "2"
    )
    assert code == 0
    assert told.splitlines()[0].startswith("Within 2 minutes by car: ")
    reach, bands = (gpd.read_file(out, layer=layer) for layer in ("reach", "bands"))
    assert reach["limit_s"].tolist() == [120, 300] * (len(reach) // 2)
    assert bands["limit_s"].tolist() == [120, 300]
    for limit_s, part in reach.groupby("limit_s"):
        whole = bands[bands["limit_s"] <= limit_s].union_all()
        assert part.union_all().symmetric_difference(whole).area < 0.02 * whole.area
    code, told, _ = ntgeo("roads", "reach", sample / "depots.csv", *network, "--json")
    assert (code, len(json.loads(told)["bands"])) == (0, 1)


def test_catchments_are_written_and_told(ntgeo, sample, tmp_path):
    out = tmp_path / "catchments.gpkg"
    network = ("--network", sample / "roads.osm.pbf", "--out", out)
    code, told, _ = ntgeo("roads", "catchments", sample / "sites.csv", *network)
    layer = gpd.read_file(out, layer="catchments")
    assert code == 0
    assert told.splitlines()[0] == f"S001: {layer['road_m'][0] / 1000:,.1f} km of road"
    assert layer["road_m"].sum() > 100_000
    limited = ntgeo(
        "roads", "catchments", sample / "sites.csv", *network, "--minutes", "1", "--json"
    )
    assert sum(json.loads(limited[1])["road_m"].values()) < layer["road_m"].sum()


@pytest.mark.parametrize("command", ["reach", "catchments"])
def test_areas_are_written_as_geopackage_only(ntgeo, sample, tmp_path, command):
    out = tmp_path / "areas.shp"
    network = ("--network", sample / "roads.osm.pbf", "--out", out)
    code, _, told = ntgeo("roads", command, sample / "depots.csv", *network)
    assert code == 2
    assert told == ("areas.shp: areas are written as GeoPackage. Fix: let its name end in .gpkg.\n")
    assert not out.exists()
