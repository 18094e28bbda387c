from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pyogrio
import pytest

from ntgeo.reports.exports import write_geopackage
from ntgeo.reports.layers import rounds_layers, siting_layers
from ntgeo.reports.qgis_styles import layer_styles


def style(text):
    return ET.fromstring(text.partition("\n")[2])  # noqa: S314 - it is ours


@pytest.fixture
def layers(siting, rounds, areas):
    return siting_layers(*siting, areas) | rounds_layers(*rounds)


def test_every_layer_has_its_style(layers):
    styles = layer_styles(layers).set_index("f_table_name")
    assert set(styles.index) == set(layers)
    assert styles["useAsDefault"].all()
    kinds = {name: style(text)[0].get("type") for name, text in styles["styleQML"].items()}
    assert kinds == {
        "areas": "graduatedSymbol",
        "sites": "categorizedSymbol",
        "allocations": "singleSymbol",
        "routes": "categorizedSymbol",
        "stops": "categorizedSymbol",
        "depots": "singleSymbol",
        "unmade": "singleSymbol",
    }


def test_every_value_has_its_symbol(layers):
    styles = layer_styles(layers).set_index("f_table_name")["styleQML"]
    for name, column in (("sites", "decision"), ("stops", "kind"), ("routes", "shift_id")):
        root = style(styles[name])
        categories = {c.get("value"): c.get("symbol") for c in root.iter("category")}
        assert set(layers[name][column]) <= set(categories)
        assert set(categories.values()) == {symbol.get("name") for symbol in root.iter("symbol")}


def test_classes_hold_every_journey(layers):
    ranges = list(style(layer_styles(layers)["styleQML"][0]).iter("range"))
    limits = [(float(r.get("lower")), float(r.get("upper"))) for r in ranges]
    times = layers["areas"]["time_after_s"]
    assert (limits[0][0], limits[-1][1]) == (times.min(), times.max())
    assert all(before[1] == after[0] for before, after in pairwise(limits))


@pytest.mark.parametrize("time_s", [np.nan, 600.0])
def test_areas_all_alike_still_have_a_style(layers, time_s):
    areas = layers["areas"].assign(time_after_s=time_s)
    assert len(list(style(layer_styles({"areas": areas})["styleQML"][0]).iter("range"))) == 1


def test_layers_of_others_are_left_alone(areas, tmp_path):
    assert layer_styles({"areas": areas, "wards": areas}).empty
    write_geopackage(tmp_path / "wards.gpkg", {"wards": areas})
    assert [name for name, _ in pyogrio.list_layers(tmp_path / "wards.gpkg")] == ["wards"]


def test_styles_name_the_geometry_column_of_the_file(layers, tmp_path):
    path = tmp_path / "plan.gpkg"
    write_geopackage(path, layers)
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    assert isinstance(styles, pd.DataFrame)
    assert styles["styleQML"].tolist() == layer_styles(layers)["styleQML"].tolist()
    for name in styles["f_table_name"]:
        info = pyogrio.read_info(path, layer=name)
        assert {info["geometry_name"]} == set(styles["f_geometry_column"])
