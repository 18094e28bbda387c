"""What a scenario asks of a siting, and what is told where it makes no sense."""

import shutil

import numpy as np
import pytest

from ntgeo.errors import ScenarioError
from ntgeo.services.build_demand import build_demand
from ntgeo.services.known_roads import open_roads
from ntgeo.services.load_places import load_places
from ntgeo.services.load_sites import load_sites
from ntgeo.services.question import open_question
from ntgeo.services.siting_question import build_siting_problem
from ntgeo.services.travel_times import travel_times
from ntgeo.settings import Settings


@pytest.fixture
def asked(repository, tmp_path):
    """Return the siting problem of the sample with another ``[siting]``, on straight lines."""
    borough = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", borough)
    path = borough / "scenario.toml"
    before = path.read_text().split("\n[siting]")[0].replace('network = "roads.osm.pbf"\n', "")

    def problem_of(siting, sites="", areas=""):
        text = before.replace("[[sites.files]]", f"{sites}\n[[sites.files]]")
        path.write_text(f"{text.replace('[areas]', f'[areas]{areas}')}\n[siting]\n{siting}\n")
        question = open_question(path)
        places = load_places(question)
        sites_ = load_sites(question, places)
        travel = travel_times(
            open_roads(question, Settings.from_environment(tmp_path)),
            places.centroids,
            {str(site.id): site.location for site in sites_},
            question.scenario.roads.mode,
        )
        return build_siting_problem(
            question, places, build_demand(question, places), sites_, travel
        )

    problem_of.folder = borough
    return problem_of


def test_deciles_aims_and_rules_of_areas_are_in_the_problem(asked):
    first = "X01000001"
    (asked.folder / "rules.csv").write_text(f"lsoa,travel_limit_min\n{first},30\n")
    problem = asked(
        'site_count = 3\ntravel_limit_min = 10\narea_rules = "rules.csv"\n'
        'then = [{ objective = "p-centre", slack_share = 0.1 }]'
    )
    assert problem.areas[0] == first
    assert problem.limit_s[:2].tolist() == [1800, 600]
    assert [aim.value for aim in problem.aims] == ["p-median", "p-centre"]
    assert set(np.unique(problem.imd_decile)) <= set(range(1, 11))


def test_every_misfit_is_told_with_its_key_and_what_to_do(asked):
    with pytest.raises(ScenarioError) as caught:
        asked('objective = "max-coverage"\ntarget_share = 0.9\nzone_minimums = { nowhere = 1 }')
    told = {fault.column: fault.fix for fault in caught.value.faults}
    assert list(told) == [
        "siting.site_count",
        "siting.travel_limit_min",
        "siting.target_share",
        "siting.zone_minimums",
    ]
    assert told["siting.site_count"] == "give site_count or budget_gbp"
    assert all(fault.what in str(caught.value) for fault in caught.value.faults)


def test_a_market_needs_a_competitor(asked):
    with pytest.raises(ScenarioError, match=r"key sites\.files: market-share needs a competitor"):
        asked('objective = "market-share"\nsite_count = 2')
