"""Small changes to the files of the tiny borough."""

from pathlib import Path

__all__ = ["add_column", "add_row", "edit", "line_of", "set_cells"]


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Replace the first of each text by another."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{old} is not in {path.name}"
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def line_of(path: Path, start: str) -> int:
    """Return the number of the first line that starts so."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


def add_row(path: Path, *rows: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{row}\n" for row in rows)


def add_column(path: Path, name: str, cells: dict[str, str]) -> None:
    """Add a column to a table: id of the row → its cell; blank where there is none."""
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{head},{name}", *(f"{row},{cells.get(row.split(',')[0], '')}" for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def set_cells(path: Path, name: str, **cells: str) -> None:
    """Set cells of the row with an id; its tables have no quotes."""
    head, *rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    row = next(row for row in rows if row[0] == name)
    for column, cell in cells.items():
        row[head.index(column)] = cell
    path.write_text("".join(f"{','.join(line)}\n" for line in [head, *rows]), encoding="utf-8")
