"""Several services that share sites, from a scenario to a checked plan."""

import json
import shutil

import pytest

from ntgeo import Workspace
from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.errors import ScenarioError, UnknownIdError

SERVICES = """
[siting]
objective = "p-median"
site_count = 4
budget_gbp = 1_300_000

[[siting.services]]
service = "library visits"
site_count = 3
running_cost_gbp = 50_000

[[siting.services]]
service = "debt advice"
site_count = 2
running_cost_gbp = 80_000
excluded = ["S021"]
"""


@pytest.fixture
def written(repository, tmp_path):
    """Return the path of the sample's scenario with another end, on straight lines."""
    borough = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", borough)
    path = borough / "scenario.toml"
    before = path.read_text().split("\n[siting]")[0].replace('network = "roads.osm.pbf"\n', "")

    def written(siting):
        path.write_text(before + "\n" + siting)
        return path

    return written


def test_services_share_sites_within_one_budget(written, tmp_path, capsys):
    path = written(SERVICES)
    found = Workspace(tmp_path).site_services(path)
    plan = found.plan
    assert {name: len(part.opened) for name, part in plan.plans.items()} == {
        "debt advice": 2,
        "library visits": 3,
    }
    assert len(plan.opened) <= 4
    cost_of = {s.id: s.fixed_cost_gbp for s in found.problem.services["debt advice"].sites}
    assert plan.fixed_cost_gbp == sum(cost_of[site] for site in plan.opened) + 310_000
    assert plan.fixed_cost_gbp <= 1_300_000
    assert "S021" not in plan.plans["debt advice"].opened
    command = ["site", str(path), "--folder", str(tmp_path), "--json"]
    assert guarded(lambda: app(command, standalone_mode=False)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["opened"] == list(plan.opened)
    assert [row["service"] for row in told["services"]] == ["debt advice", "library visits"]
    assert told["sentences"][1] == "They run debt advice at 2 sites and library visits at 3 sites."


def test_a_service_that_cannot_be_is_refused_by_its_key(written, tmp_path):
    with pytest.raises(ScenarioError, match="no record has this service"):
        Workspace(tmp_path).site_services(written(SERVICES.replace("debt advice", "swimming")))
    with pytest.raises(UnknownIdError, match=r"siting\.services\.2\.excluded"):
        Workspace(tmp_path).site_services(written(SERVICES.replace("S021", "S999")))
    with pytest.raises(ScenarioError, match="do not add up"):
        Workspace(tmp_path).site_services(written(SERVICES.replace("p-median", "p-centre")))


def test_a_run_of_several_services_says_where_to_ask(written, tmp_path):
    with pytest.raises(ScenarioError, match="ask with `ntgeo site`"):
        Workspace(tmp_path).run(written(SERVICES))
