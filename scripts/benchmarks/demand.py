"""Time and memory of the two-million-record case: make the records, read them, add them up.

    python scripts/benchmarks/demand.py [--small] [--folder FOLDER]

Writes the synthetic borough at full scale (200,000 residents, two million records), reads it back
as a council's file would be read, and counts use by area and service. Prints one line of JSON, and
a table. Making and counting run in processes of their own, so that each has a peak of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ntgeo.demand import aggregate_ages, aggregate_use, expected_demand
from ntgeo.sample import write_sample
from ntgeo.sources import (
    read_areas,
    read_deprivation,
    read_population,
    read_postcodes,
    read_records,
)

LONGEST_S = 20.0
MOST_MEMORY_GIB = 4.0


def peak_memory_gib() -> float:
    """Return the most memory that this process has had, in GiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def make(folder: Path, *, full_scale: bool) -> dict[str, float]:
    """Write the sample."""
    start = time.perf_counter()
    write_sample(folder, full_scale=full_scale)
    return {
        "generation_s": time.perf_counter() - start,
        "generation_memory_gib": peak_memory_gib(),
        "records_file_mib": (folder / "records.csv").stat().st_size / 2**20,
    }


def count(folder: Path) -> dict[str, float]:
    """Read the records and add them up; the total must be that of the file."""
    areas = read_areas(folder / "areas.geojson")
    population = read_population(folder / "population.csv").frame
    deprivation = read_deprivation(folder / "deprivation.csv").frame
    postcodes = read_postcodes(folder / "postcodes.csv").read
    start = time.perf_counter()
    records = read_records(folder / "records.csv", postcodes=postcodes, areas=areas)
    read = time.perf_counter()
    use = aggregate_use(records.table, areas.frame["lsoa"].tolist())
    by_age = aggregate_ages(records.table)
    counted = time.perf_counter()
    expected_demand(use, population, deprivation, use_by_age=by_age)
    done = time.perf_counter()
    if int(use["count"].sum()) + records.outside + records.set_aside != records.source_total:
        msg = f"{records.source_total} uses in the file, {use['count'].sum()} in the areas"
        raise ArithmeticError(msg)
    return {
        "records": records.source_rows,
        "areas": len(areas.frame),
        "services": use["service"].nunique(),
        "uses": int(use["count"].sum()),
        "read_s": read - start,
        "aggregation_s": counted - read,
        "regression_s": done - counted,
        "counting_memory_gib": peak_memory_gib(),
    }


def measure(folder: Path, *, full_scale: bool) -> dict[str, float]:
    """Run both in fresh processes and return their figures."""
    context = multiprocessing.get_context("spawn")
    figures: dict[str, float] = {}
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as processes:
        figures |= processes.submit(make, folder, full_scale=full_scale).result()
        figures |= processes.submit(count, folder).result()
    return {name: round(value, 3) for name, value in figures.items()}


def main() -> int:
    """Measure and print; exit 1 if the reading and counting miss their limits."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--small", action="store_true", help="the small sample, to try the script")
    asked.add_argument("--folder", type=Path, help="where the sample is written and kept")
    answer = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        figures = measure(answer.folder or Path(temporary), full_scale=not answer.small)
    print(json.dumps(figures))
    for name, value in figures.items():
        print(f"{name:>24}  {value:>14,.3f}" if value % 1 else f"{name:>24}  {value:>14,.0f}")
    is_fast = figures["read_s"] + figures["aggregation_s"] < LONGEST_S
    is_lean = figures["counting_memory_gib"] < MOST_MEMORY_GIB
    print(
        f"Reading and counting under {LONGEST_S:g} s and {MOST_MEMORY_GIB:g} GiB:",
        "yes" if is_fast and is_lean else "NO",
    )
    return 0 if is_fast and is_lean else 1


if __name__ == "__main__":
    sys.exit(main())
