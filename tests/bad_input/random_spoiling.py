"""Ways in which a file comes to be spoilt, drawn at random: by a disk, a hand, a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

__all__ = ["spoil"]

Chance = random.Random
Rows = list[list[str]]
Features = list[dict[str, Any]]

WRONG_CELLS: Final = (
    *("", " ", "n/a", "-", "#REF!", "NULL", "NaN", "inf", "-1", "0", "1e309", "1E5", "00012"),
    *("12,5", "1,234", "£1,200", "1 000", "\u00a07", "\u0663", "\U0001d7d9", "0x10", "TRUE", "yes"),
    *("2026-02-30", "31/04/2026", "46000", "24:00", "99:99", "9.30", "09:00:61", "\u00bd"),
    *("25/10/2026 01:30", "E01000001", "X01000001", "XN1 1AA", "'5", "=1+1", "@SUM(A1)"),
    *('"', "a\nb", "\x00", "x" * 500),
)
BYTES_SHARE: Final = 0.3
"""Of the changes of a text file, those that know nothing of what it is."""


def _flip_bits(content: bytes, chance: Chance) -> bytes:
    flipped = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _cut_off(content: bytes, chance: Chance) -> bytes:
    return content[: chance.randrange(1, len(content))]


def _take_out(content: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.randint(1, 200) :]


def _put_in(content: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + chance.randbytes(chance.randint(1, 20)) + content[at:]


def _swap_stretches(content: bytes, chance: Chance) -> bytes:
    first, middle, second, end = sorted(chance.randrange(len(content)) for _ in range(4))
    return (
        content[:first]
        + content[second:end]
        + content[middle:second]
        + content[first:middle]
        + content[end:]
    )


def _other_encoding(content: bytes, chance: Chance) -> bytes:
    text = content.decode()
    return chance.choice(
        [
            text.encode("utf-16"),
            text.encode("utf-16-le"),
            text.encode("utf-8-sig"),
            text.replace("a", "é", 3).encode("cp1252"),
            text.replace("\n", "\r\n").encode(),
            text.replace("\n", "\r").encode(),
        ]
    )


BYTES: Final = (_flip_bits, _cut_off, _take_out, _put_in, _swap_stretches)


def _drop_column(rows: Rows, chance: Chance) -> None:
    at = chance.randrange(len(rows[0]))
    for row in rows:
        del row[at]


def _double_column(rows: Rows, chance: Chance) -> None:
    at = chance.randrange(len(rows[0]))
    for row in rows:
        row.append(row[at])


def _exchange_columns(rows: Rows, chance: Chance) -> None:
    one, other = chance.sample(range(len(rows[0])), 2)
    for row in rows[chance.randint(0, 1) :]:
        row[one], row[other] = row[other], row[one]


def _misspell_heading(rows: Rows, chance: Chance) -> None:
    at = chance.randrange(len(rows[0]))
    heading = rows[0][at]
    rows[0][at] = chance.choice([heading[:-1], heading + "x", heading.upper(), f" {heading} ", ""])


def _drop_row(rows: Rows, chance: Chance) -> None:
    del rows[chance.randrange(len(rows))]


def _double_row(rows: Rows, chance: Chance) -> None:
    rows.insert(chance.randrange(len(rows)), list(chance.choice(rows)))


def _swap_rows(rows: Rows, chance: Chance) -> None:
    one, other = chance.sample(range(len(rows)), 2)
    rows[one], rows[other] = rows[other], rows[one]


def _wrong_cell(rows: Rows, chance: Chance) -> None:
    row = chance.choice(rows[1:])
    row[chance.randrange(len(row))] = chance.choice(WRONG_CELLS)


def _wrong_column(rows: Rows, chance: Chance) -> None:
    at, cell = chance.randrange(len(rows[0])), chance.choice(WRONG_CELLS)
    for row in rows[1:]:
        row[at] = cell


def _swap_cells(rows: Rows, chance: Chance) -> None:
    one, other = chance.choice(rows[1:]), chance.choice(rows[1:])
    at = chance.randrange(len(rows[0]))
    one[at], other[at] = other[at], one[at]


def _longer_row(rows: Rows, chance: Chance) -> None:
    row = chance.choice(rows)
    row.insert(chance.randrange(len(row) + 1), chance.choice(WRONG_CELLS))


def _shorter_row(rows: Rows, chance: Chance) -> None:
    del chance.choice(rows)[-1]


def _blank_lines(rows: Rows, chance: Chance) -> None:
    rows.insert(chance.randrange(len(rows)), [""] * chance.choice([0, len(rows[0])]))


def _title_above(rows: Rows, chance: Chance) -> None:
    del chance
    rows[:0] = [["Extract of 24 November 2026"], []]


ROWS: Final[tuple[Callable[[Rows, Chance], None], ...]] = (
    *(_drop_column, _double_column, _exchange_columns, _misspell_heading, _drop_row, _double_row),
    *(_swap_rows, _wrong_cell, _wrong_cell, _wrong_cell, _wrong_column, _swap_cells, _longer_row),
    *(_shorter_row, _blank_lines, _title_above),
)


def _spoil_table(path: Path, chance: Chance) -> str:
    if chance.random() < BYTES_SHARE:
        return _spoil_bytes(path, chance, (*BYTES, _other_encoding))
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    how = chance.choice(ROWS)
    how(rows, chance)
    out = io.StringIO()
    delimiter = chance.choice([","] * 8 + [";", "\t"])
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return how.__name__[1:] + ("" if delimiter == "," else " and another delimiter")


def _spoil_bytes(
    path: Path, chance: Chance, ways: tuple[Callable[[bytes, Chance], bytes], ...] = BYTES
) -> str:
    how = chance.choice(ways)
    path.write_bytes(how(path.read_bytes(), chance))
    return how.__name__[1:]


def _drop_feature(features: Features, chance: Chance) -> None:
    del features[chance.randrange(len(features))]


def _double_feature(features: Features, chance: Chance) -> None:
    features.append(chance.choice(features))


def _swap_shapes(features: Features, chance: Chance) -> None:
    one, other = chance.sample(features, 2)
    one["geometry"], other["geometry"] = other["geometry"], one["geometry"]


def _drop_property(features: Features, chance: Chance) -> None:
    properties = chance.choice(features)["properties"]
    del properties[chance.choice(sorted(properties))]


def _wrong_property(features: Features, chance: Chance) -> None:
    properties = chance.choice(features)["properties"]
    wrong = [*WRONG_CELLS, None, 5, True, [1], {"a": 1}]
    properties[chance.choice(sorted(properties))] = chance.choice(wrong)


def _wrong_coordinate(features: Features, chance: Chance) -> None:
    corner = chance.choice(chance.choice(features)["geometry"]["coordinates"][0])
    corner[chance.randint(0, 1)] = chance.choice([None, "x", 1e9, 0, -0.1, 200])


def _drop_corner(features: Features, chance: Chance) -> None:
    ring = chance.choice(features)["geometry"]["coordinates"][0]
    del ring[chance.randrange(len(ring))]


def _exchange_axes(features: Features, chance: Chance) -> None:
    for corner in chance.choice(features)["geometry"]["coordinates"][0]:
        corner.reverse()


def _no_shape(features: Features, chance: Chance) -> None:
    chance.choice(features)["geometry"] = None


def _wrong_kind_of_shape(features: Features, chance: Chance) -> None:
    kinds = ["LineString", "MultiPolygon", "Circle", "", 5]
    chance.choice(features)["geometry"]["type"] = chance.choice(kinds)


FEATURES: Final[tuple[Callable[[Features, Chance], None], ...]] = (
    *(_drop_feature, _double_feature, _swap_shapes, _drop_property, _wrong_property, _drop_corner),
    *(_wrong_coordinate, _exchange_axes, _no_shape, _wrong_kind_of_shape),
)


def _spoil_layer(path: Path, chance: Chance) -> str:
    if chance.random() < BYTES_SHARE:
        return _spoil_bytes(path, chance)
    layer = json.loads(path.read_bytes())
    how = chance.choice(FEATURES)
    how(layer["features"], chance)
    path.write_text(json.dumps(layer), encoding="utf-8")
    return how.__name__[1:]


def _spoil_scenario(path: Path, chance: Chance) -> str:
    if chance.random() < BYTES_SHARE:
        return _spoil_bytes(path, chance)
    lines = path.read_text(encoding="utf-8").splitlines()
    at = chance.choice([number for number, line in enumerate(lines) if line.strip()])
    how = chance.choice(["drop line", "double line", "swap lines", "wrong value", "wrong key"])
    if how == "drop line":
        del lines[at]
    elif how == "double line":
        lines.insert(at, lines[at])
    elif how == "swap lines":
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "wrong value":
        values = ['""', "-1", "0", "1e400", "nan", "true", "[]", "{}", '"x"', "2026-02-29", "1.5"]
        lines[at] = f"{lines[at].partition('=')[0]}= {chance.choice(values)}"
    else:
        lines[at] = "x" + lines[at]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return how


_WAYS: Final[dict[str, Callable[[Path, Chance], str]]] = {
    ".csv": _spoil_table,
    ".geojson": _spoil_layer,
    ".toml": _spoil_scenario,
    ".pbf": _spoil_bytes,
}


def spoil(path: Path, chance: Chance) -> str:
    """Spoil a file in one way, and return how."""
    return _WAYS[path.suffix](path, chance)
