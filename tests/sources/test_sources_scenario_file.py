from datetime import time
from pathlib import Path

import pytest

from ntgeo.domain.scenario import Scenario
from ntgeo.errors import DataUnavailableError, ScenarioError
from ntgeo.sources.scenario_file import data_folder_of, parse_scenario, read_scenario

LEAST = """
id = "a"
title = "A"
[areas]
boundaries = "a.geojson"
population = "p.csv"
[[demand.records]]
file = "r.csv"
"""


def refused(text):
    with pytest.raises(ScenarioError) as found:
        parse_scenario(text, file="s.toml")
    return str(found.value)


def test_the_least_scenario_is_one():
    scenario = parse_scenario(LEAST, file="s.toml")
    assert scenario.roads.network is None
    assert scenario.disclosure_rule == "local-5"
    assert scenario.siting is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "A"', 'titel = "A"', 's.toml line 3, key titel, value "A": unknown key'),
        ('title = "A"', "", "key title: this key is needed"),
        ('title = "A"', "title = 5", 'is not a text. Fix: put it in "quotes"'),
        ('id = "a"', 'id = "../../x"', 's.toml line 2, key id, value "../../x"'),
        ('file = "r.csv"', 'file = "r.csv"\ncolums = {}', 'did you mean "columns"?'),
        ("[areas]", '[roads]\nmode = "boat"\n[areas]', "key roads.mode"),
        ("[areas]", "[siting]\nsite_count = 1\n[areas]", "[siting] needs [[sites.files]]"),
        ('id = "a"', 'id = "a"\nid = "b"', "the key stands twice"),
        ('id = "a"', "id = a", "not valid TOML"),
        ('id = "a"', f'id = "{"a" * 65}"', "is too long"),
        ("[areas]", "[rounds]\nday = 2026-02-30\n[areas]", "no such day exists"),
        ("[areas]", "[rounds]\nday = 2026-11-24\n[areas]", "name all of depots, visits and shifts"),
        (
            "[areas]",
            "[rounds]\nday = 2026-11-24\nseeded = { visits = 3, staff = 1 }\n[areas]",
            "needs areas.postcodes",
        ),
        (
            "[areas]",
            '[sites]\nfiles = [{ file = "s.csv" }]\n[siting]\ntime_limit_s = 0\n[areas]',
            "key siting.time_limit_s",
        ),
    ],
)
def test_a_fault_is_told_where_it_stands(old, new, told):
    assert old in LEAST
    sentence = refused(LEAST.replace(old, new, 1))
    assert told in sentence
    assert "Fix:" in sentence


SITING = '[sites]\nfiles = [{ file = "s.csv" }]\n[siting]\nsite_count = 2\n'
ROADS_BY_CAR = '[roads]\nmode = "car"\n'
ROUNDS = "[rounds]\nday = 2026-11-24\n"


@pytest.mark.parametrize(
    ("tables", "old", "new", "told"),
    [
        (SITING, "= 2", "= true", 'siting.site_count, value "true": is no whole number'),
        (SITING, "= 2", "= 2.5", 'siting.site_count, value "2.5": is no whole number'),
        (SITING, "= 2", '= "2"', 'siting.site_count, value "2": is no whole number'),
        (SITING, "= 2", '= 2\nobjective = "p-medain"', 'did you mean "p-median"?'),
        (SITING, "= 2", "= 2\nseed = 3", "unknown key. Fix: move it above the first [table]"),
        (SITING, "= 2", '= 2\nmode = "car"', "unknown key. Fix: move it below [roads]"),
        (SITING, "= 2", '= 2\ntime_limit_s = "2"', "is not a number. Fix: write digits only"),
        (SITING, "[siting]", "[sites2]", "sites2: unknown key"),
        (ROUNDS, "2026-11-24", "86400", 'rounds.day, value "86400": is not a day'),
        (ROUNDS, "2026-11-24", "2026-11-24T09:00:00", "is not a day"),
        (ROUNDS, "2026-11-24", '"24/11/2026"', "is not a day. Fix: write it as 2026-11-24"),
        (ROADS_BY_CAR, '"car"', '"car"\ndeparts_at = 830', "is not a time of day"),
        ("[cleansing]\nnumbers = false\n", "false", '"no"', "is neither true nor false"),
        (SITING, "site_count = 2", "title = 5", "unknown key"),
    ],
)
def test_a_value_of_another_kind_is_never_taken_for_what_is_asked(tables, old, new, told):
    assert old in tables
    assert told in refused(LEAST + tables.replace(old, new, 1))


ROADS = LEAST + '[roads]\nnetwork = "r.osm.pbf"\n'
CHANGE = '[[roads.changes]]\ntitle = "B"\n'
NEW = CHANGE + 'kind = "new"\n'


def test_days_and_times_may_stand_in_quotes():
    scenario = parse_scenario(f'{ROADS}departs_at = "08:30:00"\n', file="s.toml")
    assert scenario.roads.departs_at == time(8, 30)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (CHANGE, "s.toml line 11, key roads.changes.1.kind: this key is needed"),
        (CHANGE + 'kind = "shut"\n', 'roads.changes.1.kind, value "shut": this kind is not known'),
        (CHANGE + 'kind = "close"\n', "name the roads by ways or by within, one of the two"),
        (
            CHANGE + 'kind = "close"\nways = [1]\nwithin = "a.gpkg"\n',
            "roads.changes.1: name the roads by ways or by within",
        ),
        (
            CHANGE + 'kind = "close"\nways = [1]\nmost_mph = 20\n',
            'line 15, key roads.changes.1.most_mph, value "20": unknown key. Fix: remove it',
        ),
        (
            CHANGE + 'kind = "slow"\nways = [1]\nmost_mhp = 20\n',
            'did you mean "most_mph"?',
        ),
        (CHANGE + 'kind = "slow"\nways = [1]\nmost_mph = 0\n', "must be 1 or more"),
        (CHANGE + 'kind = "one-way"\nways = [1]\ntowards = "up"\n', "north, north-east"),
        (NEW, "roads.changes.1: give start and end, or a line"),
        (NEW + "start = { junction = 1 }\n", "give start and end, or a line"),
        (NEW + 'start = { junction = 1 }\nline = "a.gpkg"\n', "give start and end, or a line"),
        (
            NEW + "start = { junction = 1 }\nend = { lon = 1.0 }\n",
            "line 15, key roads.changes.1.end: give easting_m and northing_m, or lon and lat",
        ),
        (NEW + 'line = "a.gpkg"\nroad_clas = "track"\n', 'did you mean "road_class"?'),
    ],
)
def test_a_fault_in_a_change_of_roads_is_told_where_it_stands(change, told):
    sentence = refused(ROADS + change)
    assert told in sentence
    assert "Fix:" in sentence


def test_the_second_change_is_told_apart_from_the_first():
    first = CHANGE + 'kind = "close"\nways = [1]\n'
    assert "s.toml line 15, key roads.changes.2.kind" in refused(ROADS + first + CHANGE)


def test_changes_of_roads_need_roads():
    change = CHANGE + 'kind = "close"\nways = [1]\n'
    assert "changes mean nothing on straight lines" in refused(LEAST + change)
    assert parse_scenario(ROADS + change, file="s.toml").roads.changes[0].kind == "close"


def test_every_fault_is_told_at_once():
    sentence = refused(LEAST.replace('title = "A"', "titel = 1").replace('"p.csv"', "3"))
    assert len(sentence.splitlines()) == 3


def test_a_missing_file_a_folder_and_a_data_file_are_refused(tmp_path):
    with pytest.raises(DataUnavailableError, match="no such file"):
        read_scenario(tmp_path / "s.toml")
    with pytest.raises(DataUnavailableError):
        read_scenario(tmp_path)
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * 2_000_000)
    with pytest.raises(ScenarioError, match="too long for a scenario"):
        read_scenario(big)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "Si\xe2n"')
    with pytest.raises(ScenarioError, match="not UTF-8"):
        read_scenario(latin)


def test_deep_nesting_is_refused_in_words():
    assert "not valid TOML" in refused("a = " + "[" * 100_000)


def test_the_data_folder_may_come_from_the_environment(monkeypatch):
    def folder(text):
        scenario = parse_scenario(f'data_folder = "{text}"\n{LEAST}', file="s.toml")
        return data_folder_of(scenario, Path("here/s.toml"))

    monkeypatch.setenv("NTGEO_PLACE", "/data")
    monkeypatch.delenv("NTGEO_OTHER", raising=False)
    assert folder("${NTGEO_PLACE}/a") == Path("/data/a")
    assert folder("${NTGEO_OTHER:-../b}/a") == Path("here/../b/a")
    with pytest.raises(ScenarioError, match="NTGEO_OTHER is not set"):
        folder("${NTGEO_OTHER}/a")


def test_every_key_is_described_in_the_schema():
    undescribed = []

    def look(name, table):
        for key, field in table.get("properties", {}).items():
            if "description" not in field and key not in {"depots", "visits", "shifts", "file"}:
                undescribed.append(f"{name}.{key}")

    schema = Scenario.model_json_schema()
    look("Scenario", schema)
    for name, table in schema["$defs"].items():
        look(name, table)
    tables = {"areas", "demand", "roads", "sites", "siting", "rounds", "records", "files"}
    assert [key for key in undescribed if key.split(".")[1] not in tables] == []
