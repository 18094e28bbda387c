"""What is published, attacked: every figure of two releases that differ by one record."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pypdf
import pytest
from attacker import Attack, told_of
from published import figures_in
from small_borough import (
    AREAS,
    DECILES,
    SERVICES,
    counts_of,
    people_of,
    publish,
    without_pictures,
)

from ntgeo.demand.rules import DISCLOSURE_RULES

CELLS = [(area, service) for area in AREAS for service in SERVICES]
ADVICE = [3, 12, 0, 7, 1, 25, 5, 9, 8, 40]
CLUB = [30, 2, 14, 0, 8, 6, 11, 4, 0, 9]
CASES = {
    "local-5": ("observed", 2, 0),  # weight; area in which the record is; uses before it
    "ons-10": ("expected", 7, 9),
    "nhs-hes": ("observed", 3, 7),
}


def cells_about(about, service):
    """Places of the cells that a figure sums up."""
    if about.startswith("decile"):
        decile = int(about.split()[1])
        areas = [area for area, own in zip(AREAS, DECILES, strict=True) if own == decile]
    else:
        areas = [about]
    return tuple(CELLS.index((area, service)) for area in areas)


@pytest.fixture(scope="module", params=sorted(CASES))
def releases(request, tmp_path_factory):
    rule, (weight, row, before) = request.param, CASES[request.param]
    folder = tmp_path_factory.mktemp(rule)
    told = []
    with pytest.MonkeyPatch.context() as patch:
        without_pictures(patch)
        for name, uses in (("first", before), ("second", before + 1)):
            advice = [*ADVICE[:row], uses, *ADVICE[row + 1 :]]
            counts = counts_of(advice, CLUB)
            public, answer = publish(folder / name, counts, rule=rule, weight=weight)
            told.append(
                SimpleNamespace(
                    counts=counts,
                    public=public,
                    figures=list(figures_in(public)),
                    siting=answer.siting,
                )
            )
    return SimpleNamespace(
        rule=DISCLOSURE_RULES[rule], weight=weight, first=told[0], second=told[1]
    )


def is_of_demand(figure):
    return figure.what == "demand"


def seen(release, weight):
    """Figures of use: demand of sites is use only where areas weigh what is observed."""
    return [f for f in release.figures if weight == "observed" or not is_of_demand(f)]


def test_figures_of_use_are_read_in_every_kind_of_file(releases):
    files = {figure.file for figure in seen(releases.first, "observed")}
    assert {"demand.csv", "use_by_decile.csv", "areas.csv"} <= files
    assert {"tables.xlsx demand.csv", "plan.gpkg areas.csv", "plan.gpkg allocations.csv"} <= files
    assert {"parquet areas.csv", "map.html source", "map.html table", "report.html"} <= files


def test_a_cell_is_withheld_in_every_file_or_told_alike_in_all(releases):
    for release in (releases.first, releases.second):
        told = {}
        for figure in seen(release, releases.weight):
            is_people = figure.what.startswith("people")
            told.setdefault((figure.about, figure.service, is_people), []).append(figure)
        withheld = 0
        for cell, figures in told.items():
            hidden = {figure.count is None for figure in figures}
            assert len(hidden) == 1, (cell, figures)
            withheld += hidden == {True}
            if hidden == {False}:
                shown = next(f.count for f in figures if f.what in {"count", "people"})
                assert shown % releases.rule.rounded_to == 0
                assert all(abs(f.count - shown) <= f.slack for f in figures), figures
        assert 5 <= withheld < len(told) - 5


def test_no_protected_count_is_shown(releases):
    for release in (releases.first, releases.second):
        for figure in seen(release, releases.weight):
            counts = [release.counts[CELLS[c]] for c in cells_about(figure.about, figure.service)]
            is_people = figure.what.startswith("people")
            true = sum(people_of(count) if is_people else count for count in counts)
            if releases.rule.least_hidden <= true <= releases.rule.largest_hidden:
                assert figure.count is None, figure


def attack_on(releases):
    known = []
    for release in (releases.first, releases.second):
        told = set()
        for figure in seen(release, releases.weight):
            if figure.slack > 1e-3:
                continue  # the same count with fewer digits, as was tested above
            shown = None if figure.count is None else round(figure.count)
            cells = cells_about(figure.about, figure.service)
            told.add((cells, shown, figure.what.startswith("people")))
        known.append(
            [told_of(c, s, releases.rule, of_people=p) for c, s, p in sorted(told, key=str)]
        )
    attack = Attack(*known, len(CELLS), people=True)
    if releases.weight == "observed":
        for which, release in enumerate((releases.first, releases.second)):
            say_that_the_plan_is_best(attack, which, release.siting)
    return attack


def say_that_the_plan_is_best(attack, which, siting):
    """No other pair of sites has less travel: an inequality of the true counts for each pair."""
    time_s = np.array(siting.problem.travel.time_s)
    ids = [site.id for site in siting.problem.sites]
    best = time_s[:, [ids.index(site) for site in siting.plan.opened]].min(axis=1)
    advice = [CELLS.index((area, "advice")) for area in siting.problem.areas]
    for one in range(len(ids)):
        for other in range(one):
            more_s = time_s[:, [one, other]].min(axis=1) - best
            row = sum(s * attack.value(which, cell) for s, cell in zip(more_s, advice, strict=True))
            attack.say(row, -1e-3, np.inf)


def test_nobody_who_has_both_releases_recovers_a_protected_count(releases):
    attack, rule = attack_on(releases), releases.rule
    tried = 0
    for which, release in enumerate((releases.first, releases.second)):
        for cell, name in enumerate(CELLS):
            for is_people in (False, True):
                count = release.counts[name]
                true = people_of(count) if is_people else count
                if rule.least_hidden <= true <= rule.largest_hidden:
                    tried += 1
                    told = attack.tells(which, [cell], true, of_people=is_people)
                    assert not told, (which, name, is_people)
        for decile in sorted(set(DECILES)):
            for service in SERVICES:
                cells = cells_about(f"decile {decile}", service)
                true = sum(release.counts[CELLS[cell]] for cell in cells)
                if rule.least_hidden <= true <= rule.largest_hidden:
                    assert not attack.tells(which, cells, true), (which, decile, service)
    assert tried > 20


def test_expected_use_adds_up_to_what_is_shown(releases):
    """Withheld counts share what a decile's total leaves, or count as the middle of the rule."""
    middle = {"local-5": 2.5, "ons-10": 4.5, "nhs-hes": 4}[releases.rule.name]
    use = pd.read_csv(releases.first.public / "demand.csv")
    deciles = pd.read_csv(releases.first.public / "use_by_decile.csv")
    use["imd_decile"] = use["lsoa"].map(dict(zip(AREAS, DECILES, strict=True)))
    for table in (use, deciles):
        table["count"] = pd.to_numeric(table["count"], errors="coerce")
    totals = deciles.set_index(["service", "imd_decile"])["count"]
    for service, rows in use.groupby("service"):
        wanted = 0
        for decile, part in rows.groupby("imd_decile"):
            shown, total = part["count"].sum(), totals[service, decile]
            hidden = part["count"].isna().sum()
            is_told = hidden == 0 or pd.isna(total)
            wanted += shown + middle * hidden if is_told else max(shown, total)
        assert rows["expected"].sum() == pytest.approx(wanted)


def contents(path):
    """What a file holds, but for when it was written."""
    if path.suffix == ".xlsx":
        return pd.read_excel(path, sheet_name=None)
    if path.suffix == ".gpkg":
        layers = gpd.list_layers(path)["name"]
        return {name: pd.DataFrame(gpd.read_file(path, layer=name)) for name in layers}
    if path.suffix == ".pdf":
        return [page.extract_text() for page in pypdf.PdfReader(path).pages]
    return path.read_bytes()


def test_no_true_count_behind_what_is_shown_changes_a_single_figure(tmp_path, monkeypatch):
    """Two boroughs that differ, but not in what the rule shows of them, are published alike."""
    monkeypatch.setattr("ntgeo.demand.disclosure._draws", lambda rows, _: np.full(len(rows), 0.5))
    told = {}
    for name, advice in (
        ("one", [3, 12, 0, 7, 1, 25, 2, 9, 8, 40]),
        ("other", [2, 11, 0, 7, 2, 26, 1, 8, 9, 40]),
    ):
        public, _ = publish(
            tmp_path / name, counts_of(advice, CLUB), rule="local-5", weight="observed"
        )
        told[name] = {path.name: contents(path) for path in sorted(public.iterdir())}
    assert list(told["one"]) == list(told["other"])
    kinds = {name.rsplit(".")[-1] for name in told["one"]}
    assert {"csv", "gpkg", "html", "parquet", "pdf", "png", "svg", "xlsx"} <= kinds
    for name, one in told["one"].items():
        other = told["other"][name]
        if isinstance(one, dict):
            assert list(one) == list(other)
            for table in one:
                pd.testing.assert_frame_equal(one[table], other[table], check_exact=True)
        else:
            assert one == other, name
