"""Small files for the readers."""

import json

import openpyxl
import pytest


@pytest.fixture
def write(tmp_path):
    """Write text (or bytes) into a file of the test's folder and return its path."""

    def written(name, content):
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode("utf-8")
        path.write_bytes(content)
        return path

    return written


@pytest.fixture
def write_book(tmp_path):
    """Write rows into a one-sheet workbook and return its path."""

    def written(name, rows, **more_sheets):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for title, others in more_sheets.items():
            sheet = book.create_sheet(title)
            for row in others:
                sheet.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return written


@pytest.fixture
def write_geojson(tmp_path):
    """Write (properties, geometry) pairs as a FeatureCollection and return its path."""

    def written(name, features, crs=None):
        document = {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        }
        if crs:
            document["crs"] = {"type": "name", "properties": {"name": crs}}
        path = tmp_path / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return written
