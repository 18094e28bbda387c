import numpy as np
import pytest

from ntgeo.errors import InputError
from ntgeo.sources import read_centroids


def test_sorted_by_code(write):
    frame = read_centroids(
        write(
            "c.csv",
            "LSOA11CD,easting,northing\nE01008462,2,5\nE01008461,300000,400000\n".replace(
                "2,5", "310000,410000"
            ),
        )
    ).read
    assert frame.to_numpy().tolist() == [
        ["E01008461", 300000.0, 400000.0],
        ["E01008462", 310000.0, 410000.0],
    ]


def test_all_faults_at_once(write):
    with pytest.raises(InputError) as caught:
        read_centroids(
            write(
                "c.csv", "lsoa,lon,lat\nE01008461,55.0,-1.5\nE0100846,-1.5,55.0\nE01008461,-1.5,\n"
            )
        )
    assert sorted(fault.row for fault in caught.value.faults) == [2, 2, 3, 4]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("place", "count"), [("cambridge", 69), ("north_tyneside", 131), ("newport_wales", 95)]
)
def test_open_data(shared_data, place, count):
    frame = read_centroids(shared_data / place / "lsoa2011_population_weighted_centroids.csv").read
    assert len(frame) == count
    assert frame["lsoa"].is_monotonic_increasing
    assert np.isfinite(frame[["easting_m", "northing_m"]].to_numpy()).all()
