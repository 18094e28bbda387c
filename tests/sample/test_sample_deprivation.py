import math

import numpy as np
import pytest
import shapely

from ntgeo.sample.deprivation import DOMAINS, NATIONAL_AREAS


def _morans_i(values, centroids):
    away_m = np.hypot(*(centroids[:, None, :] - centroids[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(away_m, np.inf)
    near = np.argsort(away_m, axis=1)[:, :6]
    deviation = values - values.mean()
    return float((deviation[:, None] * deviation[near]).mean() / (deviation**2).mean())


def test_deciles_follow_from_ranks_and_scores_fall_with_them(borough):
    for found in borough.deprivation.values():
        assert len(set(found.rank.tolist())) == 130
        assert found.rank.min() >= 1
        assert found.rank.max() <= NATIONAL_AREAS
        expected = [math.ceil(rank * 10 / NATIONAL_AREAS) for rank in found.rank.tolist()]
        assert found.decile.tolist() == expected
        by_rank = found.score[np.argsort(found.rank)]
        assert (np.diff(by_rank) <= 0).all()


def test_every_domain_is_there_and_every_decile_of_the_index(borough):
    assert set(borough.deprivation) == {"IMD", *DOMAINS, "IDACI", "IDAOPI"}
    assert sum(DOMAINS.values()) == pytest.approx(0.999)
    assert set(borough.deprivation["IMD"].decile.tolist()) == set(range(1, 11))


def test_deprivation_is_alike_in_areas_that_are_near(borough):
    rank = borough.deprivation["IMD"].rank.astype(float)
    assert _morans_i(rank, borough.centroids) > 0.5
    shuffled = np.random.default_rng(1).permutation(rank)
    assert abs(_morans_i(shuffled, borough.centroids)) < 0.2


def test_the_riverside_is_poorer_than_the_coast(borough):
    points = shapely.points(borough.centroids)
    ground = borough.town.ground
    rank = borough.deprivation["IMD"].rank
    river_m = shapely.distance(points, ground.water)
    sea_m = shapely.distance(points, ground.coast)
    assert rank[river_m < 500].mean() < 0.7 * rank[(sea_m < 800) & (river_m > 1500)].mean()


def test_domains_move_with_the_index_but_not_all_alike(borough):
    index = borough.deprivation["IMD"].rank
    income = np.corrcoef(index, borough.deprivation["Income"].rank)[0, 1]
    housing = np.corrcoef(index, borough.deprivation["Housing_and_Services"].rank)[0, 1]
    assert income > 0.9
    assert housing < 0.5
