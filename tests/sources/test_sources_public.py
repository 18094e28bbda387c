import importlib
import subprocess
import sys

import ntgeo.sources


def test_every_public_name_is_there_and_says_what_it_does():
    for name in ntgeo.sources.__all__:
        public = getattr(ntgeo.sources, name)
        if name.isupper():
            assert public, name
            continue
        assert public.__doc__, name
        home = importlib.import_module(public.__module__)
        assert name in home.__all__, name


def test_importing_the_room_loads_nothing_slow():
    code = (
        "import sys, ntgeo.sources; "
        "slow = {'geopandas', 'pandas', 'pyogrio', 'openpyxl', 'pyarrow'} & set(sys.modules); "
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - this interpreter
