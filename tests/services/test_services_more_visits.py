"""Visits that come in during the day join it by the scenario's roads."""

import shutil

import numpy as np
import pytest
from plain_day import make_plain

from ntgeo import Workspace
from ntgeo.errors import InputError
from ntgeo.services.answer_rounds import open_day
from ntgeo.services.known_roads import open_roads
from ntgeo.services.more_visits import with_more_visits
from ntgeo.services.plan_routes import build_routing_problem
from ntgeo.services.question import open_question
from ntgeo.services.rounds_travel import rounds_travel


@pytest.fixture
def scenario(repository, tmp_path):
    folder = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", folder)
    make_plain(folder)
    return folder / "scenario.toml"


@pytest.fixture
def settings(tmp_path):
    return Workspace(tmp_path).settings


def day_of(scenario, settings):
    question = open_question(scenario)
    known = open_roads(question, settings)
    day = open_day(question, known)
    return build_routing_problem(question, day, rounds_travel(known, day))


def test_the_day_is_the_same_as_if_it_had_been_known(scenario, settings):
    visits = scenario.with_name("visits.csv")
    head, *rows = visits.read_text().splitlines()
    shifts = scenario.with_name("shifts.csv")
    text = shifts.read_text().splitlines()
    shifts.write_text(
        "\n".join([f"{text[0]},mode", f"{text[1]},bicycle", *(f"{row}," for row in text[2:])])
    )
    whole = day_of(scenario, settings)
    visits.write_text("\n".join([head, *rows[2:]]) + "\n")
    new = scenario.with_name("urgent.csv")
    new.write_text("\n".join([head, *rows[:2]]) + "\n")
    joined = with_more_visits(day_of(scenario, settings), new, scenario, settings)
    assert joined.visits == whole.visits
    assert len(joined.more_travel) == 1
    for one, other in zip(
        (joined.travel, *joined.more_travel), (whole.travel, *whole.more_travel), strict=True
    ):
        assert (one.mode, one.origins) == (other.mode, other.origins)
        np.testing.assert_array_equal(one.time_s, other.time_s)
        np.testing.assert_array_equal(one.distance_m, other.distance_m)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("V001,30,480140.5,581774.9,", "the day has these already: V001"),
        ("V901,30,480140.5,581774.9,SH99", "not among the shifts: SH99"),
        ("V901,0,480140.5,581774.9,", "must be above 0"),
    ],
)
def test_what_does_not_fit_is_refused(scenario, settings, row, says):
    text = scenario.read_text().replace('network = "roads.osm.pbf"\n', "")
    scenario.write_text(text)
    new = scenario.with_name("urgent.csv")
    new.write_text(f"visit_id,duration_min,easting,northing,pinned_shifts\n{row}\n")
    with pytest.raises(InputError, match=says) as caught:
        with_more_visits(day_of(scenario, settings), new, scenario, settings)
    assert "urgent.csv" in str(caught.value)
