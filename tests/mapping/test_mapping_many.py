"""Pages with more than browsers like to draw one by one."""

import pytest
from browser import assert_quiet, console_messages, open_page, wait_until
from mapping_town import siting_content

from ntgeo.mapping import siting_map

pytestmark = pytest.mark.browser

_COLOURS = """
const map = Object.values(window).find((v) => v instanceof L.Map);
const found = [];
map.eachLayer((layer) => {
  if (!(layer instanceof ntgeo.FarPolygon)) { return; }
  const at = map.latLngToLayerPoint(layer.getBounds().getCenter());
  const canvas = layer._renderer;
  const [x, y] = [at.x - canvas._bounds.min.x, at.y - canvas._bounds.min.y];
  if (!layer._containsPoint(at)) { return; }
  const scale = canvas._container.width / canvas._container.offsetWidth;
  const [r, g, b, a] = canvas._ctx.getImageData(x * scale, y * scale, 1, 1).data;
  const hex = (part) => part.toString(16).padStart(2, "0");
  found.push([a === 255 ? `#${hex(r)}${hex(g)}${hex(b)}` : "", layer.options.fillColor]);
});
return found;
"""
_MOVE = """
const map = Object.values(window).find((v) => v instanceof L.Map);
map.setView(map.getCenter(), map.getZoom() + arguments[0], { animate: false });
map.panBy(arguments[1], { animate: false });
"""
_LINES = (
    "return [...document.querySelectorAll('.leaflet-links-pane path')]"
    ".map((line) => line.getAttribute('stroke-width'))"
)
_ARE_DOTS = "return document.querySelector('.leaflet-container').classList.contains('dots')"


@pytest.fixture
def many_page(tmp_path, monkeypatch):
    monkeypatch.setattr(siting_map, "_MOST_SVG_AREAS", 10)
    path = tmp_path / "map.html"
    siting_map.draw_siting_map(siting_content(), path)
    return path


def colours(chromium):
    """Of each area whose middle is within it and on the canvas: as drawn, and as it should be."""
    seen = chromium.execute_script(_COLOURS)
    return [(drawn, wanted) for drawn, wanted in seen if drawn and isinstance(wanted, str)]


def test_areas_on_a_canvas_have_their_colours_wherever_the_map_is(chromium, many_page):
    open_page(chromium, many_page)
    wait_until(lambda: len(colours(chromium)) > 20)
    for zoom, pan in ((0, [0, 0]), (1, [60, -40]), (-1.5, [-30, 10])):
        chromium.execute_script(_MOVE, zoom, pan)
        seen = colours(chromium)
        alike = sum(drawn == wanted for drawn, wanted in seen)
        assert len({wanted for _, wanted in seen}) > 2
        assert alike >= 0.8 * len(seen)  # where no line or edge runs over the middle
    chromium.execute_script(
        "const box = document.getElementById('measure'); box.value = '1';"
        "box.dispatchEvent(new Event('change'))"
    )
    wait_until(lambda: sum(a == b for a, b in colours(chromium)) >= 0.8 * len(colours(chromium)))
    # The browser minds that this test, not the page, reads the canvas so often.
    said = [text for text in console_messages(chromium) if "willReadFrequently" not in text]
    assert said == []


def test_stops_are_dots_where_their_labels_would_hide_the_map(chromium, rounds_page):
    open_page(chromium, rounds_page)
    assert not chromium.execute_script(_ARE_DOTS)
    chromium.execute_script(_MOVE, -1.5, [0, 0])
    wait_until(lambda: chromium.execute_script(_ARE_DOTS))
    widths = chromium.execute_script(
        "return [...document.querySelectorAll('.stop-icon .pill')].map((p) => p.offsetWidth)"
    )
    assert max(widths) <= 12
    assert {"1.8", "3.2"} <= set(chromium.execute_script(_LINES))
    chromium.execute_script(_MOVE, 1.5, [0, 0])
    wait_until(lambda: not chromium.execute_script(_ARE_DOTS))
    assert {"3.8", "7.5"} <= set(chromium.execute_script(_LINES))
    assert_quiet(chromium, rounds_page)
