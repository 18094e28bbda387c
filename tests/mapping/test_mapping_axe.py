"""axe-core's verdict on the pages, where a package that carries axe is installed."""

import importlib.util
from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, open_page, wait_until

pytestmark = pytest.mark.browser

_RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {preload: false, iframes: false, resultTypes: ["violations"],
                   runOnly: {type: "tag", values: arguments[0]}})
  .then((found) => done(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`)))
  .catch((error) => done([String(error)]));
"""
_IS_SHOWN = "return getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'"


@pytest.fixture(scope="module")
def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("no package with axe-core is installed (axe-playwright-python)")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("is_card_open", [False, True])
def test_axe_finds_nothing(chromium, siting_page, rounds_page, axe, size, is_card_open):
    chromium.set_script_timeout(60)
    for page in (siting_page, rounds_page):
        open_page(chromium, page, size)
        chromium.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
        if is_card_open:
            chromium.execute_script("document.querySelector('button[data-show]').click()")
            wait_until(lambda: chromium.execute_script(_IS_SHOWN))
        assert chromium.execute_async_script(_RUN, _RULES) == []
