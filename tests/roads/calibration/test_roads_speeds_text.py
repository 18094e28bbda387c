import tomllib
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ntgeo.domain.matrix import TimeRange, TravelMode
from ntgeo.roads import read_speeds, write_speeds
from ntgeo.roads.calibration.fit import FitError, FittedFactor, SpeedFit
from ntgeo.roads.calibration.time_parts import FITTED, PARTS, scaled_speeds
from ntgeo.roads.speeds import SPEEDS_FILE

TODAY = date(2026, 11, 24)


def fit_of(mode, factors, **time_of_day):
    table = read_speeds(mode)
    clocks = {**table.time_of_day, **time_of_day}
    speeds = scaled_speeds(table, np.array([factors.get(name, 1.0) for name in PARTS]), clocks)
    told = TimeRange(low_share=0.9, high_share=1.25, source='calibrated on 50 "journeys"')

    def factor(name, value):
        return FittedFactor(
            name=name, factor=value, spread_share=0.1, time_share=0.25, is_told=value != 1.0
        )

    error = FitError(median_s=60.0, median_share=0.125, bias_share=0.0)
    return SpeedFit(
        speeds=replace(speeds, time_range=told),
        parts=tuple(factor(PARTS[part], factors.get(PARTS[part], 1.0)) for part in FITTED),
        slots=tuple(factor(at, clocks[at] / table.time_of_day[at]) for at in table.time_of_day),
        used=50,
        refused=(),
        before=error,
        after=replace(error, median_share=0.1),
    )


@pytest.mark.parametrize("mode", list(TravelMode))
def test_what_is_written_reads_as_the_fitted_table_and_the_rest_as_it_was(tmp_path, mode):
    clocks = {"08:00": 1.3} if mode is TravelMode.CAR else {}
    fit = fit_of(mode, {"main roads": 1.25, "stops": 1.5, "turns": 2.0}, **clocks)
    path = tmp_path / "mine.toml"
    write_speeds(path, fit, SPEEDS_FILE, observed="o.csv", today=TODAY)
    back = read_speeds(mode, path)
    for name in ("share", "time_of_day", "limit_kph"):
        assert getattr(back, name) == pytest.approx(dict(getattr(fit.speeds, name)), abs=0.0006)
    assert dict(back.delay_ms) == dict(fit.speeds.delay_ms)
    assert dict(back.turn_ms) == dict(fit.speeds.turn_ms)
    assert back.time_range == fit.speeds.time_range
    for other in set(TravelMode) - {mode}:
        assert read_speeds(other, path) == read_speeds(other)


def test_every_fitted_figure_says_how_it_came_about_and_no_other(tmp_path):
    fit = fit_of(TravelMode.CAR, {"main roads": 1.25, "stops": 1.5}, **{"08:00": 1.298})
    path = tmp_path / "mine.toml"
    write_speeds(path, fit, SPEEDS_FILE, observed="o.csv", today=TODAY)
    text = path.read_text(encoding="utf-8")
    noted = dict(line.split("  # ") for line in text.splitlines() if "  # " in line)
    assert noted["primary = { limit_mph = 40, share = 0.64 }"] == (
        "share was 0.8; main roads: time × 1.25 ± 0.12, 25% of all time"
    )
    assert noted["traffic_signals = 15.0"].startswith("was 10; stops: time × 1.50 ± 0.15")
    assert noted['"08:00" = 1.298'].startswith("was 1.18; 08:00: time × 1.10 ± 0.11")
    assert noted["high_share = 1.25"].startswith("of observed over expected times")
    assert not any(line.startswith(("residential", "junction", "right")) for line in noted)
    assert "calibrated by ntgeo on 2026-11-24" in text
    assert "the median error was 10.0% (before: 12.5%)" in text


def test_a_hostile_file_name_stays_a_comment(tmp_path):
    fit = fit_of(TravelMode.CAR, {})
    path = tmp_path / "mine.toml"
    name = 'o.csv"\n[car]\nhighest_kph = 1\x00\ud800'
    write_speeds(path, fit, SPEEDS_FILE, observed=name, today=TODAY)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["car"]["highest_kph"] == 112.7
