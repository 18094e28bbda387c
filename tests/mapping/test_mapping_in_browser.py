"""What a reader meets: the pages in headless Chromium."""

import itertools
from dataclasses import replace

import geopandas as gpd
import pytest
from browser import (
    PHONE,
    assert_quiet,
    console_messages,
    open_page,
    outside_requests,
    wait_until,
)
from mapping_town import siting_content
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from test_mapping_rounds_map import hostile_rounds
from test_mapping_siting_map import hostile_content

from ntgeo.mapping import draw_rounds_map, draw_siting_map

pytestmark = pytest.mark.browser


def count(chromium, selector):
    return len(chromium.find_elements(By.CSS_SELECTOR, selector))


def text_of(chromium, selector):
    return chromium.find_element(By.CSS_SELECTOR, selector).text


def click(chromium, selector):
    chromium.execute_script(
        "document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector
    )
    chromium.find_element(By.CSS_SELECTOR, selector).click()


def card_text(chromium):
    """Text of the open card once it has faded in."""
    found = []

    def is_shown():
        found[:] = [text_of(chromium, ".leaflet-popup .card")]
        return found[0] != ""

    wait_until(lambda: count(chromium, ".leaflet-popup .card") == 1)
    wait_until(is_shown)
    return found[0]


def fills(chromium):
    return chromium.execute_script(
        "return [...document.querySelectorAll('.leaflet-areas-pane path')]"
        ".map((path) => path.getAttribute('fill'))"
    )


@pytest.mark.parametrize("size", [(1400, 900), PHONE])
def test_both_maps_open_without_a_message_or_an_outside_request(
    chromium, siting_page, rounds_page, size
):
    for page in (siting_page, rounds_page):
        open_page(chromium, page, size)
        assert count(chromium, ".folium-map.leaflet-container") == 1
        assert count(chromium, ".leaflet-marker-icon") > 5
        assert_quiet(chromium, page)
        width = chromium.execute_script("return document.documentElement.scrollWidth")
        assert width <= size[0], "the page must not scroll sideways"


def test_measures_restyle_one_layer_and_its_legend(chromium, siting_page):
    open_page(chromium, siting_page)
    before = fills(chromium)
    assert len(before) == 80
    for position in range(count(chromium, "#measure option")):
        click(chromium, f"#measure option:nth-child({position + 1})")
        assert len(fills(chromium)) == 80
        assert count(chromium, "#legend-classes li") >= 2
    click(chromium, "#measure option:nth-child(2)")
    assert "withheld (small number)" in text_of(chromium, "#legend-classes")
    assert "url(#hatch-withheld)" in fills(chromium)
    assert fills(chromium) != before
    assert_quiet(chromium, siting_page)


def test_legend_counts_add_up_to_all_areas(chromium, siting_page):
    open_page(chromium, siting_page)
    for position in range(count(chromium, "#measure option")):
        click(chromium, f"#measure option:nth-child({position + 1})")
        found = chromium.find_elements(By.CSS_SELECTOR, "#legend-classes .count")
        assert sum(int(item.text.split()[0]) for item in found) == 80


def test_today_and_plan_show_other_sites_and_journeys(chromium, siting_page):
    open_page(chromium, siting_page)
    in_plan = count(chromium, ".site-icon")
    assert count(chromium, '.site use[href="#site-closed"]') == 2
    click(chromium, 'input[name="when"][value="today"]')
    assert count(chromium, ".site-icon") == 4
    assert count(chromium, '.site use[href="#site-closed"]') == 0
    click(chromium, 'input[name="when"][value="plan"]')
    assert count(chromium, ".site-icon") == in_plan
    assert_quiet(chromium, siting_page)


@pytest.mark.parametrize(
    ("box", "selector"),
    [
        ("show-catchments", ".leaflet-catchments-pane path"),
        ("show-links", ".leaflet-links-pane path"),
        ("show-closed", '.site use[href="#site-closed"]'),
        ("show-competitor", '.site use[href="#site-competitor"]'),
    ],
)
def test_a_layer_goes_and_comes_back(chromium, siting_page, box, selector):
    open_page(chromium, siting_page)
    shown = count(chromium, selector)
    assert shown > 0
    click(chromium, f"#{box}")
    assert count(chromium, selector) == 0
    click(chromium, f"#{box}")
    assert count(chromium, selector) == shown


def test_reach_rings_show_when_asked_and_in_the_plan_only(chromium, tmp_path):
    content = siting_content()
    sites = [s.location for s in content.problem.sites if s.id in content.plan.opened]
    points = gpd.points_from_xy([s.easting_m for s in sites], [s.northing_m for s in sites])
    rings = [points.buffer(metres).union_all() for metres in (1500, 3000)]
    reach = gpd.GeoDataFrame({"minutes": [5, 10]}, geometry=rings, crs=27700)
    draw_siting_map(replace(content, reach=reach), tmp_path / "map.html")
    open_page(chromium, tmp_path / "map.html")
    assert count(chromium, ".reach-label") == 0
    click(chromium, "#show-reach")
    found = chromium.find_elements(By.CSS_SELECTOR, ".reach-label")
    labels = [item.get_attribute("textContent") for item in found]
    assert labels == ["10 min", "5 min"]
    click(chromium, 'input[name="when"][value="today"]')
    assert count(chromium, ".reach-label") == 0
    assert_quiet(chromium, tmp_path / "map.html")


def test_changed_roads_are_drawn_and_told(chromium, tmp_path):
    content = siting_content()
    lines = content.backdrop.roads.geometry.iloc[[3, 8, 9]]
    changes = gpd.GeoDataFrame(
        {"title": ["<b>", "B", "C"], "kind": ["close", "new", "new"]},
        geometry=lines.to_list(),
        crs=27700,
    )
    assumed = ("This plan assumes: <b>Tyne Bridge</b> closed (1 link, 0.1 km).",)
    backdrop = replace(content.backdrop, changes=changes, assumptions=assumed)
    draw_siting_map(replace(content, backdrop=backdrop), tmp_path / "map.html")
    open_page(chromium, tmp_path / "map.html")
    drawn = chromium.find_elements(By.CSS_SELECTOR, "path.change")
    assert [path.get_attribute("stroke") for path in drawn] == ["#00694a", "#b3260a"]
    told = [item.text for item in chromium.find_elements(By.CSS_SELECTOR, ".warning")]
    assert told == [assumed[0], "Drawn on the map: roads new in green, closed in red dots."]
    assert_quiet(chromium, tmp_path / "map.html")


def test_a_card_opens_from_the_table_and_gives_focus_back(chromium, siting_page):
    open_page(chromium, siting_page)
    button = chromium.find_element(By.CSS_SELECTOR, 'button[data-show="area:3"]')
    button.send_keys(Keys.ENTER)
    card = card_text(chromium)
    assert "Seahaven 004E" in card
    assert "In the plan" in card
    assert chromium.execute_script("return document.activeElement.closest('.card') !== null")
    chromium.switch_to.active_element.send_keys(Keys.ESCAPE)
    wait_until(lambda: chromium.switch_to.active_element == button)


def test_a_card_opens_from_the_map_by_click_and_by_key(chromium, siting_page):
    open_page(chromium, siting_page)
    click(chromium, '.site-icon[aria-label^="3. "]')
    first = card_text(chromium)
    assert "Demand served" in first
    chromium.find_element(By.CSS_SELECTOR, "body").send_keys(Keys.ESCAPE)
    wait_until(lambda: count(chromium, ".leaflet-popup .card") == 0)
    chromium.find_element(By.CSS_SELECTOR, '.site-icon[aria-label^="3. "]').send_keys(Keys.ENTER)
    assert card_text(chromium) == first


def test_a_place_is_found_by_name(chromium, siting_page):
    open_page(chromium, siting_page)
    box = chromium.find_element(By.ID, "search")
    box.send_keys("seahaven 0", Keys.ENTER)
    wait_until(lambda: count(chromium, ".leaflet-popup .card") == 1)
    box = chromium.find_element(By.ID, "search")
    box.clear()
    box.send_keys("atlantis", Keys.ENTER)
    wait_until(lambda: text_of(chromium, "#search-answer") == "No such place on this map.")


def test_tables_sort_by_number_and_by_name(chromium, siting_page):
    open_page(chromium, siting_page)
    table = ".table-block:last-of-type"
    click(chromium, f"{table} th:nth-child(5) .sort")
    cells = chromium.find_elements(By.CSS_SELECTOR, f"{table} tbody td:nth-child(5)")
    people = [int(cell.text.replace(",", "")) for cell in cells]
    assert people == sorted(people)
    heading = chromium.find_element(By.CSS_SELECTOR, f"{table} th:nth-child(5)")
    assert heading.get_attribute("aria-sort") == "ascending"


def test_the_keyboard_reaches_every_control_in_order_and_focus_shows(chromium, siting_page):
    open_page(chromium, siting_page)
    body = chromium.find_element(By.CSS_SELECTOR, "body")
    body.send_keys(Keys.TAB)
    seen = []
    for _ in range(30):
        active = chromium.switch_to.active_element
        seen.append(active.get_attribute("id") or active.get_attribute("class"))
        style = chromium.execute_script(
            "const s = getComputedStyle(document.activeElement);"
            "return s.outlineStyle + s.outlineWidth", active
        )  # fmt: skip
        assert style != "none0px" or active.get_attribute("name") == "when"
        active.send_keys(Keys.TAB)
    assert seen[0] == "skip"
    for wanted in ("measure", "show-catchments", "show-closed", "search"):
        assert wanted in seen
    assert "map_siting" in seen
    assert any("site-icon" in name for name in seen)


def test_shifts_are_toggled_one_by_one(chromium, rounds_page):
    open_page(chromium, rounds_page)
    assert count(chromium, ".stop-icon") == 57
    click(chromium, 'input[data-shift="0"]')
    assert count(chromium, ".stop-icon") == 57 - 8
    click(chromium, 'button[data-only="1"]')
    labels = {item.text for item in chromium.find_elements(By.CSS_SELECTOR, ".stop-icon")}
    assert labels == {f"B{i}" for i in range(1, 8)}
    click(chromium, "#no-shifts")
    assert count(chromium, ".stop-icon") == 0
    click(chromium, "#all-shifts")
    assert count(chromium, ".stop-icon") == 57
    assert_quiet(chromium, rounds_page)


def test_labels_of_stops_do_not_cover_each_other(chromium, rounds_page):
    open_page(chromium, rounds_page)
    boxes = chromium.execute_script(
        "return [...document.querySelectorAll('.stop-icon .pill')].map((pill) => {"
        "const r = pill.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })"
    )
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            wide = min(a[2], b[2]) - max(a[0], b[0])
            high = min(a[3], b[3]) - max(a[1], b[1])
            assert wide < 8 or high < 8


def test_a_stop_and_an_unmade_visit_open_from_their_tables(chromium, rounds_page):
    open_page(chromium, rounds_page)
    chromium.find_element(By.CSS_SELECTOR, 'button[data-show="stop:1002"]').send_keys(Keys.ENTER)
    card = card_text(chromium)
    assert card.startswith("B2")
    assert "Arrive" in card
    chromium.find_element(By.CSS_SELECTOR, 'button[data-show="unmade:0"]').send_keys(Keys.ENTER)
    wait_until(lambda: "Nobody can make it" in text_of(chromium, ".leaflet-popup .card"))
    assert_quiet(chromium, rounds_page)


def test_hostile_texts_run_nowhere_and_still_show(chromium, tmp_path):
    siting, rounds = tmp_path / "map.html", tmp_path / "rounds.html"
    draw_siting_map(hostile_content(), siting)
    draw_rounds_map(hostile_rounds(), rounds)
    open_page(chromium, siting)
    assert count(chromium, "#tables tbody tr") > 80
    assert "<script>alert(1)</script>" in text_of(chromium, "h1")
    for position in (3, 5, 28, 40, 56):
        chromium.execute_script(
            "document.querySelector(arguments[0]).click()", f'button[data-show="area:{position}"]'
        )
        wait_until(lambda: count(chromium, ".leaflet-popup .card") == 1)
    for position in range(count(chromium, "#measure option")):
        click(chromium, f"#measure option:nth-child({position + 1})")
    assert count(chromium, "script") == 4
    assert count(chromium, "iframe, img:not(.leaflet-tile), h1 script") == 0
    assert_quiet(chromium, siting)
    open_page(chromium, rounds)
    assert count(chromium, ".stop-icon") == 57
    assert_quiet(chromium, rounds)


def test_every_control_has_a_name_and_every_heading_its_place(chromium, siting_page, rounds_page):
    for page in (siting_page, rounds_page):
        open_page(chromium, page)
        nameless = chromium.execute_script(
            "return [...document.querySelectorAll('button, a[href], input, select, [role=button]')]"
            ".filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim()"
            " || e.title || (e.labels && e.labels.length))).map((e) => e.outerHTML)"
        )
        assert nameless == []
        levels = chromium.execute_script(
            "return [...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.tagName[1]))"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        ids = chromium.execute_script(
            "return [...document.querySelectorAll('[id]')].map(e => e.id)"
        )
        assert len(ids) == len(set(ids))
        assert chromium.execute_script("return document.documentElement.lang") == "en-GB"


def moment(chromium, shift, now):
    return chromium.execute_script(
        "const data = JSON.parse(document.getElementById('ntgeo-data').textContent);"
        "const m = ntgeo.momentOf(data.shifts[arguments[0]], data.at, arguments[1]);"
        "const at = L.latLng(m.at); return [m.words, at.lat, at.lng, data];",
        shift,
        now,
    )


def test_a_shift_is_where_its_stops_and_ways_say(chromium, rounds_page):
    open_page(chromium, rounds_page)
    data = moment(chromium, 0, 0)[3]
    shift = data["shifts"][0]
    first, second = shift["stops"][:2]
    home = data["at"][first["place"]]
    assert moment(chromium, 0, first["leave"] - 60)[:3] == ["not yet out", *home]
    there = data["at"][second["place"]]
    assert moment(chromium, 0, second["leave"] - 1)[:3] == ["at visit A1", *there]
    assert moment(chromium, 0, shift["stops"][-1]["arrive"])[:3] == ["round over", *home]
    words, latitude, longitude, _ = moment(chromium, 0, (first["leave"] + second["arrive"]) / 2)
    assert words == "on the way to visit A1"
    assert min(home[0], there[0]) - 3e-4 <= latitude <= max(home[0], there[0]) + 3e-4
    assert min(home[1], there[1]) - 3e-4 <= longitude <= max(home[1], there[1]) + 3e-4


def test_the_day_plays_and_stops(chromium, rounds_page):
    open_page(chromium, rounds_page)
    assert text_of(chromium, "#day-clock") == "08:00"
    click(chromium, "#day-play")
    wait_until(lambda: text_of(chromium, "#day-clock") > "08:10")
    assert count(chromium, ".mark") == 8
    click(chromium, "#day-play")
    stopped = text_of(chromium, "#day-clock")
    assert text_of(chromium, "#day-play") == "Play the day"
    chromium.find_element(By.ID, "day-time").send_keys(Keys.END)
    assert text_of(chromium, "#day-clock") > stopped
    assert text_of(chromium, "#now-0") == "round over"
    assert count(chromium, ".pill.done") == 57
    click(chromium, 'input[data-shift="0"]')
    assert count(chromium, ".mark") == 7
    click(chromium, "#day-off")
    assert count(chromium, ".mark") == 0
    assert count(chromium, ".pill.done") == 0
    assert_quiet(chromium, rounds_page)


_PLANTED = """<script>window.planted = 1</script><img src="x" onerror="window.planted = 1">
<img src="http://127.0.0.1:9/outside.png">
<a href="javascript:window.planted=1" id="planted-link">x</a>"""


def test_a_planted_script_would_not_run_and_a_planted_request_is_refused(
    chromium, siting_page, tmp_path
):
    page = tmp_path / "map.html"
    text = siting_page.read_text(encoding="utf-8").replace("</body>", _PLANTED + "</body>")
    page.write_text(text, encoding="utf-8")
    open_page(chromium, page)
    chromium.execute_script("document.getElementById('planted-link').click()")
    assert chromium.execute_script("return window.planted === undefined")
    assert count(chromium, ".folium-map.leaflet-container") == 1
    messages = console_messages(chromium)
    assert any("script-src" in message for message in messages)
    assert any("img-src" in message and "outside.png" in message for message in messages)


def test_the_watch_on_requests_sees_one(chromium, tmp_path):
    page = tmp_path / "leak.html"
    page.write_text('<img src="http://127.0.0.1:9/outside.png">', encoding="utf-8")
    open_page(chromium, page)
    assert "http://127.0.0.1:9/outside.png" in outside_requests(chromium, page)
    with pytest.raises(AssertionError):
        assert_quiet(chromium, page)
