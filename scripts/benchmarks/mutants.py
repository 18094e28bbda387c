"""Faults planted in a finished run, one at a time: ``ntgeo check`` must see each.

    python scripts/benchmarks/mutants.py maps/sandhaven/RUN --count 100 --seed 1

Some alter a file as a hand or a bad disk would. The others change a plan, its proof or the record
and then seal the run again, so that only the rules can tell. It prints a JSON line for each fault,
with what the check said first, and one with the counts; it ends with 1 where one was not seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ntgeo.errors import NtgeoError
from ntgeo.services.check_run import check_run

Chance = random.Random
Content = dict[str, Any]
FILES: Final = {"siting": "siting.json", "rounds": "rounds.json"}


def _flip_a_byte(folder: Path, chance: Chance) -> str:
    path = _any_file(folder, chance)
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))
    return path.name


def _cut_a_file(folder: Path, chance: Chance) -> str:
    path = _any_file(folder, chance)
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])
    return path.name


def _remove_a_file(folder: Path, chance: Chance) -> str:
    path = _any_file(folder, chance)
    path.unlink()
    return path.name


def _add_a_file(folder: Path, chance: Chance) -> str:
    path = folder / f"plan_{chance.randrange(1000)}.csv"
    path.write_text("site_id\nS001\n")
    return path.name


def _exchange_two_files(folder: Path, chance: Chance) -> str:
    first, second = chance.sample(
        [folder / "sites.csv", folder / "areas.csv", folder / "map.html"], 2
    )
    ours = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(ours)
    return f"{first.name}, {second.name}"


def _any_file(folder: Path, chance: Chance) -> Path:
    return chance.choice(
        sorted(path for path in folder.rglob("*") if path.stat().st_size > 1 and path.is_file())
    )


def _serve_from_a_closed_site(siting: Content, chance: Chance) -> None:
    chance.choice(siting["plan"]["allocations"])["site"] = chance.choice(siting["plan"]["closed"])


def _serve_from_another_site(siting: Content, chance: Chance) -> None:
    part = chance.choice(siting["plan"]["allocations"])
    part["site"] = chance.choice(
        [site for site in siting["plan"]["opened"] if site != part["site"]]
    )


def _shorten_a_journey(siting: Content, chance: Chance) -> None:
    chance.choice(siting["plan"]["allocations"])["time_s"] *= 0.9


def _serve_less(siting: Content, chance: Chance) -> None:
    chance.choice(siting["plan"]["allocations"])["demand"] *= 0.97


def _share_an_area_out(siting: Content, chance: Chance) -> None:
    chance.choice(siting["plan"]["allocations"])["share"] = 0.5


def _forget_an_area(siting: Content, chance: Chance) -> None:
    parts = siting["plan"]["allocations"]
    parts.pop(chance.randrange(len(parts)))


def _serve_an_area_twice(siting: Content, chance: Chance) -> None:
    siting["plan"]["allocations"].append(chance.choice(siting["plan"]["allocations"]))


def _open_one_more(siting: Content, chance: Chance) -> None:
    opened = siting["plan"]["opened"]
    opened.append(
        chance.choice([s["id"] for s in siting["problem"]["sites"] if s["id"] not in opened])
    )
    opened.sort()


def _open_one_fewer(siting: Content, chance: Chance) -> None:
    siting["plan"]["opened"].pop(chance.randrange(len(siting["plan"]["opened"])))


def _forget_a_closure(siting: Content, chance: Chance) -> None:
    siting["plan"]["closed"].pop(chance.randrange(len(siting["plan"]["closed"])))


def _tell_a_better_value(content: Content, chance: Chance) -> None:
    content["plan"]["report"]["objective"] *= chance.uniform(0.9, 0.999)


def _tell_a_bound_above_the_value(content: Content, chance: Chance) -> None:
    report = content["plan"]["report"]
    report["bound"] = report["objective"] * chance.uniform(1.001, 1.1)


def _claim_a_proof(content: Content, chance: Chance) -> None:
    report = content["plan"]["report"]
    report["status"], report["bound"] = "optimal", report["objective"] * chance.uniform(0.7, 0.95)


def _arrive_early(rounds: Content, chance: Chance) -> None:
    _stop(rounds, chance)["arrive_s"] -= chance.choice([1, 60, 600])


def _drive_faster(rounds: Content, chance: Chance) -> None:
    _stop(rounds, chance)["travel_s"] *= 0.8


def _drive_less_far(rounds: Content, chance: Chance) -> None:
    stop = _stop(rounds, chance)
    while not stop["distance_m"]:  # walked from the last stop: there is nothing to take off
        stop = _stop(rounds, chance)
    stop["distance_m"] *= 0.8


def _leave_early(rounds: Content, chance: Chance) -> None:
    _stop(rounds, chance)["leave_s"] -= 300


def _wait_unseen(rounds: Content, chance: Chance) -> None:
    _stop(rounds, chance)["wait_s"] += 60


def _exchange_two_visits(rounds: Content, chance: Chance) -> None:
    stops = [
        stop
        for route in rounds["plan"]["routes"]
        for stop in route["stops"]
        if stop["kind"] == "visit"
    ]
    first, second = chance.sample(stops, 2)
    first["place"], second["place"] = second["place"], first["place"]


def _forget_a_visit(rounds: Content, chance: Chance) -> None:
    stops, at = _place_of_a_visit(rounds, chance)
    stops.pop(at)


def _make_a_visit_twice(rounds: Content, chance: Chance) -> None:
    stops, at = _place_of_a_visit(rounds, chance)
    stops.insert(at, dict(stops[at]))


def _give_a_visit_to_another_shift(rounds: Content, chance: Chance) -> None:
    stops, at = _place_of_a_visit(rounds, chance)
    others = [r["stops"] for r in rounds["plan"]["routes"] if r["stops"] is not stops]
    chance.choice(others).insert(1, stops.pop(at))


def _send_somebody_else(rounds: Content, chance: Chance) -> None:
    first, second = chance.sample(rounds["plan"]["routes"], 2)
    first["staff"] = second["staff"]


def _cost_less(rounds: Content, chance: Chance) -> None:
    terms = sorted(
        term for term, gbp in rounds["plan"]["cost"].items() if isinstance(gbp, float) and gbp > 1
    )
    rounds["plan"]["cost"][chance.choice(terms)] *= 0.9


def _call_a_visit_unmade(rounds: Content, chance: Chance) -> None:
    stops, at = _place_of_a_visit(rounds, chance)
    rounds["plan"]["unmade"].append(
        {"visit": stops[at]["place"], "code": "no-room", "reason": "no room", "change": None}
    )


def _tell_other_demand(record: Content, chance: Chance) -> None:
    record[chance.choice(["demand_in", "demand_out"])] *= chance.uniform(0.9, 0.99)


def _tell_another_proof(record: Content, chance: Chance) -> None:
    record[chance.choice(sorted(FILES))]["objective"] *= chance.uniform(0.8, 0.99)


def _tell_another_outcome(record: Content, chance: Chance) -> None:
    record["outcome"] = chance.choice([code for code in (0, 1, 2, 3) if code != record["outcome"]])


def _stop(rounds: Content, chance: Chance) -> Content:
    stops, at = _place_of_a_visit(rounds, chance)
    return stops[at]


def _place_of_a_visit(rounds: Content, chance: Chance) -> tuple[list[Content], int]:
    places = [
        (route["stops"], at)
        for route in rounds["plan"]["routes"]
        for at, stop in enumerate(route["stops"])
        if stop["kind"] == "visit" and stop["travel_s"] > 1
    ]
    return chance.choice(places)


ON_DISK: Final = (_flip_a_byte, _cut_a_file, _remove_a_file, _add_a_file, _exchange_two_files)
IN_CONTENT: Final[dict[str, tuple[Callable[[Content, Chance], None], ...]]] = {
    "siting.json": (
        _serve_from_a_closed_site,
        _serve_from_another_site,
        _shorten_a_journey,
        _serve_less,
        _share_an_area_out,
        _forget_an_area,
        _serve_an_area_twice,
        _open_one_more,
        _open_one_fewer,
        _forget_a_closure,
        _tell_a_better_value,
        _tell_a_bound_above_the_value,
        _claim_a_proof,
    ),
    "rounds.json": (
        _arrive_early,
        _drive_faster,
        _drive_less_far,
        _leave_early,
        _wait_unseen,
        _exchange_two_visits,
        _forget_a_visit,
        _make_a_visit_twice,
        _give_a_visit_to_another_shift,
        _send_somebody_else,
        _cost_less,
        _call_a_visit_unmade,
        _tell_a_better_value,
        _tell_a_bound_above_the_value,
        _claim_a_proof,
    ),
    "run.json": (_tell_other_demand, _tell_another_proof, _tell_another_outcome),
}


def seal_again(folder: Path) -> None:
    """Make the record tell the files and proofs as they are now, and seal it."""
    path = folder / "run.json"
    record = json.loads(path.read_text())
    for part, file in FILES.items():
        if record[part] is not None:
            told = json.loads((folder / file).read_text())["plan"]["report"]
            record[part] = told | {"wall_time_s": record[part]["wall_time_s"]}
    _write_sealed(folder, record)


def _write_sealed(folder: Path, record: Content) -> None:
    for output in record["outputs"]:
        output["sha256"] = hashlib.sha256((folder / output["file"]).read_bytes()).hexdigest()
    text = json.dumps(record, indent=1, ensure_ascii=False)
    (folder / "run.json").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "run.sha256").write_text(f"{digest}  run.json\n")


def plant(folder: Path, kind: int, chance: Chance) -> str:
    """Plant the fault of a number in a run folder, and return what it is."""
    kinds = [(None, each) for each in ON_DISK]
    kinds += [(file, each) for file, all_of_it in IN_CONTENT.items() for each in all_of_it]
    kinds = [pair for pair in kinds if pair[0] is None or (folder / pair[0]).exists()]
    file, fault = kinds[kind % len(kinds)]
    if file is None:
        return f"{fault.__name__[1:]}: {fault(folder, chance)}"
    content = json.loads((folder / file).read_text())
    fault(content, chance)
    if file == "run.json":
        _write_sealed(folder, content)
    else:
        (folder / file).write_text(json.dumps(content))
        seal_again(folder)
    return f"{fault.__name__[1:]}: {file}"


def seen(folder: Path) -> str | None:
    """Return what the check says first of a run folder; ``None`` where it calls it sound."""
    try:
        found = check_run(folder)
    except NtgeoError as error:
        return str(error)
    return next(iter((*found.altered, *found.faults)), None)


def main(given: list[str] | None = None) -> int:
    """Plant the faults and print what the check said."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--count", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args(given)
    missed = 0
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "run"
        shutil.copytree(options.run, folder)
        seal_again(folder)
        if (told := seen(folder)) is not None:
            print(json.dumps({"sound": False, "told": told}))
            return 1
        for number in range(options.count):
            shutil.rmtree(folder)
            shutil.copytree(options.run, folder)
            fault = plant(folder, number, Chance(f"{options.seed}-{number}"))
            told = seen(folder)
            missed += told is None
            print(json.dumps({"fault": fault, "told": told}, ensure_ascii=False), flush=True)
    print(json.dumps({"faults": options.count, "missed": missed}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
