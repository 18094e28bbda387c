"""What comes out of a printer."""

import base64
import io

import pypdf
import pytest
from browser import open_page, wait_until

pytestmark = pytest.mark.browser

DRAWN = """
const shown = (selector) => [...document.querySelectorAll(selector)]
  .filter((item) => getComputedStyle(item).display !== 'none').length;
const box = document.querySelector('.folium-map').getBoundingClientRect();
return [shown('.leaflet-roads-pane canvas'), shown('.leaflet-roads-pane path'), box.width];
"""


def as_printed(chromium):
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    chromium.execute_script("window.dispatchEvent(new Event('beforeprint'))")


def as_on_screen(chromium):
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    chromium.execute_script("window.dispatchEvent(new Event('afterprint'))")


def printed(chromium):
    page = chromium.execute_cdp_cmd(
        "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True}
    )
    return pypdf.PdfReader(io.BytesIO(base64.b64decode(page["data"]))).pages


@pytest.mark.parametrize("kind", ["siting", "rounds"])
def test_no_cleared_canvas_prints_white_over_the_areas(chromium, request, kind):
    open_page(chromium, request.getfixturevalue(f"{kind}_page"))
    wait_until(lambda: chromium.execute_script(DRAWN)[0] == 1)
    as_printed(chromium)
    canvases, lines, width = chromium.execute_script(DRAWN)
    assert (canvases, width) == (0, 740)
    assert lines > 0
    as_on_screen(chromium)
    canvases, lines, width = chromium.execute_script(DRAWN)
    assert (canvases, lines) == (1, 0)
    assert width > 740


def test_the_answer_and_the_map_are_on_the_first_page(chromium, siting_page):
    open_page(chromium, siting_page)
    wait_until(lambda: chromium.execute_script(DRAWN)[0] == 1)
    first = printed(chromium)[0]
    assert first.mediabox.width > first.mediabox.height
    text = first.extract_text()
    assert "The answer" in text
    assert "km" in text


def test_headings_stand_over_a_table_on_each_of_its_pages(chromium, siting_page):
    open_page(chromium, siting_page)
    chromium.execute_script(
        "const sort = document.querySelector('.table-block table .sort');"
        "const rows = sort.closest('table').tBodies[0];"
        "const row = rows.rows[0]; row.cells[2].textContent = 'Said again';"
        "for (let i = 0; i < 90; i += 1) rows.append(row.cloneNode(true));"
    )
    pages = [page.extract_text() for page in printed(chromium)]
    with_rows = [text for text in pages if "Said again" in text]
    assert len(with_rows) > 2
    assert all("In the plan" in text for text in with_rows)
