"""A real browser for tests: headless Chromium that was installed beforehand and reaches nothing.

``open_page`` asserts what every page of ntgeo promises: no message in the console, no request but
for the page itself. Without a browser a test is skipped, saying so; on CI (``CI`` is set) it fails.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
DESKTOP, PHONE = (1400, 900), (390, 844)


def found_or_skip(*names: str) -> str:
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    message = f"no {names[0]} on this machine: browser tests did not run"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def browser(size: tuple[int, int] = DESKTOP) -> Iterator:
    chromium, driver = found_or_skip(*_BROWSERS), found_or_skip("chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*_FLAGS, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(executable_path=driver)
        opened = webdriver.Chrome(options=options, service=service)
        try:
            set_size(opened, size)
            yield opened
        finally:
            opened.quit()


def set_size(opened, size: tuple[int, int]) -> None:
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1}
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", metrics | {"mobile": size[0] < 600}
    )


def open_page(opened, path: Path, size: tuple[int, int] = DESKTOP) -> None:
    console_messages(opened)
    requests(opened)
    set_size(opened, size)
    opened.get(path.resolve().as_uri())


def console_messages(opened) -> list[str]:
    return [f"{entry['level']}: {entry['message']}" for entry in opened.get_log("browser")]


def requests(opened) -> list[str]:
    """Addresses asked for since the last call, of every kind the browser logs."""
    found = []
    for entry in opened.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.append(message["params"]["request"]["url"])
    return found


def outside_requests(opened, page: Path) -> list[str]:
    own = page.resolve().as_uri()
    resources = opened.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    asked = [*requests(opened), *resources]
    return [url for url in asked if not url.startswith((own, "data:", "blob:", "about:"))]


def assert_quiet(opened, page: Path) -> None:
    assert console_messages(opened) == []
    assert outside_requests(opened, page) == []


def wait_until(condition, seconds=5.0):
    """Wait; a page that redraws what was just found on it is not there yet."""
    redrawn = pytest.importorskip("selenium.common.exceptions").StaleElementReferenceException

    def is_there():
        try:
            return condition()
        except redrawn:
            return False

    limit = time.monotonic() + seconds
    while not is_there():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.05)


_AXE_RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
_AXE_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {preload: false, iframes: false, resultTypes: ["violations"],
                   runOnly: {type: "tag", values: arguments[0]}})
  .then((found) => done(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`)))
  .catch((error) => done([String(error)]));
"""


def axe_violations(opened) -> list[str]:
    """What axe-core finds wrong with the page that is open, by WCAG 2.2 AA and best practice."""
    source = Path(find_spec("axe_playwright_python").origin).parent / "axe.min.js"
    opened.set_script_timeout(60)
    opened.execute_cdp_cmd("Runtime.evaluate", {"expression": source.read_text("utf-8")})
    return opened.execute_async_script(_AXE_RUN, _AXE_RULES)
