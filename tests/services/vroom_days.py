"""Small days in VROOM's JSON, by their seed, and what VROOM itself answered."""

import random

VROOM_SAID = {
    3: (3657, 0, 13),
    11: (3696, 2, 23),
    13: (2720, 2, 16),
}
"""Seed → cost, tasks unassigned, sum of priorities: VROOM 1.15 by pyvroom, exploration level 5."""


def vroom_day(seed):
    """Return a day with set-ups, skills, breaks, open routes, priorities and a shipment."""
    chance = random.Random(seed)  # noqa: S311 - a day by its seed, no secret
    places = chance.randint(5, 8)
    at = [(chance.randint(0, 1500), chance.randint(0, 1500)) for _ in range(places)]
    table = [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5) for c, d in at] for a, b in at]
    jobs = []
    for number in range(1, places - 1):
        opens = chance.randint(0, 5000)
        job = {
            "id": number,
            "location_index": chance.choice([number + 1, chance.randint(2, places - 1)]),
            "service": chance.randint(60, 600),
            "setup": chance.choice([0, 0, 120]),
            "delivery": [1],
            "skills": chance.choice([[], [1], [2]]),
            "priority": chance.choice([0, 3, 10]),
            "time_windows": [[opens, opens + chance.randint(300, 3000)]],
        }
        jobs.append(job)
    day = {
        "vehicles": [_vehicle(number, chance) for number in (1, 2)],
        "jobs": jobs,
        "matrices": {"car": {"durations": table, "distances": table}},
    }
    if chance.random() < 0.5:
        ends = {
            kind: {"id": 1, "location_index": chance.randint(2, places - 1), "service": 100}
            for kind in ("pickup", "delivery")
        }
        day["shipments"] = [{**ends, "priority": chance.choice([0, 5])}]
    return day


def _vehicle(number, chance):
    vehicle = {
        "id": number,
        "start_index": number - 1,
        "end_index": number - 1,
        "time_window": [0, 9000],
        "capacity": [chance.randint(2, 4)],
        "skills": list(range(1, number + 1)),
        "costs": {
            "fixed": chance.choice([0, 200]),
            "per_hour": 3600,
            "per_km": chance.choice([0, 100]),
        },
        "max_travel_time": chance.choice([4000, 9000]),
    }
    if number == 2:
        del vehicle[chance.choice(["start_index", "end_index", "max_travel_time"])]
    if chance.random() < 0.5:
        vehicle["breaks"] = [{"id": 1, "service": 300, "time_windows": [[2000, 5000]]}]
    return vehicle
