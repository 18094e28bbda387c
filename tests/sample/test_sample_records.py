import csv
from datetime import date

import numpy as np
import pyarrow.compute as pc
import pytest

from ntgeo.sample.people import AGES
from ntgeo.sample.records import build_records
from ntgeo.sample.use import SERVICES, distances_m, expected_use

TOTAL = 300_000


@pytest.fixture(scope="module")
def away_m(borough):
    return distances_m(borough.town.network, borough.addresses, borough.sites)


@pytest.fixture(scope="module")
def use(borough, away_m):
    rng = np.random.default_rng(5)
    return expected_use(borough.population, borough.deprivation["IMD"], away_m, rng)


@pytest.fixture(scope="module")
def records(borough, use):
    rng = np.random.default_rng(6)
    return build_records(use, borough.population, borough.areas.codes, rng, total=TOTAL)


def _by_area(records, borough, service):
    """Return records per area over those expected from its ages alone."""
    own = records.filter(pc.equal(records["service"], service.name))
    position = pc.index_in(own["lsoa"], value_set=pc.unique(np.array(borough.areas.codes)))
    count = np.bincount(position.to_numpy(), minlength=130)
    knots = np.array(service.ages)
    by_age = np.interp(np.arange(AGES), knots[:, 0], knots[:, 1])
    expected = borough.population @ by_age
    return count * expected.sum() / (expected * count.sum())


def _slopes(records, borough, away_m, service):
    """Fit log use per head on deprivation and distance (km), weighted alike."""
    ratio = _by_area(records, borough, service)
    rank = borough.deprivation["IMD"].rank
    poorer = np.sqrt(12) * (0.5 - rank / 33_755)
    distance_km = away_m[service.place] / 1000 if service.place else np.zeros(130)
    columns = [np.ones(130), poorer, *([distance_km] if service.place else [])]
    fit, *_ = np.linalg.lstsq(np.column_stack(columns), np.log(ratio + 1e-3), rcond=None)
    return fit[1:]


def test_at_least_six_services_share_the_records():
    assert len(SERVICES) >= 6
    assert sum(service.share for service in SERVICES) == pytest.approx(1)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_use_rises_with_deprivation_where_it_should(records, borough, away_m, service):
    deprivation = _slopes(records, borough, away_m, service)[0]
    assert deprivation == pytest.approx(service.deprivation, abs=0.15)


@pytest.mark.parametrize(
    "service", [s for s in SERVICES if s.place], ids=lambda service: service.name
)
def test_use_falls_with_distance_from_the_door_of_today(records, borough, away_m, service):
    distance = _slopes(records, borough, away_m, service)[1]
    assert distance == pytest.approx(-1000 / service.decay_m, abs=0.12)
    assert distance < 0


def test_some_areas_are_far_from_a_door_and_the_river_makes_them_farther(away_m):
    assert away_m["library"].min() < 500
    assert away_m["library"].max() > 2_500
    assert away_m["family hub"].max() > 4_000


def test_every_record_is_of_a_resident_with_one_age_in_one_area(records, borough):
    frame = records.select(["person_id", "lsoa", "age"]).to_pandas()
    assert frame.groupby("person_id")[["lsoa", "age"]].nunique().to_numpy().max() == 1
    people = frame.drop_duplicates("person_id").groupby(["lsoa", "age"]).size()
    for (lsoa, age), count in people.sample(200, random_state=1).items():
        assert count <= borough.population[borough.areas.codes.index(lsoa), age]
    assert frame["person_id"].value_counts().max() > 8
    assert frame["person_id"].nunique() < TOTAL / 2


def test_records_keep_the_total_the_ids_and_the_year(records):
    assert records.num_rows == TOTAL
    assert pc.count_distinct(records["record_id"]).as_py() == TOTAL
    days = records["date"]
    assert pc.min(days).as_py() == date(2025, 4, 1)
    assert pc.max(days).as_py() == date(2026, 3, 31)
    assert days.to_pylist() == sorted(days.to_pylist())


def test_ages_suit_the_service(records):
    def ages(name):
        return records.filter(pc.equal(records["service"], name))["age"].to_numpy()

    assert ages("adult social care").min() >= 18
    assert np.mean(ages("adult social care") >= 65) > 0.6
    assert ages("school readiness").max() <= 5
    assert np.median(ages("early help")) < 18


def test_use_shares_sum_to_one_and_nobody_uses_where_nobody_lives(use, borough):
    assert use.sum() == pytest.approx(1)
    assert (use[:, borough.population == 0] == 0).all()


def test_the_committed_records_are_small(written):
    assert (written / "records.csv").stat().st_size < 700_000
    with (written / "records.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    assert rows[0] == ["record_id", "person_id", "service", "date", "lsoa", "age"]
    assert len(rows) == 12_001
