from datetime import UTC, datetime

import pytest
import report_plans
import toytown
from ics_reader import events
from mapping.hostile import HOSTILE

from ntgeo.domain.units import moment
from ntgeo.reports.calendars import calendar_text, file_name_of, write_calendars
from ntgeo.reports.rounds_tables import rounds_stops_table


def at(text):
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def stops_of(shift, problem, plan):
    stops = rounds_stops_table(problem, plan)
    return stops[stops["shift_id"] == shift]


def test_a_calendar_agrees_with_the_round(rounds):
    rest, visit = report_plans.ROUTE_B.stops[2], report_plans.ROUTE_B.stops[1]
    stops = stops_of("B", *rounds)
    first, second = events(calendar_text(toytown.DAY, stops, {"V3": "1 Mill Lane; Sea"}))
    assert at(first["DTSTART"]) == moment(toytown.DAY, visit.begin_s)
    assert at(first["DTEND"]) == moment(toytown.DAY, visit.leave_s)
    assert (first["SUMMARY"], second["SUMMARY"]) == ("Visit V3", "Break")
    assert first["LOCATION"] == "1 Mill Lane; Sea"
    assert "LOCATION" not in second
    assert first["DESCRIPTION"] == (
        "Shift B; takes 30 min; may begin 09:00–17:00; travel there 5 min"
    )
    assert at(second["DTSTART"]) == moment(toytown.DAY, rest.begin_s)
    assert first["UID"] != second["UID"]


def test_one_file_a_round_the_same_bytes_each_time(tmp_path, rounds):
    first = write_calendars(tmp_path / "one", *rounds)
    second = write_calendars(tmp_path / "two", *rounds)
    assert [path.name for path in first] == ["round-A.ics", "round-B.ics"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_hostile_texts_cannot_add_a_line(rounds):
    stops = stops_of("A", *rounds)
    for text in HOSTILE:
        place = {"V1": f"{text}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged\r\n"}
        found = events(calendar_text(toytown.DAY, stops, place))
        assert [event["SUMMARY"] for event in found] == ["Visit V1", "Visit V2"]
        assert "SUMMARY:forged" in found[0]["LOCATION"]


@pytest.mark.parametrize(
    "shift", ["../../etc/passwd", "a/b", "a b", "", "..", "CON:", "ł", "x" * 9]
)
def test_file_names_stay_in_their_folder(shift):
    name = file_name_of(shift)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert name.startswith("round-")


def test_different_shifts_have_different_files():
    names = [file_name_of(shift) for shift in ("a b", "a/b", "a-b", "ł", "")]
    assert len(set(names)) == len(names)
