"""Which roads, which speeds and which time of day a scenario's travel times are for."""

import shutil
import zipfile
from datetime import time

import numpy as np
import pytest

from ntgeo import Workspace
from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import DataUnavailableError, InputError, ScenarioError
from ntgeo.files import sha256_of
from ntgeo.roads.speeds import SPEEDS_FILE
from ntgeo.services.known_roads import open_roads
from ntgeo.services.question import open_question
from ntgeo.services.travel_files import read_travel

NETWORK = 'network = "roads.osm.pbf"\nmode = "car"'


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return Workspace(tmp_path_factory.mktemp("work"))


@pytest.fixture
def scenario(repository, tmp_path):
    """Return a function that writes the sample's scenario with other lines in ``[roads]``."""
    sample = repository / "data" / "sample"

    def write(lines, *, network=NETWORK):
        text = (sample / "scenario.toml").read_text(encoding="utf-8")
        assert NETWORK in text
        folder = tmp_path / "borough"
        shutil.copytree(sample, folder, dirs_exist_ok=True)
        text = text.replace(NETWORK, f"{network}\n{lines}")
        text = text.replace("time_limit_s = 40", "time_limit_s = 2")
        (folder / "scenario.toml").write_text(text, encoding="utf-8")
        return folder / "scenario.toml"

    return write


def my_speeds(scenario_file, old, new):
    text = SPEEDS_FILE.read_text(encoding="utf-8")
    assert old in text
    path = scenario_file.parent / "my_speeds.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_departure_has_its_own_times_and_its_own_place_in_the_cache(scenario, workspace):
    calm = workspace.matrix(scenario(""))
    busy = workspace.matrix(scenario("departs_at = 08:30:00"))
    again = workspace.matrix(scenario("departs_at = 08:30:00"))
    assert (calm.departs_at, busy.departs_at) == (None, time(8, 30))
    assert calm.method == "road network, by car, between the peaks"
    assert busy.method == again.method == "road network, by car, leaving at 08:30"
    assert np.array_equal(busy.time_s, again.time_s, equal_nan=True)
    assert np.nanmean(busy.time_s / calm.time_s) == pytest.approx(1.15, abs=0.04)


def test_speeds_of_ones_own_count_and_are_in_the_record(scenario, workspace):
    path = scenario('speeds = "my_speeds.toml"')
    mine = my_speeds(path, "high_share = 1.4", "high_share = 1.9")
    travel = workspace.matrix(path)
    assert travel.time_range.high_share == 1.9
    question = open_question(path)
    open_roads(question, workspace.settings).network(TravelMode.CAR)
    (item,) = [item for item in question.inputs if item.role == "roads.speeds"]
    assert (item.file, item.sha256) == ("my_speeds.toml", sha256_of(mine))
    my_speeds(path, "right = 5.0", "right = 25.0")
    slower = workspace.matrix(path)
    assert np.nanmean(slower.time_s) > np.nanmean(travel.time_s)
    assert slower.time_range.high_share == 1.4


def test_staff_have_a_time_of_day_of_their_own(scenario, workspace):
    path = scenario("departs_at = 03:00:00\nstaff_departs_at = 17:00:00")
    rounds = workspace.route(path)
    assert rounds.problem.travel.departs_at == time(17)
    assert rounds.problem.travel.method == "road network, by car, leaving at 17:00"


def test_speeds_that_cannot_be_used_are_refused(scenario, workspace):
    path = scenario('speeds = "my_speeds.toml"')
    with pytest.raises(DataUnavailableError, match=r"my_speeds\.toml"):
        workspace.matrix(path)
    my_speeds(path, "right = 5.0", "right = -5.0")
    with pytest.raises(InputError, match=r"my_speeds\.toml, key car\.turns_s\.right"):
        workspace.matrix(path)


@pytest.mark.parametrize(
    ("lines", "network", "told"),
    [
        ("departs_at = 08:30:00", "", "departs_at mean nothing on straight lines"),
        ('speeds = "a.toml"', "", "speeds mean nothing on straight lines"),
        ('departs_at = "half past 8"', NETWORK, "write it as 08:30:00, without quotes"),
        ("departs_at = 8.5", NETWORK, "roads.departs_at"),
        ("departs_at = 25:00:00", NETWORK, "not valid TOML"),
    ],
)
def test_a_departure_that_cannot_be_is_refused(scenario, lines, network, told):
    with pytest.raises(ScenarioError, match=told):
        open_question(scenario(lines, network=network))


def test_an_archive_whose_members_are_no_arrays_is_refused(tmp_path):
    path = tmp_path / "travel.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("origins", b"a,b")
    with pytest.raises(InputError, match="not a travel-time matrix as ntgeo writes it"):
        read_travel(path)


def test_an_archive_whose_ids_are_no_text_is_refused(tmp_path):
    path = tmp_path / "travel.npz"
    beyond_unicode = np.array([0x5761_0061], dtype="<u4").view("<U1")
    np.savez(path, origins=beyond_unicode)
    with pytest.raises(InputError, match="not a travel-time matrix as ntgeo writes it"):
        read_travel(path)
