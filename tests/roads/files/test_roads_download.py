"""Tried against a server on loopback only; its answers are real ones where the data is there."""

import json
import socket
import time

import osmnx
import pytest
import shapely
from roads.overpass_server import STATUS, overpass_server

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import CancelledError, DataUnavailableError, InputError
from ntgeo.roads import Overpass, fetch_roads, read_roads

BYKER = shapely.box(-1.59, 54.97, -1.56, 54.985)
DATED = {"osm3s": {"timestamp_osm_base": "2026-01-18T14:50:32Z"}}
POINTS = [{"type": "node", "id": n, "lat": 54.97, "lon": -1.58 + n / 1000} for n in (1, 2, 3)]
WAY = {"type": "way", "id": 9, "nodes": [1, 2, 3], "tags": {"highway": "primary"}}
ROADS = json.dumps({**DATED, "elements": [*POINTS, WAY]})
TURN = {
    "type": "relation",
    "id": 4,
    "tags": {"type": "restriction", "restriction": "no_u_turn"},
    "members": [
        {"type": "way", "ref": 9, "role": "from"},
        {"type": "node", "ref": 2, "role": "via"},
        {"type": "way", "ref": 9, "role": "to"},
    ],
}
TURNS = json.dumps({**DATED, "elements": [WAY, TURN]})
EMPTY = json.dumps({**DATED, "elements": []})
USUAL = [(200, ROADS), (200, EMPTY), (200, TURNS)]


@pytest.fixture
def overpass():
    with overpass_server() as fake:
        yield fake


@pytest.fixture
def server(overpass, tmp_path):
    return Overpass(cache_folder=tmp_path / "cache", url=overpass.url)


@pytest.fixture
def naps(monkeypatch):
    """How long osmnx would have slept."""
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


class Listener:
    def __init__(self, *, cancelled=False):
        self.notes, self.cancelled = [], cancelled

    def stage(self, name, total=None):
        pass

    def advance(self, done):
        pass

    def note(self, message):
        self.notes.append(message)

    def is_cancelled(self):
        return self.cancelled


def test_roads_ferries_and_turns_become_one_answer(overpass, server, tmp_path):
    overpass.replies = list(USUAL)
    answer = fetch_roads(BYKER, server)
    assert [(e["type"], e["id"]) for e in answer["elements"]] == [
        ("node", 1),
        ("node", 2),
        ("node", 3),
        ("relation", 4),
        ("way", 9),
    ]
    assert answer["osm3s"]["timestamp_osm_base"] == "2026-01-18T14:50:32Z"
    roads, ferries, turns = overpass.asked
    assert 'way["highway"](poly:' in roads
    assert 'way["route"="ferry"](poly:' in ferries
    assert "relation['restriction'](poly:" in turns
    assert overpass.most_at_once == 1
    assert overpass.agents == {"ntgeo, a planner for local government, by osmnx"}
    path = tmp_path / "roads.json"
    path.write_text(json.dumps(answer))
    for mode in TravelMode:
        assert read_roads(path, mode=mode).link_count >= 1


def test_asking_twice_asks_the_server_once(overpass, server):
    overpass.replies = list(USUAL)
    first = fetch_roads(BYKER, server)
    assert fetch_roads(BYKER, server) == first
    assert len(overpass.asked) == 3
    overpass.replies = list(USUAL)
    again = Overpass(cache_folder=server.cache_folder, url=server.url, asks_again=True)
    assert fetch_roads(BYKER, again) == first
    assert len(overpass.asked) == 6


def test_a_kept_answer_that_is_torn_is_asked_for_again(overpass, server):
    overpass.replies = list(USUAL)
    first = fetch_roads(BYKER, server)
    kept = sorted(server.cache_folder.rglob("*.json"))
    assert len(kept) == 3
    torn = next(path for path in kept if "restriction" in path.read_text())
    torn.write_text(torn.read_text()[:40])
    overpass.replies = [(200, TURNS)]
    assert fetch_roads(BYKER, server) == first
    assert len(overpass.asked) == 4


def test_another_area_is_another_question(overpass, server):
    overpass.replies = [(200, ROADS)]
    fetch_roads(BYKER, server)
    fetch_roads(BYKER.buffer(0.01), server)
    assert len(overpass.asked) == 6


def test_osmnx_is_as_it_was_before(overpass, server):
    names = ("cache_folder", "cache_only_mode", "overpass_url", "requests_kwargs", "use_cache")
    before = {name: getattr(osmnx.settings, name) for name in names}
    looked_up = socket.getaddrinfo
    overpass.replies = [(400, "<html></html>")]
    with pytest.raises(DataUnavailableError):
        fetch_roads(BYKER, server)
    assert {name: getattr(osmnx.settings, name) for name in names} == before
    assert socket.getaddrinfo is looked_up


@pytest.mark.parametrize("code", [429, 504])
def test_a_busy_server_is_asked_again_later(overpass, server, naps, code):
    overpass.replies = [(code, "busy"), *USUAL]
    listener = Listener()
    assert len(fetch_roads(BYKER, server, progress=listener)["elements"]) == 5
    assert max(naps) >= 30
    assert listener.notes == [f"{server.host} is busy ({code}); asking again in a minute."]


def test_a_server_that_stays_busy_is_left_alone(overpass, server, naps):
    overpass.replies = [(429, "busy")]
    with pytest.raises(DataUnavailableError, match=r"it is busy \(it answered 429 4 times\)\. Fix"):
        fetch_roads(BYKER, server)
    assert len(overpass.asked) == 4
    assert sum(nap >= 30 for nap in naps) == 3


def test_it_waits_for_a_free_slot(overpass, server, naps):
    overpass.status = (200, STATUS.format("Slot available after: 2000-01-01T00:00:00Z, in 9 s."))
    overpass.replies = list(USUAL)
    fetch_roads(BYKER, server)
    assert naps == [1, 1, 1]


@pytest.mark.parametrize("status", [(404, "no"), (200, "Rate limit: 0\n")])
def test_a_server_without_slots_is_asked_at_once(overpass, server, naps, status):
    overpass.status = status
    overpass.replies = list(USUAL)
    fetch_roads(BYKER, server)
    assert set(naps) == {0}


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((400, "<p><strong>Error</strong>: line 2: parse error</p>"), "line 2: parse error"),
        ((200, "<html><title>Nothing here</title></html>"), "answered 200 with no data"),
        ((200, ""), "an empty page"),
        ((500, EMPTY), "answered 500"),
        (
            (200, json.dumps({"elements": [], "remark": "runtime error: Query timed out"})),
            "gave up halfway (runtime error: Query timed out)",
        ),
    ],
)
def test_errors_of_the_server_are_told(overpass, server, reply, told):
    overpass.replies = [reply]
    with pytest.raises(DataUnavailableError) as refusal:
        fetch_roads(BYKER, server)
    assert told in str(refusal.value)
    assert str(refusal.value).startswith(server.host)
    assert not list(server.cache_folder.rglob("whole"))


def test_after_an_error_what_was_answered_is_kept(overpass, server):
    overpass.replies = [(200, ROADS), (500, "broken")]
    with pytest.raises(DataUnavailableError):
        fetch_roads(BYKER, server)
    overpass.replies = [(200, EMPTY), (200, TURNS)]
    assert len(fetch_roads(BYKER, server)["elements"]) == 5
    assert sum('way["highway"]' in question for question in overpass.asked) == 1


def test_a_harmless_remark_does_no_harm(overpass, server):
    remarked = json.dumps({**json.loads(ROADS), "remark": "runtime remark: Test"})
    overpass.replies = [(200, remarked), (200, EMPTY), (200, TURNS)]
    first = fetch_roads(BYKER, server)
    assert len(first["elements"]) == 5
    assert fetch_roads(BYKER, server) == first
    assert len(overpass.asked) == 3


def test_no_server(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Overpass(cache_folder=tmp_path, url=f"http://127.0.0.1:{port}/api")
    with pytest.raises(
        DataUnavailableError, match=r"it cannot be reached .* Fix: check the network"
    ):
        fetch_roads(BYKER, server)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "overpass.example", "http://"])
def test_an_address_that_is_none(tmp_path, url):
    with pytest.raises(InputError, match="not the address of a server"):
        fetch_roads(BYKER, Overpass(cache_folder=tmp_path, url=url))


def test_an_area_too_large_is_not_asked_for(server, overpass):
    with pytest.raises(InputError, match=r"the area is 14,\d{3} km², more than the 5,000 km²"):
        fetch_roads(shapely.box(-2, 54, 0, 55), server)
    assert overpass.asked == []


def test_an_area_without_roads(overpass, server):
    overpass.replies = [(200, EMPTY)]
    with pytest.raises(InputError, match="OpenStreetMap has no road in this area"):
        fetch_roads(BYKER, server)


def test_it_can_be_stopped(overpass, server):
    overpass.replies = list(USUAL)
    with pytest.raises(CancelledError):
        fetch_roads(BYKER, server, progress=Listener(cancelled=True))


@pytest.mark.shared_data
def test_answers_as_overpass_gave_them(overpass, server, shared_data, tmp_path):
    samples = shared_data / "api_samples" / "overpass"
    empty = (200, (samples / "empty_result.json").read_text())
    drive = (200, (samples / "newcastle_byker_walker_drive.json").read_text())
    overpass.replies = [drive, empty, empty]
    path = tmp_path / "byker.json"
    path.write_text(json.dumps(fetch_roads(BYKER, server)))
    network = read_roads(path, mode=TravelMode.CAR)
    straight = read_roads(samples / "newcastle_byker_walker_drive.json", mode=TravelMode.CAR)
    assert network.link_count == straight.link_count > 100
    assert network.dated == "2026-01-18T14:50:32Z"


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("sample", "code", "told"),
    [
        ("overpy__bad-request.html", 400, "line 2: parse error: ';' expected - 'out' found."),
        ("overpy__bad-request-encoding.html", 400, "line 2: parse error"),
        ("overpy__remark-runtime-error-01.json", 200, "gave up halfway"),
    ],
)
def test_error_pages_as_overpass_gave_them(overpass, server, shared_data, sample, code, told):
    page = (shared_data / "api_samples" / "overpass" / sample).read_bytes()
    overpass.replies = [(code, page)]
    with pytest.raises(DataUnavailableError) as refusal:
        fetch_roads(BYKER, server)
    assert told in str(refusal.value)
