"""The two committed scenarios on real open data, from files to a checked run."""

import json
from itertools import pairwise

import pandas as pd
import pytest
from browser import DESKTOP, PHONE, assert_quiet, axe_violations, browser, open_page
from road_legs import drive_s

from ntgeo import Workspace
from ntgeo.domain.matrix import TravelMode
from ntgeo.mapping.leaflet import leaflet_script, leaflet_style
from ntgeo.roads import read_roads
from ntgeo.services.plan_files import read_rounds

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


def run(repository, shared_data, folder, name, monkeypatch_session):
    monkeypatch_session.setenv("NTGEO_SHARED_DATA", str(shared_data.resolve()))
    return Workspace(folder).run(repository / "scripts" / "scenarios" / f"{name}.toml")


@pytest.fixture(scope="module")
def monkeypatch_session():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def cambridge(repository, shared_data, tmp_path_factory, monkeypatch_session):
    folder = tmp_path_factory.mktemp("cambridge")
    return run(repository, shared_data, folder, "cambridge", monkeypatch_session)


@pytest.fixture(scope="module")
def north_tyneside(repository, shared_data, tmp_path_factory, monkeypatch_session):
    folder = tmp_path_factory.mktemp("north_tyneside")
    return run(repository, shared_data, folder, "north_tyneside", monkeypatch_session)


def test_cambridge_is_proven_and_every_registration_is_counted(cambridge, shared_data):
    assert cambridge.record.siting.status == "optimal"
    areas = pd.read_csv(cambridge.folder / "areas.csv")
    assert len(areas) == 69
    assert areas["site_id"].notna().all()
    patients = pd.read_csv(shared_data / "cambridge" / "gp_registrations_by_lsoa.csv")
    total = patients.loc[patients["LSOA11CD"].isin(areas["lsoa"]), "Patient"].sum()
    siting = json.loads((cambridge.folder / "siting.json").read_text())
    served = sum(item["demand"] for item in siting["plan"]["allocations"])
    assert cambridge.record.demand_in == cambridge.record.demand_out == served == total


def test_cambridge_plans_sixty_visits_for_seven_staff(cambridge):
    rounds = json.loads((cambridge.folder / "rounds.json").read_text())
    assert len(rounds["problem"]["visits"]) == 60
    assert len(rounds["problem"]["shifts"]) == 7
    made = [
        stop["place"]
        for route in rounds["plan"]["routes"]
        for stop in route["stops"]
        if stop["kind"] == "visit"
    ]
    unmade = [item["visit"] for item in rounds["plan"]["unmade"]]
    assert sorted({*made, *unmade}) == [visit["id"] for visit in rounds["problem"]["visits"]]


def test_cambridges_rounds_take_as_long_on_its_roads_as_their_sheets_say(cambridge, shared_data):
    rounds = json.loads((cambridge.folder / "rounds.json").read_text())
    problem, _ = read_rounds(cambridge.folder)
    places = (*problem.depots, *problem.visits)
    legs, told_s = [], []
    for route in rounds["plan"]["routes"]:
        for before, after in pairwise(route["stops"]):
            if before["place"] != after["place"]:
                legs.append((before["place"], after["place"]))
                told_s.append(after["travel_s"])
    network = read_roads(shared_data / "cambridge" / "cambridge_drive.osm.pbf", mode=TravelMode.CAR)
    assert len(legs) > 60
    found_s = drive_s(network, {place.id: place.location for place in places}, legs)
    assert found_s == pytest.approx(told_s, abs=0.001)


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_cambridges_pages_open_quietly_and_can_be_used_by_all(cambridge, size):
    pages = ("map.html", "rounds.html", "report.html", "route_sheets.html", "public/map.html")
    with browser() as opened:
        for page in pages:
            open_page(opened, cambridge.folder / page, size)
            assert_quiet(opened, cambridge.folder / page)
            if size == DESKTOP:  # the sample's pages, of the same parts, are asked at both sizes
                assert axe_violations(opened) == [], page


def test_cambridges_map_is_small(cambridge):
    library = len((leaflet_script() + leaflet_style()).encode())
    assert (cambridge.folder / "map.html").stat().st_size - library < 2_000_000


def test_both_runs_pass_the_check(cambridge, north_tyneside):
    for done in (cambridge, north_tyneside):
        assert Workspace().check(done.folder).is_sound


def test_north_tyneside_says_that_no_roads_were_used(north_tyneside):
    assert any("No roads were used" in note for note in north_tyneside.record.notes)
    for page in ("map.html", "report.html"):
        text = (north_tyneside.folder / page).read_text(encoding="utf-8").lower()
        assert "no roads were used" in text or "straight" in text


def test_north_tynesides_decile_totals_are_those_of_its_files(north_tyneside, shared_data):
    folder = shared_data / "north_tyneside"
    table = pd.read_csv(north_tyneside.folder / "use_by_decile.csv")
    decile = pd.read_csv(folder / "imd2019.csv").set_index("LSOA11CD")["IMD_decile"]
    gp = pd.read_csv(folder / "gp_registrations_by_lsoa.csv")
    asb = pd.read_csv(folder / "asb_2022.csv")
    wanted = {
        "GP registrations": gp.groupby(gp["LSOA11CD"].map(decile))["Patient"].sum(),
        "anti-social behaviour": asb.groupby(asb["lsoa_code"].map(decile)).size(),
    }
    for service, totals in wanted.items():
        shown = table[table["service"] == service].set_index("imd_decile")["count"]
        assert (shown - totals).abs().max() <= 2.5  # the table rounds each total to 5
