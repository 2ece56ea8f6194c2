"""Options that several commands take, and what they stand for."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.errors import AnalysisError

if TYPE_CHECKING:
    import pandas as pd


class Silence(StrEnum):
    """How a night without a bulletin is read."""

    missing = "missing"
    zero = "zero"


class Direction(StrEnum):
    """Over which country the claims are."""

    on_russia = "on_russia"
    on_ukraine = "on_ukraine"


Data = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder of the ledger; else ./data, the checkout's or the built-in."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Since = Annotated[str | None, typer.Option("--since", help="First night, such as 2025-01-01.")]
Until = Annotated[str | None, typer.Option("--until", help="Last night.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="A region by slug or name; may be given more than once."),
]
SilenceOption = Annotated[
    Silence, typer.Option("--silence", help="Read nights without a bulletin as missing or zero.")
]

DirectionOption = Annotated[
    Direction, typer.Option("--direction", help="Claims over which country are counted.")
]
Night = Annotated[
    str,
    typer.Option("--night", help="Hours of a night on the claimant's clock; 00:00-24:00 is a day."),
]
NIGHT = "20:00-08:00"


def night_hours(text: str) -> tuple[str, str]:
    """Both times of day of ``--night``; the panel refuses what is none."""
    start, _, end = text.partition("-")
    return start.strip(), end.strip()


def read_ledger(data: Path | None) -> "pd.DataFrame":
    """The ledger of a folder, or the one that is found."""
    from analysis.ledger import load_claims

    return load_claims(data)


def read_panel(
    data: Path | None,
    *,
    regions: list[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    draws: int = 0,
    **scope: str,
) -> "pd.DataFrame":
    """The panel of the ledger: some regions, or all, between two nights; draws if any are asked."""
    from analysis.panel import build_panel, select_panel

    options: dict[str, Any] = {**scope, "allocate": "draws", "draws": draws} if draws else {**scope}
    built = build_panel(read_ledger(data), **options)
    return select_panel(built, regions=region_slugs(regions), since=since, until=until)


def region_slugs(names: list[str] | None) -> list[str] | None:
    """Slugs of regions given by slug or by name; "all" is the total."""
    from analysis.regions import find_region, get_region

    def slug(name: str) -> str:
        if name == "all":
            return name
        try:
            return get_region(name).slug
        except AnalysisError:
            return find_region(name).slug

    return [slug(name) for name in names] if names else None
