import csv

import numpy as np
import shapely

from ntgeo.sample.ground import CENTRE, placed


def test_two_hundred_thousand_people_in_areas_of_the_usual_size(borough):
    total = borough.population.sum(axis=1)
    assert abs(total.sum() - 200_000) <= 4_000
    assert total.min() >= 1_000
    assert total.max() <= 2_300
    assert (borough.population >= 0).all()


def test_written_single_years_sum_to_the_total(written):
    with (written / "population.csv").open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert list(rows[0])[:4] == ["LSOA21CD", "LSOA21NM", "Total", "0"]
    assert list(rows[0])[-1] == "90+"
    for row in rows:
        assert sum(int(row[age]) for age in [*map(str, range(90)), "90+"]) == int(row["Total"])


def test_older_by_the_sea_and_students_in_the_centre(borough):
    population = borough.population
    coast = borough.town.ground.coast
    to_sea_m = shapely.distance(shapely.points(borough.centroids), coast)
    to_centre_m = np.hypot(*(borough.centroids - placed([CENTRE])[0]).T)

    def share(ages, here):
        return population[here][:, ages].sum() / population[here].sum()

    old, student = slice(65, 91), slice(19, 25)
    assert share(old, to_sea_m < 600) > 1.3 * share(old, to_sea_m > 1500)
    assert share(student, to_centre_m < 700) > 1.5 * share(student, to_centre_m > 1500)
    assert 0.15 < share(old, to_sea_m > -1) < 0.25
