"""GDAL, loaded without the drivers that reach out.

GDAL opens whatever it recognises, and some of its drivers read other files, run programs or ask
servers because a file says so. They are left out before GDAL is loaded, which is the only time it
can be done; so nothing else of ntgeo imports pyogrio.

Source: "Vector drivers" and "Configuration options" (OGR_SKIP), gdal.org.
"""

from __future__ import annotations

import os
from typing import Final

__all__ = ["DRIVERS_LEFT_OUT", "pyogrio"]

DRIVERS_LEFT_OUT: Final = (
    *("OGR_VRT", "GDALG", "GML", "LVBAG", "MapML", "GPSBabel", "ADBC"),
    *("HTTP", "WFS", "OAPIF", "OGCAPI", "CSW", "EEDA", "PLSCENES"),
    *("Carto", "AmigoCloud", "Elasticsearch", "NGW"),
)
"""Virtual data sets and command lines, XML with schemas elsewhere, programs, and servers."""

_already = [name for name in os.environ.get("OGR_SKIP", "").split(",") if name]
os.environ["OGR_SKIP"] = ",".join(dict.fromkeys([*_already, *DRIVERS_LEFT_OUT]))

import pyogrio  # noqa: E402 - GDAL reads OGR_SKIP when it is loaded
import pyogrio.raw  # noqa: E402 - as above
