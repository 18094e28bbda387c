"""What every table of a scenario file is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

__all__ = ["FilePath", "ScenarioTable", "Seconds", "Title"]

FilePath = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Seconds = Annotated[float, Field(gt=0, le=900)]


class ScenarioTable(BaseModel):
    """A table of the file: an unknown key is a fault, and what is read stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
