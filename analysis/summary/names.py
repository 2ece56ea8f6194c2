"""What tables and figures call a region."""

import pandas as pd

from analysis.regions import regions
from analysis.vocabulary import JOIN


def region_names(slugs: pd.Series) -> pd.Series:
    """Name regions in short English; joint ones together, "" as not attributed.

    Examples
    --------
    >>> region_names(pd.Series(["kursk", "bryansk|kursk", ""])).tolist()
    ['Kursk', 'Bryansk and Kursk together', 'not attributed to a region']
    """
    return slugs.map(_name).astype("str")


def _name(slugs: str) -> str:
    """Name one region or several joined ones."""
    if not slugs:
        return "not attributed to a region"
    names = [_short_name(slug) for slug in slugs.split(JOIN)]
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]} together"


def _short_name(slug: str) -> str:
    """Name a region as the papers do: Tula, Crimea, but Moscow Oblast beside Moscow (city)."""
    units = regions()
    if slug not in units:
        return slug
    name = units[slug].name_en
    for prefix in ("Autonomous Republic of ", "Republic of "):
        name = name.removeprefix(prefix)
    short = name.removesuffix(" Oblast")
    has_city = any(unit.name_en == f"{short} (city)" for unit in units.values())
    return name if has_city else short
