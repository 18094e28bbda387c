"""Whatever is asked of a small borough, it is planned and stands the check, or refused in words.

Hypothesis draws sites, visits, shifts, aims and rules, good and bad, and now and then a wrong cell.
``NTGEO_EXAMPLES`` asks for more of them than CI tries.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_borough import SCENARIO, csv_text, write_borough

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.domain.siting import Assignment, CapacityRule, SitingObjective

EXAMPLES = int(os.environ.get("NTGEO_EXAMPLES", "12"))
AROUND = {"east": st.integers(429_800, 432_200), "north": st.integers(569_800, 571_200)}
WRONG = (
    "",
    "n/a",
    "shut",
    "D2",
    "-1",
    "0",
    "1e9",
    "NaN",
    "£2",
    "half",
    "09:75",
    "2026-02-30",
    "S1",
    "\u00a05",
    "=1",
)
morning = st.builds("{:02}:{:02}".format, st.integers(6, 10), st.sampled_from([0, 15, 45]))
later = st.builds("{:02}:{:02}".format, st.integers(10, 19), st.sampled_from([0, 30, 50]))
seldom = st.integers(0, 9).map(lambda number: number == 9)


def cells(**columns):
    return st.fixed_dictionaries(columns)


site = cells(
    site_id=st.sampled_from(["S1", "S2", "S3", "S4", "S5", "S6"]),
    status=st.sampled_from(
        ["candidate", "candidate", "existing", "required", "excluded", "competitor"]
    ),
    capacity=st.one_of(st.just(""), st.integers(0, 500)),
    fixed_cost_gbp=st.integers(0, 90_000),
    easting=AROUND["east"],
    northing=AROUND["north"],
)
visit = cells(
    visit_id=st.sampled_from([f"V{number}" for number in range(1, 10)]),
    duration_min=st.integers(0, 180),
    window_start=morning,
    window_end=later,
    skills=st.sampled_from(["", "", "lift", "lift;medication"]),
    priority=st.integers(1, 5),
    easting=AROUND["east"],
    northing=AROUND["north"],
)
shift = cells(
    shift_id=st.sampled_from(["A", "B", "C"]),
    staff_id=st.sampled_from(["P", "Q", "R"]),
    start_time=morning,
    end_time=later,
    start_depot=st.just("D1"),
    end_depot=st.just("D1"),
    skills=st.sampled_from(["", "lift", "medication"]),
    break_min=st.sampled_from(["", 20, 45]),
)


def siting_lines(chosen):
    shown = {key: value for key, value in chosen.items() if value is not None}
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in shown.items())


usual_aims = cells(
    objective=st.just("p-median"),
    site_count=st.integers(1, 2),
    may_open_fewer=st.just(value=True),
    capacity=st.sampled_from(["ignored", "hard"]),
)
any_aims = cells(
    objective=st.sampled_from([str(objective.value) for objective in SitingObjective]),
    site_count=st.one_of(st.none(), st.integers(1, 5)),
    travel_limit_min=st.one_of(st.none(), st.sampled_from([0.5, 3, 20])),
    capacity=st.one_of(st.none(), st.sampled_from([str(rule.value) for rule in CapacityRule])),
    assignment=st.one_of(st.none(), st.sampled_from([str(kind.value) for kind in Assignment])),
    budget_gbp=st.one_of(st.none(), st.integers(0, 200_000)),
    must_serve_all=st.one_of(st.none(), st.booleans()),
    close_at_most=st.one_of(st.none(), st.integers(0, 2)),
    min_separation_m=st.one_of(st.none(), st.sampled_from([100, 800])),
)


def once_each(rows, key):
    """Ids that stand twice are refused at once; seldom is that what is to be tried."""
    return list({row[key]: row for row in rows}.values())


@st.composite
def boroughs(draw):
    """Return file → text, over the borough's own, and the ``[siting]`` that is asked."""
    tables = {
        "sites.csv": draw(st.lists(site, min_size=1, max_size=6)),
        "visits.csv": draw(st.lists(visit, min_size=1, max_size=9)),
        "shifts.csv": draw(st.lists(shift, min_size=1, max_size=3)),
    }
    for rows in tables.values():
        if not draw(seldom):
            rows[:] = once_each(rows, next(iter(rows[0])))
        if draw(seldom):
            row = draw(st.sampled_from(rows))
            row[draw(st.sampled_from(sorted(row)))] = draw(st.sampled_from(WRONG))
    texts = {
        name: csv_text(",".join(rows[0]), [[row[key] for key in rows[0]] for row in rows])
        for name, rows in tables.items()
    }
    asked = SCENARIO.replace(
        'objective = "p-median"\nsite_count = 2\n',
        siting_lines(draw(st.one_of(usual_aims, any_aims))),
    ).replace("time_limit_s = 2", "time_limit_s = 1")
    return texts | {"scenario.toml": asked}


@pytest.fixture(scope="module")
def empty_borough(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any") / "borough"
    write_borough(folder)
    return folder


def asked_of(folder, command, capsys):
    arguments = [command, str(folder / "scenario.toml"), "--folder", str(folder.parent), "--json"]
    capsys.readouterr()
    code = guarded(lambda: app(arguments, standalone_mode=False))
    shown = capsys.readouterr()
    assert code in {0, 1, 2, 3}, shown.err
    assert "Traceback" not in shown.err
    if code in {2, 3}:
        assert "Fix:" in shown.err, shown.err
        return None
    return json.loads(shown.out)


def test_it_is_planned_and_stands_the_check_or_is_refused(empty_borough, capsys):
    planned = {"site": 0, "route": 0}

    @settings(max_examples=EXAMPLES, deadline=None, derandomize="NTGEO_EXAMPLES" not in os.environ)
    @given(texts=boroughs())
    def tried(texts):
        with tempfile.TemporaryDirectory() as room:
            folder = Path(shutil.copytree(empty_borough, Path(room) / "borough"))
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8")
            for command in planned:
                planned[command] += asked_of(folder, command, capsys) is not None
            assert not (Path(room) / "maps").exists()

    tried()
    assert min(planned.values()) >= EXAMPLES // 5, planned
