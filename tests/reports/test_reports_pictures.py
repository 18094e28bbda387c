from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest
import report_plans
import shapely
import toytown

from ntgeo.domain.places import SiteStatus
from ntgeo.errors import CrsError
from ntgeo.reports.cartography import Picture, nice_length
from ntgeo.reports.rounds_picture import draw_rounds_picture
from ntgeo.reports.siting_picture import draw_siting_picture, round_breaks

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def picture(areas):
    street = shapely.LineString([(395_000, 550_000), (425_000, 550_000)])
    lane = shapely.LineString([(400_000, 548_000), (400_000, 552_000)])
    pond = shapely.Point(410_000, 548_500).buffer(500)
    return Picture(
        title="Toytown $5^ <b>& \x00\x1b\ufffe",
        areas=areas,
        roads=gpd.GeoDataFrame(
            {"highway": ["primary", "residential"]}, geometry=[street, lane], crs=27700
        ),
        water=gpd.GeoDataFrame(geometry=[pond], crs=27700),
        sources=("Made by hand.",),
        is_synthetic=True,
    )


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_pictures_are_the_same_bytes_each_time(tmp_path, ending, limited, short_rounds, picture):
    for name, draw, plan in (
        ("siting", draw_siting_picture, limited),
        ("rounds", draw_rounds_picture, short_rounds),
    ):
        paths = [tmp_path / f"{name}{number}{ending}" for number in (1, 2)]
        draw(paths[:1], *plan, picture)
        draw(paths[1:], *plan, picture)
        first, second = (path.read_bytes() for path in paths)
        assert first == second
        assert len(first) > 5000
        if ending == ".png":
            assert first.startswith(PNG)
        if ending == ".svg":
            assert ET.fromstring(first).tag.endswith("svg")  # noqa: S314 - it is ours


def test_the_order_of_the_areas_does_not_matter(tmp_path, siting, rounds, picture):
    turned = replace(picture, areas=picture.areas.iloc[::-1])
    for name, draw, plan in (
        ("siting", draw_siting_picture, siting),
        ("rounds", draw_rounds_picture, rounds),
    ):
        draw([tmp_path / f"{name}1.svg"], *plan, picture)
        draw([tmp_path / f"{name}2.svg"], *plan, turned)
        first, second = ((tmp_path / f"{name}{n}.svg").read_bytes() for n in (1, 2))
        assert first == second


def test_today_is_drawn_only_where_there_is_one(tmp_path, siting, picture):
    sizes = []
    everywhere = dict.fromkeys(toytown.SITE_MINUTES, SiteStatus.CANDIDATE)
    new = toytown.siting_problem(statuses=everywhere)
    for number, (problem, plan) in enumerate((siting, (new, report_plans.siting_plan(new)))):
        path = tmp_path / f"{number}.png"
        draw_siting_picture([path], problem, plan, picture)
        sizes.append(int.from_bytes(path.read_bytes()[16:20]))
    assert sizes[0] > 1.5 * sizes[1]


def test_a_day_without_rounds_is_still_a_picture(tmp_path, picture):
    problem = toytown.routing_problem(visits=(), shifts=())
    draw_rounds_picture([tmp_path / "none.png"], problem, report_plans.route_plan([]), picture)
    assert (tmp_path / "none.png").stat().st_size > 5000


def test_other_endings_and_coordinates_are_refused(tmp_path, siting, picture, areas):
    with pytest.raises(ValueError, match="written as"):
        draw_siting_picture([tmp_path / "map.bmp"], *siting, picture)
    with pytest.raises(CrsError, match="roads"):
        Picture(title="x", areas=areas, roads=picture.roads.to_crs(4326))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("most", "length"), [(1999, 1000), (2000, 2000), (4.9, 2), (7, 5), (0.3, 0.2), (1000, 1000)]
)
def test_scale_bars_have_round_lengths(most, length):
    assert nice_length(most) == pytest.approx(length)


@pytest.mark.parametrize(
    ("longest", "breaks"),
    [
        (20.0, [0, 4, 8, 12, 16, 20, 24]),
        (45.0, [0, 10, 20, 30, 40, 50]),
        (12.1, [0, 2.5, 5, 7.5, 10, 12.5]),
        (2.9, [0, 0.5, 1, 1.5, 2, 2.5, 3]),
        (0.0, [0, 0.5]),
    ],
)
def test_classes_end_at_round_minutes(longest, breaks):
    assert round_breaks(np.array([0.0, longest, np.nan])) == breaks


def test_classes_of_nothing_known():
    assert round_breaks(np.array([np.nan])) == [0, 0.5, 1.0, 1.5]
