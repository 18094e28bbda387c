"""Small counts are protected wherever they would be drawn or exported."""

import shutil

import pandas as pd
import pytest

from ntgeo import Workspace
from ntgeo.services.protected import in_whole_uses

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def observed_run(repository, tmp_path_factory):
    """The sample sited by observed use of a rare service, so that areas have small counts."""
    folder = tmp_path_factory.mktemp("observed")
    shutil.copytree(repository / "data" / "sample", folder / "borough")
    path = folder / "borough" / "scenario.toml"
    text = path.read_text().split("\n[rounds]")[0]
    text = text.replace('service = "library visits"', 'service = "debt advice"')
    path.write_text(text.replace('weight = "expected"', 'weight = "observed"'))
    return Workspace(folder).run(path)


@pytest.fixture(scope="module")
def true_counts(repository):
    records = pd.read_csv(repository / "data" / "sample" / "records.csv")
    return records[records["service"] == "debt advice"].groupby("lsoa").size()


def test_no_table_tells_a_small_count(observed_run, true_counts):
    small = true_counts[true_counts < 5].index
    assert len(small) > 20
    areas = pd.read_csv(observed_run.folder / "areas.csv").set_index("lsoa")
    assert areas.loc[small, "demand"].isna().all()
    assert (areas["demand"].dropna() % 5 == 0).all()
    sites = pd.read_csv(observed_run.folder / "sites.csv")
    assert (sites["demand"].dropna() % 5 == 0).all()


def test_the_map_shows_no_area_its_demand(observed_run):
    text = (observed_run.folder / "map.html").read_text(encoding="utf-8")
    assert "Demand, debt advice" not in text
    assert '"label":"Demand"' not in text.replace(" ", "")


def test_the_decile_table_cannot_be_subtracted_from(observed_run, true_counts, repository):
    """A withheld area never stands alone in its decile, so no total minus the rest tells it."""
    shown = pd.read_csv(observed_run.folder / "demand.csv")
    shown = shown[shown["service"] == "debt advice"].set_index("lsoa")
    areas = pd.read_csv(repository / "data" / "sample" / "deprivation.csv")
    decile = areas.set_index("lsoa21_code")["IMD_decile"]
    withheld = shown.index[shown["count"].isna()]
    assert (decile.loc[withheld].value_counts() >= 2).all()
    assert set(true_counts[true_counts.between(1, 4)].index) <= set(withheld)


def test_counts_that_are_not_whole_are_rounded_and_none_of_them_to_nothing():
    table = pd.DataFrame({"lsoa": list("abcde"), "count": [0.0, 0.2, 1.4, 2.5, None]})
    whole = in_whole_uses(table)["count"]
    assert whole.dtype == "Int64"
    assert whole.tolist()[:4] == [0, 1, 1, 3]
    assert whole.isna().tolist() == [False, False, False, False, True]
    sound = table.assign(count=range(5))
    assert in_whole_uses(sound) is sound
