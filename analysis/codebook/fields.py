"""How a Data Package describes a table and its columns: a builder for each type of column."""

from collections.abc import Sequence
from typing import Any, Final

Json = dict[str, Any]

PROFILE: Final = "https://datapackage.org/profiles/2.0"


def table(  # noqa: PLR0913 - a table has this many facts
    name: str,
    path: str,
    title: str,
    description: str,
    fields: Sequence[Json],
    columns: Sequence[str],
    key: Sequence[str] = (),
) -> Json:
    """Describe one table; its columns stand in the order of the file."""
    by_name = {field["name"]: field for field in fields}
    schema: Json = {
        "$schema": f"{PROFILE}/tableschema.json",
        "fields": [by_name[column] for column in columns],
        "fieldsMatch": ["exact"],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = list(key)
    return {
        "name": name,
        "type": "table",
        "path": path,
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(
    name: str, type_: str, description: str, constraints: Json, form: str | None = None
) -> Json:
    """Describe a column."""
    field: Json = {"name": name, "type": type_, "description": description}
    if form is not None:
        field["format"] = form
    if constraints:
        field["constraints"] = constraints
    return field


def text(
    name: str,
    description: str,
    *,
    required: bool = False,
    pattern: str | None = None,
    form: str | None = None,
) -> Json:
    """Describe a column of text."""
    constraints: Json = {"required": True} if required else {}
    if pattern is not None:
        constraints["pattern"] = pattern
    return _field(name, "string", description, constraints, form)


def choice(name: str, description: str, words: Sequence[str], *, required: bool = True) -> Json:
    """Describe a column with few values."""
    constraints: Json = {"required": True} if required else {}
    return _field(name, "string", description, constraints | {"enum": list(words)})


def moment(name: str, description: str, *, required: bool = False) -> Json:
    """Describe a column of moments: ISO 8601 to the minute, with Z or an offset."""
    constraints = {"required": True} if required else {}
    return _field(name, "datetime", description, constraints, "%Y-%m-%dT%H:%M%z")


def date(name: str, description: str) -> Json:
    """Describe a column of dates."""
    return _field(name, "date", description, {"required": True})


def whole(name: str, description: str, *, minimum: int = 0, required: bool = True) -> Json:
    """Describe a column of whole numbers."""
    constraints: Json = {"required": True} if required else {}
    return _field(name, "integer", description, constraints | {"minimum": minimum})


def number(name: str, description: str, *, maximum: float | None = None) -> Json:
    """Describe a column of numbers >= 0."""
    constraints: Json = {"minimum": 0}
    if maximum is not None:
        constraints["maximum"] = maximum
    return _field(name, "number", description, constraints)


def difference(name: str, description: str) -> Json:
    """Describe a column of numbers of either sign."""
    return _field(name, "number", description, {})
