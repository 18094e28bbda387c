from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from ntgeo.reports.charts import (
    access_chart,
    coverage_chart,
    lorenz_chart,
    utilisation_chart,
)
from ntgeo.reports.demand_charts import expected_chart, use_rate_chart
from ntgeo.reports.rounds_charts import balance_chart, cost_chart, shift_chart
from ntgeo.reports.rounds_effects import rounds_costs_table
from ntgeo.reports.rounds_tables import rounds_shifts_table
from ntgeo.reports.siting_access import access_by_decile_table
from ntgeo.reports.siting_tables import (
    siting_areas_table,
    siting_sites_table,
)

HOSTILE = "<script>alert(1)</script> $x^$ ]]> & \"' 日本 \x00\x1b\ufffe"
RATES = pd.DataFrame(
    {
        "service": ["Libraries"] * 3 + [HOSTILE] * 3,
        "imd_decile": [1, 5, 10] * 2,
        "rate_per_1000": [30.0, 40.0, 50.0, 7.0, np.nan, 5.0],
        "ci_low": [28.0, 38.0, 47.0, 6.0, np.nan, 4.0],
        "ci_high": [32.0, 42.0, 53.0, 8.0, np.nan, 6.0],
    }
)


def tree(chart):
    return ET.fromstring(chart.svg)  # noqa: S314 - it is ours


@pytest.fixture
def charts(siting, rounds, rich_rounds, areas):
    table = siting_areas_table(*siting, areas)
    sites = siting_sites_table(*siting).assign(
        capacity=[np.nan, 50.0, np.nan, 80.0], name=[HOSTILE, HOSTILE, "b", "c"]
    )
    deciles = access_by_decile_table(table)
    expected = pd.DataFrame(
        {"imd_decile": [1, 10], "observed": [90.0, 120.0], "expected": [110.0, 100.0]}
    )
    return [
        access_chart(deciles),
        coverage_chart(table, travel_limit_s=600),
        utilisation_chart(sites, demand_unit=HOSTILE),
        shift_chart(rounds_shifts_table(*rounds)),
        expected_chart(expected, service=HOSTILE),
        use_rate_chart(RATES),
        lorenz_chart(table),
        balance_chart(rounds_shifts_table(*rounds)),
        cost_chart(rounds_costs_table(rich_rounds[1])),
    ]


def test_every_chart_is_named_described_and_sound(charts):
    for chart in charts:
        root = tree(chart)
        assert root.attrib["role"] == "img"
        named = root.attrib["aria-labelledby"].split()
        texts = {element.get("id"): element.text for element in root}
        assert [texts[name] for name in named] == [chart.title, chart.description]
        assert {element.tag for element in root.iter()}.isdisjoint({"script", "style", "metadata"})
        assert "<script" not in chart.svg


def test_every_id_of_a_chart_is_its_own_and_met(charts):
    seen = set()
    for chart in charts:
        root = tree(chart)
        ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids))
        assert seen.isdisjoint(ids)
        seen.update(ids)
        for element in root.iter():
            if "href" in element.attrib:
                assert element.attrib["href"].removeprefix("#") in ids


def test_charts_hold_no_clock_and_ignore_the_users_style(charts, siting, areas):
    again = coverage_chart(siting_areas_table(*siting, areas), travel_limit_s=600)
    assert again == charts[1]
    with mpl.rc_context({"font.size": 20, "lines.linewidth": 9, "svg.fonttype": "path"}):
        styled = coverage_chart(siting_areas_table(*siting, areas), travel_limit_s=600)
    assert styled == charts[1]
    assert "T00:" not in again.svg


def test_descriptions_tell_the_figures(charts):
    access, coverage, sites, shifts, expected, rates, lorenz, balance, cost = (
        chart.description for chart in charts
    )
    assert "Decile 1: 6.7 minutes today, 3.3 in the plan." in access
    assert coverage == (
        "Two rising lines: today, half of the demand is within 10.0 minutes and in the plan, half "
        "of the demand is within 0.0 minutes."
    )
    assert "60, 120% of its capacity" in sites
    assert "A: 44% on visits and travel." in shifts
    assert "Decile 1: 90 observed, 110 expected." in expected
    assert (
        "today, a Gini coefficient of 0.36 and in the plan, a Gini coefficient of 0.62." in lorenz
    )
    assert "Libraries: 30.0 in decile 1, 50.0 in decile 10." in rates
    assert "B: 3 hours 5 minutes of work, 1 visit." in balance
    assert "Pay: £" in cost


def test_dollar_signs_are_not_taken_for_formulas(charts):
    assert "$x^$" in "".join(tree(charts[4]).itertext())


def test_a_chart_of_little_is_still_drawn(siting, areas):
    table = siting_areas_table(*siting, areas).iloc[:1]
    nowhere = table.assign(time_before_s=np.nan, time_after_s=np.nan)
    assert coverage_chart(nowhere).description == "No area can reach an open site."
    assert access_chart(access_by_decile_table(nowhere)).description.endswith(
        "Decile 1: no way to any open site."
    )
    assert use_rate_chart(RATES.assign(rate_per_1000=np.nan, ci_low=np.nan, ci_high=np.nan)).svg


def test_a_protected_rate_is_not_drawn(charts):
    told = use_rate_chart(RATES.assign(rate_per_1000=RATES["rate_per_1000"].astype(object)))
    assert told.description == charts[5].description
    words = RATES.astype({"rate_per_1000": object})
    words.loc[4, "rate_per_1000"] = "c"
    assert use_rate_chart(words).description == charts[5].description
