"""Sites that cannot be, or that look odd, and the ids that a scenario names of them."""

import geopandas as gpd
import pytest
import shapely
from asking import refused, warned
from spoiling import add_column, add_row, edit, set_cells
from tiny_borough import middle_of

SITES = "[siting]\n"


def _name(borough, **lists):
    """Name ids in ``[sites]``."""
    lines = "".join(f"{key} = {ids}\n" for key, ids in lists.items())
    edit(borough / "scenario.toml", ("[[sites.files]]", f"[sites]\n{lines}\n[[sites.files]]"))


def _site(borough, ask):
    return ask(borough, "site", "--no-explain")


@pytest.mark.bad_input("S02")
def test_more_sites_than_there_are(borough, ask):
    edit(borough / "scenario.toml", ("site_count = 2", "site_count = 12"))
    says = "site_count is 12 but only 4 sites may open"
    refused(_site(borough, ask), says, file="scenario, key siting.site_count")


@pytest.mark.bad_input("S04")
def test_no_candidates(borough, ask):
    head = (borough / "sites.csv").read_text().splitlines()[0]
    (borough / "sites.csv").write_text(f"{head}\n")
    refused(_site(borough, ask), "has headings but no data rows", file="sites.csv")


@pytest.mark.bad_input("S14")
def test_a_candidate_far_outside(borough, ask):
    set_cells(borough / "sites.csv", "S3", easting="470750")
    refused(
        _site(borough, ask),
        "lies 39 km outside the areas",
        "correct its coordinates",
        file="sites.csv",
        column="site_id",
        value="S3",
    )


@pytest.mark.bad_input("S15", "S17", "S54")
def test_candidates_to_be_looked_at(borough, ask):
    east, north = middle_of("E01034002")
    add_row(borough / "sites.csv", f"S5,Hall,candidate,300,{east + 3},{north + 4}")
    set_cells(borough / "sites.csv", "S4", northing="571400")
    add_column(borough / "sites.csv", "services", {"S2": "housing;clinic", "S3": "clinic"})
    edit(
        borough / "scenario.toml", ('[demand]\nservice = "housing"', '[demand]\nservice="housing"')
    )
    zone = shapely.box(east - 50, north - 50, east + 50, north + 50)
    flood = gpd.GeoDataFrame({"name": ["FZ3"]}, geometry=[zone], crs=27700)
    flood.to_file(borough / "flood.geojson")
    caution = '[[sites.cautions]]\nfile = "flood.geojson"\nname = "Flood Zone 3"\n\n[siting]'
    edit(borough / "scenario.toml", ("[siting]", caution))
    told = _site(borough, ask)
    warned(told, "Sites S3 and S5 are 5 m apart", "S4 (0.4 km); in the sea", file="sites.csv")
    warned(told, 'no "housing"', "S3 (clinic)", file="sites.csv")
    warned(told, "in Flood Zone 3: S3, S5", file="flood.geojson")


@pytest.mark.bad_input("S18")
@pytest.mark.parametrize("is_required_by_file", [False, True])
def test_a_site_both_required_and_excluded(borough, ask, is_required_by_file):
    if is_required_by_file:
        set_cells(borough / "sites.csv", "S3", status="required")
        _name(borough, excluded=["S3"])
    else:
        _name(borough, required=["S3"], excluded=["S3"])
    refused(_site(borough, ask), "S3: both required and excluded", file="scenario, key sites")


@pytest.mark.bad_input("S19")
def test_more_sites_required_than_asked_for(borough, ask):
    _name(borough, required=["S1", "S2", "S3"])
    says = "3 sites are required, but site_count is 2"
    refused(_site(borough, ask), says, file="scenario, key siting.site_count")


@pytest.mark.bad_input("S20")
@pytest.mark.parametrize("key", ["required", "excluded"])
def test_an_id_of_no_site(borough, ask, key):
    _name(borough, **{key: ["S99"]})
    refused(
        _site(borough, ask), "no site has this id", file=f"scenario, key sites.{key}", value="S99"
    )


@pytest.mark.bad_input("S21", "S22")
def test_every_site_excluded(borough, ask):
    _name(borough, excluded=["S1", "S2", "S3", "S4"])
    says = "every site is excluded; none is left to open"
    refused(_site(borough, ask), says, file="scenario, key sites.files")


@pytest.mark.bad_input("S25")
@pytest.mark.parametrize(
    ("cost", "says"),
    [("-1", "must be at least 0"), ("nan", "is not a number"), ("#REF!", "is an Excel error")],
)
def test_a_cost_that_is_none(borough, ask, cost, says):
    add_column(borough / "sites.csv", "fixed_cost_gbp", {"S3": cost})
    told = _site(borough, ask)
    refused(told, says, file="sites.csv", row=4, column="fixed_cost_gbp", value=cost)


@pytest.mark.bad_input("S51")
@pytest.mark.parametrize("name", ["sites.gpkg", "sites.shp"])
def test_a_point_file_without_a_reference_system(borough, ask, name):
    points = [shapely.Point(middle_of("E01008162")), shapely.Point(middle_of("E01034002"))]
    frame = gpd.GeoDataFrame({"site_id": ["S1", "S2"], "name": ["A", "B"]}, geometry=points)
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        frame.to_file(borough / name)
    edit(borough / "scenario.toml", ("sites.csv", name))
    refused(_site(borough, ask), "coordinate", "EPSG:27700", file=name)


@pytest.mark.bad_input("S53")
@pytest.mark.parametrize(("opened", "closed"), [("2024", "2020"), ("01/02/2024", "31/01/2024")])
def test_a_site_closed_before_it_opened(borough, ask, opened, closed):
    add_column(borough / "sites.csv", "opened_on", {"S3": opened})
    add_column(borough / "sites.csv", "closed_on", {"S3": closed})
    refused(
        _site(borough, ask),
        f"closed before it opens ({opened})",
        file="sites.csv",
        row=4,
        column="closed_on",
        value=closed,
    )


@pytest.mark.bad_input("S55")
def test_a_service_that_no_record_has(borough, ask):
    edit(borough / "scenario.toml", ('service = "housing"', 'service = "respit"'))
    refused(
        _site(borough, ask),
        "no record has this service",
        "choose one of housing",
        file="scenario, key demand.service",
        value="respit",
    )


def test_a_name_can_do_nothing_to_the_terminal(borough, ask):
    edit(borough / "sites.csv", ("Library", "Lib\x1b[31m\x07rary"), ("Chapel", "Cha\x9bpel"))
    told = ask(borough, "site")
    assert told.code == 0, told.words
    assert not {"\x1b", "\x07", "\x9b"} & set(told.out + told.err)
    assert "Lib" in told.out


@pytest.mark.parametrize(
    ("easting", "northing", "says"),
    [
        ("0", "0", "0, 0 stands for no place"),
        ("430.25", "570.25", "looks like kilometres, not metres"),
        ("-1.5", "55.02", "looks like degrees, not metres of the British National Grid"),
    ],
)
def test_coordinates_that_are_none_or_of_another_unit(borough, ask, easting, northing, says):
    set_cells(borough / "sites.csv", "S2", easting=easting, northing=northing)
    place = {"row": 3, "column": "easting, northing", "value": f"{easting}, {northing}"}
    told = ask(borough, "site")
    refused(told, says, file="sites.csv", **place)
    assert told.err.count("row 3") == 1
