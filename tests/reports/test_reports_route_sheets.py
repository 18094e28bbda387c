from html_check import assert_sound
from mapping.hostile import HOSTILE

from ntgeo.domain.path_steps import PathStep
from ntgeo.domain.places import Location
from ntgeo.reports.rounds_tables import rounds_stops_table
from ntgeo.reports.route_sheets import route_sheets, write_route_sheets
from ntgeo.reports.way_text import ways_in_words


def test_a_sheet_agrees_stop_by_stop_with_the_table(rounds):
    table = rounds_stops_table(*rounds)
    sheets = route_sheets(*rounds, {})
    assert [sheet["shift"] for sheet in sheets] == ["A", "B"]
    lines = [stop for sheet in sheets for stop in sheet["stops"]]
    assert [stop["kind"] for stop in lines] == table["kind"].tolist()
    assert [stop["arrive"] for stop in lines] == table["arrive"].tolist()
    assert [stop["begin"] for stop in lines] == table["begin"].tolist()
    assert [stop["window"] for stop in lines] == table["window"].tolist()


def test_a_sheet_says_what_staff_need(tmp_path, rounds):
    path = tmp_path / "sheets.html"
    write_route_sheets(path, *rounds, title="Toytown", place_lines={"V1": "1 Mill Lane"})
    page = assert_sound(path.read_text(encoding="utf-8"))
    for text in (
        "Shift A staff-A, Tuesday 24 November 2026, 09:00 to 12:00",
        "Visits 2 Out 09:00 Back 10:20 On visits 1 h 00 min",
        "Travel 20 min Distance 6.2 miles Mileage claim £3.42",
        "Start at Depot 09:00 09:00 09:00",
        "1 Visit V1 1 Mill Lane 5 min, 1.6 mi 09:05 09:05 09:35 09:00–17:00 30 min",
        "2 Visit V2 needs lift 5 min, 1.6 mi 09:40",
        "Break 09:35 11:30 (wait 115 min) 12:00 11:30–13:30 30 min",
        "Miles driven:",
    ):
        assert text in page.text, text
    assert "Made-up place" not in page.text


def test_a_sheet_tells_with_whom_and_what_comes_before_the_visit(tmp_path, rich_rounds):
    path = tmp_path / "sheets.html"
    write_route_sheets(path, *rich_rounds, title="Toytown")
    page = assert_sound(path.read_text(encoding="utf-8"))
    for text in (
        "1 Visit V1 with staff-B before V2, at least 5 min 5 min, 1.6 mi park 2 min 09:07 09:15 ",
        "(wait 3 min) (set-up 5 min) 09:45 09:00–17:00 better 09:00–09:10 30 min",
        "2 Visit V2 after V1, at least 5 min needs lift you are new to this visit",
        "1 Visit V1 with staff-A before V2, at least 5 min you are new to this visit",
        "Break 09:45 09:45 10:15 09:30–10:00 30 min",
        "Overtime 32 min",
    ):
        assert text in page.text, text


def step(text, distance_m):
    here = Location(easting_m=0, northing_m=0)
    return PathStep(text=text, distance_m=distance_m, time_s=60, bearing_deg=0, location=here)


def test_the_way_to_each_stop_is_told_in_one_line(tmp_path, rounds):
    way = (
        step("Head north on Mill Lane", 40),
        step("At the roundabout take the 2nd exit onto the A10", 1_609.344),
        step("Turn left into <b>High</b> Street", 150),
        step("Arrive, on the left", 5),
    )
    line = (
        "Head north on Mill Lane, 40 yd; at the roundabout take the 2nd exit onto the A10, 1.0 mi; "
        "turn left into <b>High</b> Street, 160 yd; arrive, on the left"
    )
    steps = ways_in_words({"A": (way, (), way)})
    sheets = route_sheets(*rounds, {}, steps)
    assert [stop["way"] for stop in sheets[0]["stops"]][:4] == ["", line, "", line]
    assert all(stop["way"] == "" for stop in sheets[1]["stops"])
    path = tmp_path / "sheets.html"
    write_route_sheets(path, *rounds, title="Toytown", ways=steps)
    page = assert_sound(path.read_text(encoding="utf-8"))
    assert line in page.text
    assert "© OpenStreetMap contributors" in page.text


def test_unmade_visits_are_announced(tmp_path, short_rounds):
    path = tmp_path / "sheets.html"
    write_route_sheets(path, *short_rounds, title="Toytown", is_synthetic=True)
    page = assert_sound(path.read_text(encoding="utf-8"))
    assert "1 visit on no sheet." in page.text
    assert "Made-up place." in page.text
    assert "Shift B" not in page.text


def test_hostile_texts_stay_text(tmp_path, rounds):
    path = tmp_path / "sheets.html"
    text = " ".join(HOSTILE)
    write_route_sheets(path, *rounds, title=text, place_lines={"V1": text})
    page = assert_sound(path.read_text(encoding="utf-8"))
    assert "<img src=x onerror=alert(1)>" in page.text


def test_sheets_are_the_same_bytes_each_time(tmp_path, rounds):
    for name in ("one.html", "two.html"):
        write_route_sheets(tmp_path / name, *rounds, title="Toytown")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
