from datetime import time

import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import DataUnavailableError, InputError
from ntgeo.roads.speeds import SPEEDS_FILE, read_limit, read_speeds


@pytest.mark.parametrize(
    ("tag", "kph", "is_list"),
    [
        ("30 mph", 48.28032, False),
        ("30mph", 48.28032, False),
        ("50", 50.0, False),
        ("50 km/h", 50.0, False),
        ("10 knots", 18.52, False),
        ("national", 96.56064, False),
        ("GB:nsl_dual", 112.65408, False),
        ("GB:nsl_single", 96.56064, False),
        ("30;40", 30.0, True),
        ("20 mph;40 mph", 32.18688, True),
        ("signals;40", 40.0, True),
        ("none", None, False),
        ("signals", None, False),
        ("RU:urban", None, False),
        ("walk", None, False),
        ("0", None, False),
        ("", None, False),
        ("-30", None, False),
    ],
)
def test_speed_limits(tag, kph, is_list):
    limit = read_limit(tag)
    assert limit.kph == pytest.approx(kph)
    assert limit.is_list == is_list


def test_a_bicycle_does_not_care_for_limits():
    assert read_speeds(TravelMode.BICYCLE).driven_kph("primary", 110.0) == 16.0


def test_every_mode_tells_how_far_to_trust_it():
    for mode in TravelMode:
        told = read_speeds(mode).time_range
        assert told.low_share < 1 < told.high_share
        assert "not calibrated" in told.source


def test_nobody_drives_faster_than_the_law_allows():
    speeds = read_speeds(TravelMode.CAR)
    assert speeds.driven_kph("motorway", 500.0) == pytest.approx(112.7 * 0.88)
    for road_class in speeds.limit_kph.keys() - {"ferry"}:
        assert 0 < speeds.driven_kph(road_class, None) < speeds.limit_kph[road_class]


def test_a_speed_file_that_is_not_there(tmp_path):
    with pytest.raises(DataUnavailableError, match=r"mine\.toml: there is no such file"):
        read_speeds(TravelMode.CAR, tmp_path / "mine.toml")


def test_the_factor_of_a_time_of_day_begins_with_it():
    car, foot = read_speeds(TravelMode.CAR), read_speeds(TravelMode.FOOT)
    clocks = {time(7, 59): 1.05, time(8): 1.18, time(9, 29, 59): 1.18, time(23, 59): 0.92}
    assert {clock: car.factor_at(clock) for clock in clocks} == clocks
    assert foot.factor_at(time(8)) == 1.0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("highest_kph = 112.7", "highest_kph = -1", "car.highest_kph"),
        ("right = 5.0", 'right = "slow"', "car.turns_s.right"),
        ("traffic_signals = 10.0 ", "traffic_signals = -3 ", "car.delays_s.traffic_signals"),
        ("share = 0.88", "share = 0.0", "car.classes.motorway.share"),
        ('"07:00" = 1.05', '"07:00" = 0', "car.time_of_day.07:00"),
        ('"08:00" = 1.18', '"8:00" = 1.18', "car.time_of_day.8:00: it is not a time as HH:MM"),
        ("low_share = 0.8", "low_share = 1.1", "car.range.low_share"),
        ("low_share = 0.8", "low_share = 0", "car.range.low_share"),
        ("high_share = 1.4", "high_share = 0.9", "car.range.high_share"),
        ("high_share = 1.4", "high_share = inf", "car.range.high_share"),
        ("[car.range]", "[car.spread]", "car.range: field required"),
        ("[car.range]", "[car.spread]", "car.spread: unknown key"),
        ("share = 0.88", "share = true", "car.classes.motorway.share"),
        ("limit_mph = 70, share", "share", "car.classes.motorway: it needs either"),
        ("{ limit_mph = 70, share = 0.88 }", "70", "car.classes.motorway"),
        ("junction = 1.0 ", "junctions = 1.0 ", "car.delays_s.junction: field required"),
        ("[car.classes]", "[car.roads]", "car.classes: field required"),
        ("[car.turns_s]", "[[car.turns_s]]", "car.turns_s"),
        ("[car]", "[cart]", "car"),
        ("[car.classes]", "[car.classes", "not TOML"),
    ],
)
def test_a_bad_speed_file_is_refused_with_the_key(tmp_path, old, new, told):
    text = SPEEDS_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_speeds(TravelMode.CAR, path)
    assert told in str(refusal.value)


def test_all_faults_of_a_speed_file_are_told_at_once(tmp_path):
    text = SPEEDS_FILE.read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(
        text.replace("right = 5.0", "right = -5.0", 1).replace("stop = 5.0", "stop = nan", 1),
        encoding="utf-8",
    )
    with pytest.raises(InputError) as refusal:
        read_speeds(TravelMode.CAR, path)
    assert [fault.column for fault in refusal.value.faults] == [
        "car.delays_s.stop",
        "car.turns_s.right",
    ]
    assert read_speeds(TravelMode.FOOT, path) == read_speeds(TravelMode.FOOT)
