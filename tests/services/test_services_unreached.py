import numpy as np
import pytest
import toytown

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import Depot, DepotId, VisitDay, VisitId
from ntgeo.services.unreached import unreached_sites, unreached_visits, walks_to_visits

NO = np.nan


def between(reached, *, origins, destinations):
    return TravelTimeMatrix.from_arrays(
        np.where(reached, 60.0, NO), origins=origins, destinations=destinations
    )


def day_of(depots, visits):
    here = toytown.location(0)
    return VisitDay(
        visits=tuple(toytown.visit("V1", id=VisitId(visit)) for visit in visits),
        shifts=(),
        depots=tuple(Depot(id=DepotId(name), name=name, location=here) for name in depots),
    )


def test_visits_that_no_depot_reaches_are_counted_and_the_first_named():
    names = ["D1", "D2", *(f"V{number}" for number in range(1, 10))]
    reached = np.eye(11, dtype=bool)
    reached[:2, :4] = reached[:4, :2] = True  # V1 and V2; an island holds the rest
    reached[4:, 4:] = True
    travel = between(reached, origins=names, destinations=names)
    (told,) = unreached_visits([travel], day_of(names[:2], names[2:]))
    assert told == (
        "7 visits lie on a part of the network that no depot reaches: "
        "V3, V4, V5, V6, V7 and 2 more."
    )
    (told,) = unreached_visits([travel], day_of(names[:2], names[2:]), off_road={"V4", "V5", "V6"})
    assert told.startswith("4 visits lie")
    assert unreached_visits([travel], day_of(names[:2], ["V1", "V2"])) == ()
    assert unreached_visits([travel], day_of([], ["V9"])) == ()


@pytest.mark.parametrize(
    ("there", "back", "told"),
    [
        (True, True, ()),
        (True, False, ("Visit V18 lies where roads lead in, but none leads out to a depot",)),
        (False, True, ("Visit V18 lies where roads lead out, but none leads in from a depot",)),
        (False, False, ("Visit V18 lies on a part of the network that no depot reaches",)),
    ],
)
def test_one_way_traps(there, back, told):
    travel = between([[True, there], [back, True]], origins=["D", "V18"], destinations=["D", "V18"])
    found = unreached_visits([travel], day_of(["D"], ["V18"]))
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))


def test_a_visit_reached_by_one_way_of_travelling_is_reached():
    ends = {"origins": ["D", "V18"], "destinations": ["D", "V18"]}
    one, other = (between([[True, there], [not there, True]], **ends) for there in (True, False))
    assert len(unreached_visits([one], day_of(["D"], ["V18"]))) == 1
    assert unreached_visits([one, other], day_of(["D"], ["V18"])) == ()


def test_areas_and_sites():
    reached = [[True, True, False], [False, False, False], [False, False, False]]
    travel = between(reached, origins=["A", "B", "C"], destinations=["x", "y", "z"])
    assert unreached_sites(travel) == (
        "2 areas lie on a part of the network from which no site is reached: B, C.",
        "Site z lies on a part of the network that no area reaches.",
    )
    assert unreached_sites(travel, off_road={"B", "C", "z"}) == ()
    nothing = between(np.empty((2, 0), bool), origins=["A", "B"], destinations=[])
    assert unreached_sites(nothing) == ()


def test_walks_to_visits_off_the_roads_are_told():
    day = day_of([], ["V1", "V2", "V3"])
    assert walks_to_visits({"V1": 49.0, "D1": 400.0}, day) is None
    assert walks_to_visits({"V2": 80.4}, day) == (
        "Visit V2: the last 80 m are off the public roads, and walked."
    )
    assert walks_to_visits({"V3": 60.0, "V2": 80.0}, day) == (
        "2 visits lie off the public roads; the last metres are walked: V2 (80 m), V3 (60 m)."
    )
