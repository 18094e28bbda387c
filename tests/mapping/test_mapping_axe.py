"""axe-core's verdict on the pages."""

import pytest
from browser import DESKTOP, PHONE, axe_violations, open_page, wait_until

pytestmark = pytest.mark.browser

_IS_SHOWN = "return getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("is_card_open", [False, True])
def test_axe_finds_nothing(chromium, siting_page, rounds_page, size, is_card_open):
    for page in (siting_page, rounds_page):
        open_page(chromium, page, size)
        if is_card_open:
            chromium.execute_script("document.querySelector('button[data-show]').click()")
            wait_until(lambda: chromium.execute_script(_IS_SHOWN))
        assert axe_violations(chromium) == []
