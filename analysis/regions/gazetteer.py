"""The units a claim can name: their facts, their neighbours and where their tile stands."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from analysis.errors import RegionError
from analysis.vocabulary import JOIN

if TYPE_CHECKING:
    import pandas as pd

_ROOM: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Region:
    """A reporting unit: an oblast, krai, republic, city or sea that a claim can name.

    Attributes
    ----------
    slug : str
        The unit's name in this package.
    iso_3166_2 : str
        "RU-BEL", "UA-43"; "" for a sea. Codes follow ISO and state nothing about control.
    name_en, name_ru, name_uk : str
        The full name in English, Russian and Ukrainian.
    kind : str
        oblast, krai, republic, city, autonomous_oblast, autonomous_okrug or sea.
    lat, lon : float
        Centroid in degrees (WGS84); it may lie outside the unit.
    area_km2 : int
        Area in km2, cut at the coast, without cities and okrugs that are units themselves.
    population : int or None
        Residents; None where the gazetteer gives none (seas, Crimea, Sevastopol).
    population_year : int or None
        Year of the population figure.
    border_km : int
        Distance in km from the centroid to the nearest unit of the other country.
    seas : tuple of str
        Slugs of the seas at its coast, of the four that are units; () inland.
    label : str
        Three or four letters for its tile.
    row, col : int
        Place in the tile grid; row 0 is the north, column 0 the west.
    """

    slug: str
    iso_3166_2: str
    name_en: str
    name_ru: str
    name_uk: str
    kind: str
    lat: float
    lon: float
    area_km2: int
    population: int | None
    population_year: int | None
    border_km: int
    seas: tuple[str, ...]
    label: str
    row: int
    col: int

    @property
    def country(self) -> str:
        """The country of the unit's ISO code: "RU" or "UA"; "sea" for a sea."""
        return self.iso_3166_2[:2] or "sea"


@cache
def regions() -> Mapping[str, Region]:
    """Return all units by slug, in the order of the slugs.

    Examples
    --------
    >>> len(regions()), regions()["crimea"].iso_3166_2
    (114, 'UA-43')
    """
    units = (_region(row) for row in _read("regions.csv"))
    return MappingProxyType({unit.slug: unit for unit in units})


def get_region(slug: str) -> Region:
    """Return the unit of a slug.

    Raises
    ------
    RegionError
        If no unit has that slug; the error names up to three that are spelled alike.

    Examples
    --------
    >>> get_region("azov_sea").name_en, get_region("azov_sea").country
    ('Sea of Azov', 'sea')
    """
    unit = regions().get(slug)
    if unit is None:
        alike = difflib.get_close_matches(slug, regions(), n=3)
        hint = f"Did you mean {' or '.join(alike)}? If not, take" if alike else "Take"
        raise RegionError(f"No unit has the slug {slug!r}.", f"{hint} one from region_table().")
    return unit


def region_table() -> pd.DataFrame:
    """Return the gazetteer as a table, one row per unit, sorted by slug.

    Returns
    -------
    DataFrame
        Shape (114, 17): the columns of `Region` and `country`. `population` and
        `population_year` are Int64 with <NA> where there is no figure; `seas` holds slugs joined
        by "|", "" inland; `lat` and `lon` are in degrees, `area_km2` in km2, `border_km` in km.

    Examples
    --------
    >>> table = region_table().set_index("slug")
    >>> table.at["belgorod", "iso_3166_2"], table.at["crimea", "seas"]
    ('RU-BEL', 'black_sea|azov_sea')
    """
    import pandas as pd

    names = [field.name for field in fields(Region)]
    table = pd.DataFrame(
        [[getattr(unit, name) for name in names] for unit in regions().values()], columns=names
    )
    table["seas"] = table["seas"].map(JOIN.join).astype("str")
    table["country"] = [unit.country for unit in regions().values()]
    return table.astype({"population": "Int64", "population_year": "Int64", "country": "str"})


def neighbour_pairs() -> pd.DataFrame:
    """Return which land units share a border, each pair in both directions.

    Two units are neighbours if they touch along at least 0.5 km. Seas are no neighbours here;
    the column `seas` of `region_table` says which units lie at which sea.

    Returns
    -------
    DataFrame
        Shape (504, 2): `a`, `b` (slugs), sorted; 252 borders, 9 of them between RU and UA.

    Examples
    --------
    >>> pairs = neighbour_pairs()
    >>> pairs.loc[pairs["a"] == "belgorod", "b"].tolist()
    ['kharkiv', 'kursk', 'luhansk', 'sumy', 'voronezh']
    """
    import pandas as pd

    pairs = [(row["a"], row["b"]) for row in _read("neighbours.csv")]
    both = sorted(pairs + [(b, a) for a, b in pairs])
    return pd.DataFrame(both, columns=["a", "b"], dtype="str")


def _read(name: str) -> list[dict[str, str]]:
    """Read a table of this room."""
    with (_ROOM / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _region(row: dict[str, str]) -> Region:
    """Make a unit of its row in regions.csv."""
    return Region(
        slug=row["slug"],
        iso_3166_2=row["iso_3166_2"],
        name_en=row["name_en"],
        name_ru=row["name_ru"],
        name_uk=row["name_uk"],
        kind=row["kind"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        area_km2=int(row["area_km2"]),
        population=int(row["population"]) if row["population"] else None,
        population_year=int(row["population_year"]) if row["population_year"] else None,
        border_km=int(row["border_km"]),
        seas=tuple(row["seas"].split(JOIN)) if row["seas"] else (),
        label=row["label"],
        row=int(row["row"]),
        col=int(row["col"]),
    )
