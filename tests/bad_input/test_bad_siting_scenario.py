"""Scenarios of a siting that are not written as scenarios are."""

import pytest
from asking import refused
from spoiling import edit, line_of


def _refused_key(told, borough, key, value, *says):
    """The line, key and value are named."""
    line = line_of(borough / "scenario.toml", f"{key.split('.')[-1]} =")
    refused(told, *says, file=f"scenario.toml line {line}, key {key}", value=value)


def _with(borough, key, value):
    edit(borough / "scenario.toml", ("site_count = 2\n", f"site_count = 2\n{key} = {value}\n"))


@pytest.mark.bad_input("S01")
@pytest.mark.parametrize("count", ["0", "-3"])
def test_no_site_at_all_is_asked_for(borough, ask, count):
    edit(borough / "scenario.toml", ("site_count = 2", f"site_count = {count}"))
    told = ask(borough, "site")
    _refused_key(told, borough, "siting.site_count", count, "must be 1 or more", "give a number 1")


@pytest.mark.bad_input("S11")
@pytest.mark.parametrize(
    ("limit", "says"),
    [("0", "must be above 0"), ("-5", "must be above 0"), ("nan", "is not a finite number")],
)
def test_a_travel_limit_that_is_none(borough, ask, limit, says):
    _with(borough, "travel_limit_min", limit)
    _refused_key(ask(borough, "site"), borough, "siting.travel_limit_min", limit, says)


@pytest.mark.bad_input("S41")
@pytest.mark.parametrize(
    ("limit", "says"),
    [("0", "must be above 0"), ("-1", "must be above 0"), ("3600", "must be 900 or less")],
)
def test_a_time_limit_that_is_none(borough, ask, limit, says):
    edit(borough / "scenario.toml", ("time_limit_s = 2", f"time_limit_s = {limit}"))
    _refused_key(ask(borough, "site"), borough, "siting.time_limit_s", limit, says)


@pytest.mark.bad_input("S22", "S37")
def test_a_key_that_there_is_none_of(borough, ask):
    edit(borough / "scenario.toml", ('"sites.csv"\n', '"sites.csv"\ncapacty = 50\n'))
    told = ask(borough, "site")
    _refused_key(
        told, borough, "sites.files.1.capacty", "50", "unknown key", 'did you mean "capacity"'
    )
    edit(borough / "scenario.toml", ("capacty = 50\n", ""))
    _with(borough, "zone_maximums", "{ North = 0 }")
    told = ask(borough, "site")
    _refused_key(
        told, borough, "siting.zone_maximums", None, "unknown key", 'did you mean "zone_minimums"'
    )


@pytest.mark.bad_input("S38")
@pytest.mark.parametrize("rest", ["", "\n", '\n[extra]\nkey = "x"\n'])
def test_a_key_that_stands_twice(borough, ask, rest):
    path = borough / "scenario.toml"
    path.write_text(f"{path.read_text()}time_limit_s = 3{rest}")
    lines = path.read_text().splitlines()
    line = len(lines) - 1 - lines[::-1].index("time_limit_s = 3") + 1
    refused(
        ask(borough, "site"),
        "the key stands twice",
        "remove one of the two",
        file=f"scenario.toml line {line}, key time_limit_s",
        value="3",
    )


@pytest.mark.bad_input("S34")
def test_a_number_with_a_leading_zero_is_never_octal(borough, ask):
    edit(borough / "scenario.toml", ("site_count = 2", "site_count = 010"))
    line = line_of(borough / "scenario.toml", "site_count")
    refused(
        ask(borough, "site"),
        "may not begin with 0",
        "write it without the 0",
        file=f"scenario.toml line {line}, key site_count",
        value="010",
    )


@pytest.mark.bad_input("S33")
@pytest.mark.parametrize("value", ["45045", '"half past"', "12.5"])
def test_a_time_of_day_that_is_a_number_or_a_text(borough, ask, value):
    edit(borough / "scenario.toml", ('"roads.osm"\n', f'"roads.osm"\ndeparts_at = {value}\n'))
    told = ask(borough, "site")
    _refused_key(
        told, borough, "roads.departs_at", value.strip('"'), "not a time of day", "as 08:30:00"
    )


@pytest.mark.bad_input("S33")
def test_yaml_is_no_scenario(borough, ask):
    (borough / "scenario.toml").write_text("id: tiny\nroads:\n  departs_at: 12:30:45\n")
    refused(ask(borough, "site"), "not valid TOML", "key = value", file="scenario.toml line 1")


@pytest.mark.bad_input("S39")
@pytest.mark.parametrize("name", ["../../x", "Tiny Town", "a/b", "C:\\\\x", ""])
def test_an_id_that_could_leave_the_folder(borough, ask, name):
    edit(borough / "scenario.toml", ('id = "tiny"', f'id = "{name}"'))
    told = ask(borough, "run")
    value = name.replace("\\\\", "\\")
    _refused_key(told, borough, "id", value, "may not stand there", "use a-z, 0-9, - and _ only")


@pytest.mark.bad_input("S31")
def test_a_scenario_that_is_built_on_another(borough, ask):
    edit(borough / "scenario.toml", ('id = "tiny"', 'id = "tiny"\nbase = "b.toml"'))
    (borough / "b.toml").write_text('id = "b"\nbase = "scenario.toml"\n')
    told = ask(borough, "site")
    _refused_key(told, borough, "base", "b.toml", "unknown key", "built on no other")
