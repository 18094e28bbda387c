"""Hold road distances against the world: the nearest GP, and detours that would be absurd.

    python scripts/benchmarks/roads_sanity.py ../shared/data/cambridge

Compares the road distance from each LSOA to its nearest GP surgery with the indicator that IoD 2019
publishes ("Road distance to a GP surgery", a mean over where people live), by Spearman's rank
correlation: from the population-weighted centroid, and as the mean over the LSOA's postcodes. Then
lists, for every LSOA, the centroid to which the roads make the greatest detour.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import RoadNetwork, read_roads, travel_times

_INDICATOR = "road_distance_to_a_gp_surgery_indicator_km"


def places_of(table: pd.DataFrame, key: str) -> dict[str, Location]:
    """Return the places of a table by the column that names them."""
    rows = table.drop_duplicates(key)[[key, "easting", "northing"]].itertuples(index=False)
    return {str(name): Location(easting_m=x, northing_m=y) for name, x, y in rows}


def nearest_km(
    network: RoadNetwork, origins: dict[str, Location], surgeries: dict[str, Location]
) -> pd.Series:
    """Return the road kilometres from each origin to the nearest surgery."""
    travel = travel_times(network, origins, surgeries)
    return pd.Series(np.fmin.reduce(travel.distance_m, axis=1) / 1000, index=list(origins))


def compare_with_indicator(network: RoadNetwork, folder: Path) -> None:
    """Print the correlations with the published indicator."""
    surgeries = pd.read_csv(folder / "gp_practices.csv")
    is_open = (surgeries["Status"] == "Active") & (surgeries["PrescribingSetting"] == "GP Practice")
    surgeries = surgeries[is_open].dropna(subset=["easting", "northing"])
    centroids = pd.read_csv(folder / "lsoa2011_population_weighted_centroids.csv")
    postcodes = pd.read_csv(folder / "postcodes_lsoa11_derived.csv")
    postcodes = postcodes[postcodes["LSOA11CD"].isin(centroids["LSOA11CD"])]
    told = pd.read_csv(folder / "imd2019_underlying_indicators.csv", index_col="lsoa11_code")
    there = places_of(surgeries, "OrganisationCode")
    by_postcode = nearest_km(network, places_of(postcodes, "postcode"), there)
    of_postcode = postcodes.drop_duplicates("postcode").set_index("postcode")["LSOA11CD"]
    figures = {
        "from centroids": nearest_km(network, places_of(centroids, "LSOA11CD"), there),
        "mean over postcodes": by_postcode.groupby(of_postcode).mean(),
    }
    for how, ours_km in figures.items():
        both = pd.concat([ours_km, told[_INDICATOR]], axis=1, keys=["ours", "told"]).dropna()
        line = {
            "step": "nearest GP",
            "how": how,
            "lsoas": len(both),
            "surgeries": len(there),
            "spearman": round(float(spearmanr(both["ours"], both["told"]).statistic), 3),
            "median_ours_km": round(float(both["ours"].median()), 3),
            "median_told_km": round(float(both["told"].median()), 3),
        }
        print(json.dumps(line))


def list_detours(network: RoadNetwork, folder: Path) -> None:
    """Print, for every LSOA, the centroid to which roads are longest against the straight line."""
    centroids = pd.read_csv(folder / "lsoa2011_population_weighted_centroids.csv")
    places = places_of(centroids, "LSOA11CD")
    travel = travel_times(network, places, places)
    xy_m = np.array([(place.easting_m, place.northing_m) for place in places.values()])
    straight_m = np.hypot(*(xy_m[:, None, :] - xy_m[None, :, :]).transpose(2, 0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(straight_m > 0, travel.distance_m / straight_m, np.nan)
    worst = np.nanargmax(ratio, axis=1)
    rows = np.arange(len(places))
    table = pd.DataFrame(
        {
            "lsoa": list(places),
            "to": np.array(list(places))[worst],
            "detour_ratio": ratio[rows, worst].round(2),
            "road_m": travel.distance_m[rows, worst].round(),
            "straight_m": straight_m[rows, worst].round(),
        }
    )
    print(f"\nMedian detour of all pairs {np.nanmedian(ratio):.2f}; the worst of each LSOA:")
    print(table.sort_values("detour_ratio", ascending=False).to_string(index=False))


def main() -> None:
    """Run both comparisons."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--network", default="cambridge_drive.osm.pbf")
    parser.add_argument("--mode", type=TravelMode, default=TravelMode.CAR)
    options = parser.parse_args()
    network = read_roads(options.folder / options.network, mode=options.mode)
    compare_with_indicator(network, options.folder)
    list_detours(network, options.folder)


if __name__ == "__main__":
    main()
