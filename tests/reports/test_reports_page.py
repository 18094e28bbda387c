from dataclasses import replace

import browser
import numpy as np
import pandas as pd
import pytest
import report_plans
import toytown
from html_check import assert_sound
from mapping.hostile import HOSTILE

from ntgeo.domain.matrix import TimeRange
from ntgeo.domain.run import InputFile
from ntgeo.reports.content import DemandSection, ReportContent, RoundsSection, SitingSection
from ntgeo.reports.page import write_report


def by_decile(service="Libraries"):
    return pd.DataFrame(
        {
            "service": [service] * 2,
            "imd_decile": [1, 10],
            "areas": [2, 3],
            "population": [200, 300],
            "count": pd.array([20, None], dtype="Int64"),
            "rate_per_1000": [100.0, None],
            "ci_low": [61.1, None],
            "ci_high": [154.4, None],
        }
    )


def expected(service="Libraries"):
    return pd.DataFrame(
        {
            "service": [service] * 2,
            "imd_decile": [1, 10],
            "observed": [20.0, 30.0],
            "expected": [25.0, 25.0],
            "difference": [5.0, -5.0],
            "observed_share": [0.8, 1.2],
        }
    )


def indices(service="Libraries"):
    return pd.DataFrame(
        {
            "service": [service],
            **{key: [12.5] for key in ("sii", "sii_low", "sii_high")},
            **{key: [1.25] for key in ("rii", "rii_low", "rii_high")},
        }
    )


@pytest.fixture
def content(limited, short_rounds, areas):
    problem, plan = limited
    return ReportContent(
        title="Toytown",
        question=("Which two sites?", "Who visits whom?"),
        siting=SitingSection(problem=problem, plan=plan, areas=areas),
        rounds=RoundsSection(
            problem=short_rounds[0], plan=short_rounds[1], sheets_file="sheets.html"
        ),
        demand=DemandSection(
            by_decile=by_decile(),
            indices=indices(),
            expected_by_decile=expected(),
            notes=("By regression.",),
        ),
        inputs=(
            InputFile(
                role="areas", file="areas.geojson", sha256="ab" * 32, rows=5, notes=("tidy",)
            ),
        ),
        set_aside=pd.DataFrame({"row": [7], "why": ["no code"]}),
        notes=("3 records lay outside.",),
        sources=("Made by hand.",),
        facts={"Seed": "1"},
        files={"plan.gpkg": "layers"},
        is_synthetic=True,
    )


def written(tmp_path, content, name="report.html"):
    path = tmp_path / name
    write_report(path, content)
    return path.read_text(encoding="utf-8")


def test_a_report_is_sound_and_says_it_all(tmp_path, content):
    page = assert_sound(written(tmp_path, content))
    for text in (
        "Toytown",
        "Which two sites?",
        "The plan has 2 sites open",
        "2 of 3 visits are made",
        "proven best: no plan that keeps the rules is better",
        "500 person-minutes",
        "worked out by hand",
        "Site S2",
        "East End",
        "no open site is within 10 minutes",
        "a limit of 20 minutes would serve it",
        "every shift that could make it is full",
        "Round of shift A",
        "By regression.",
        "abababababababab",
        "areas.geojson: tidy",
        "no code",
        "Made by hand.",
        "Made-up place.",
        "Libraries",
    ):
        assert text in page.text, text
    assert {a["href"] for a in page.all("a")} >= {
        "map.html",
        "rounds.html",
        "sheets.html",
        "plan.gpkg",
    }


def test_figures_are_those_of_the_drawing(tmp_path, content):
    page = assert_sound(written(tmp_path, content))
    assert "Mean journey 5.6 min today 11.1 min" in page.text
    assert "Within 10 min 89% today 67%" in page.text
    assert "Areas served 4 of 5" in page.text
    assert "Visits made 2 of 3" in page.text


def test_a_protected_figure_is_a_dash_with_a_note(tmp_path, content):
    page = assert_sound(written(tmp_path, content))
    assert "10 3 300 – – – –" in page.text
    assert "held back because it is so small" in page.text


@pytest.mark.parametrize(
    ("left", "absent"),
    [
        ("siting", "Journeys before and after"),
        ("rounds", "Rounds on"),
        ("demand", "Observed and expected use"),
    ],
)
def test_a_part_that_was_not_asked_for_is_not_there(tmp_path, content, left, absent):
    whole, part = written(tmp_path, content), written(tmp_path, replace(content, **{left: None}))
    assert absent in whole
    assert absent not in part
    assert_sound(part)


def test_the_range_of_times_stands_with_the_mean_journey(tmp_path, content, areas):
    problem = content.siting.problem
    told = TimeRange(low_share=0.8, high_share=1.5, source="<script>by hand</script>")
    ranged = replace(problem, travel=replace(problem.travel, time_range=told))
    section = SitingSection(problem=ranged, plan=content.siting.plan, areas=areas)
    page = assert_sound(written(tmp_path, replace(content, siting=section)))
    assert "Mean journey 5.6 min range 4.4 to 8.3 min; today 11.1 min" in page.text
    assert "read 5.6 minutes as 4.4 to 8.3 minutes (<script>by hand</script>)." in page.text
    assert "2 areas (200 residents) keep within the limit by these times, but not" in page.text


def test_a_report_of_almost_nothing_is_sound(tmp_path):
    page = assert_sound(written(tmp_path, ReportContent(title="Nothing")))
    assert "Made-up place" not in page.text


def test_straight_lines_have_their_banner(tmp_path, content, areas):
    problem = content.siting.problem
    travel = type(problem.travel).from_arrays(
        problem.travel.time_s,
        origins=problem.areas,
        destinations=problem.travel.destinations,
        method="straight line × 1.3 at 30 km/h (no roads were used)",
    )
    straight = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "travel"
    } | {"travel": travel})  # fmt: skip
    section = SitingSection(problem=straight, plan=content.siting.plan, areas=areas)
    assert "Straight lines, not roads." not in written(tmp_path, content)
    page = assert_sound(written(tmp_path, replace(content, siting=section)))
    assert "Straight lines, not roads." in page.text
    assert "rivers, railways and slow roads are not seen" in page.text


def test_the_same_content_gives_the_same_bytes(tmp_path, content):
    assert written(tmp_path, content) == written(tmp_path, content, "again.html")


def hostile_content(content, text):
    """The content with ``text`` wherever a user's text can be."""
    problem, plan = content.siting.problem, content.siting.plan
    sites = tuple(replace(site, name=text) for site in problem.sites)
    named = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "sites"
    } | {"sites": sites})  # fmt: skip
    unserved = tuple(replace(u, reason=text, change=text) for u in plan.unserved)
    areas = report_plans.areas().astype({"name": object, "ward": object})
    areas["name"] = text.encode("utf-8", "replace").decode()
    areas["ward"] = text.encode("utf-8", "replace").decode()
    rounds = report_plans.route_plan([report_plans.ROUTE_A], [("V3", "no-room", text)])
    service = text.encode("utf-8", "replace").decode()
    return ReportContent(
        title=text,
        question=(text,),
        siting=SitingSection(problem=named, plan=replace(plan, unserved=unserved), areas=areas),
        rounds=RoundsSection(problem=toytown.routing_problem(), plan=rounds),
        demand=DemandSection(
            by_decile=by_decile(service),
            indices=indices(service),
            expected_by_decile=expected(service),
            notes=(text,),
        ),
        inputs=(InputFile(role=text, file=text, sha256="0" * 64, notes=(text,)),),
        set_aside=pd.DataFrame({"why": [service]}),
        notes=(text,),
        limits=(text,),
        sources=(text,),
        facts={text: text},
        files={"plan.gpkg": text},
    )


def test_no_text_is_taken_for_anything_else_and_each_still_shows(tmp_path, content):
    page = assert_sound(written(tmp_path, hostile_content(content, " ".join(HOSTILE))))
    for text in HOSTILE:
        seen = "".join(c if c.isprintable() or c in "\ufeff\u200b" else " " for c in text)
        for word in seen.split():
            assert word in page.text, repr(text)


def test_text_shows_as_it_was_written(tmp_path, content):
    text = '<b>Siân</b> & O\'Neill "x" {{7*7}}'
    page = assert_sound(written(tmp_path, replace(content, title=text)))
    assert text in page.text


@pytest.mark.browser
def test_a_report_opens_quietly_and_can_be_used_by_keyboard(tmp_path, content):
    path = tmp_path / "report.html"
    write_report(path, hostile_content(content, " ".join(HOSTILE)))
    with browser.browser() as opened:
        browser.open_page(opened, path)
        browser.assert_quiet(opened, path)
        assert opened.execute_script("return document.scripts.length") == 0
        focused = "return document.activeElement.id || document.activeElement.className"
        opened.switch_to.active_element.send_keys("\ue004")  # Tab
        assert opened.execute_script(focused) == "skip screen"
        opened.switch_to.active_element.send_keys("\ue007")  # Enter
        assert opened.execute_script(focused) == "main"
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert opened.execute_script(wide) <= 0
        browser.open_page(opened, path, (320, 640))  # a 1280 px screen at 400 %
        assert opened.execute_script(wide) <= 0


def test_what_else_could_be_done_is_told_where_it_is_known(content, tmp_path):
    changes = pd.DataFrame(
        {
            "what_if": ["closed", "closed", "forced open"],
            "site_id": ["S2", "S4", "S1"],
            "name": ["Site S2", "Site S4", "Site S1"],
            "cost": [600.0, np.nan, np.nan],
            "is_proven": [True, False, True],
            "outcome": ["10 minutes more travel in all", "not found", "no plan keeps the rules"],
            "opened_instead": ["Site S3", "", ""],
            "closed_instead": ["", "", ""],
            "mean_time_s": [700.0, np.nan, np.nan],
        }
    )
    flips = pd.DataFrame(
        {
            "grows": ["all demand", "travel times to Site S2"],
            "unchanged_until": [1.0, 1.2],
            "changes_at": [np.nan, 1.21],
            "opened_instead": ["", "Site S3"],
            "closed_instead": ["", "Site S2"],
            "outcome": ["holds up to 1 times; beyond is not known", "changes at 1.21 times"],
        }
    )
    section = replace(
        content.siting, changes=changes, flips=flips, choice_notes=("1 of 3 is not weighed.",)
    )
    path = tmp_path / "report.html"
    write_report(path, replace(content, siting=section))
    page = path.read_text()
    assert "The open site hardest to do without is Site S2: closing it" in page
    assert "The rejected site that comes nearest is Site S1: opening it would mean no plan" in page
    assert "at 1.21 times today" in page
    assert "1 of 3 is not weighed." in page
    assert "beyond is not known" not in page
    assert "Site S4 is" not in page
