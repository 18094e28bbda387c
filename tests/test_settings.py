from pathlib import Path

import pytest

from ntgeo.errors import SettingsError
from ntgeo.settings import Settings


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in (
        "NTGEO_CACHE",
        "NTGEO_CACHE_MB",
        "NTGEO_MEMORY_MB",
        "NTGEO_WORKERS",
        "NTGEO_SCHEDULER",
    ):
        monkeypatch.delenv(name, raising=False)


def test_the_defaults_lie_below_the_folder():
    settings = Settings.from_environment(Path("here"))
    assert settings.cache_folder == Path("here/data/cache")
    assert settings.maps_folder == Path("here/maps")
    assert settings.cache_bytes == 2048 * 1024 * 1024
    assert settings.workers >= 1
    assert settings.memory_bytes >= 1024 * 1024
    assert settings.scheduler is None


def test_the_environment_decides(monkeypatch):
    monkeypatch.setenv("NTGEO_CACHE", "/elsewhere")
    monkeypatch.setenv("NTGEO_CACHE_MB", "3")
    monkeypatch.setenv("NTGEO_WORKERS", "5")
    monkeypatch.setenv("NTGEO_MEMORY_MB", "7")
    monkeypatch.setenv("NTGEO_SCHEDULER", "tcp://10.0.0.5:8786")
    settings = Settings.from_environment(Path("here"))
    assert settings.cache_folder == Path("/elsewhere")
    assert settings.cache_bytes == 3 * 1024 * 1024
    assert settings.workers == 5
    assert settings.memory_bytes == 7 * 1024 * 1024
    assert settings.scheduler == "tcp://10.0.0.5:8786"


@pytest.mark.parametrize("name", ["NTGEO_CACHE_MB", "NTGEO_MEMORY_MB", "NTGEO_WORKERS"])
@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_what_is_no_whole_number_is_refused(monkeypatch, name, text):
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingsError, match=f'{name} is "{text}". Fix: set it to a whole number'):
        Settings.from_environment(Path())
