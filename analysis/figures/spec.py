"""What a figure is: a table, a drawing of it, a caption and a text for those who cannot see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from analysis.errors import FitError
from analysis.models import TrendResults, fit_trend
from analysis.panel import nightly_totals
from analysis.plotting import new_figure, style
from analysis.regions import region_table
from analysis.summary import (
    night_by_bulletin,
    summarize_nights,
    summarize_regions,
    weekly_regions,
)
from analysis.vocabulary import CAVEAT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Stands at the foot of every figure, for those who meet it without its caption.
SOURCE: Final = "Claims of the Russian Ministry of Defence as published; not verified counts."
#: The two readings of a night without a bulletin.
READINGS: Final[tuple[Literal["missing"], Literal["zero"]]] = ("missing", "zero")
#: Stands where the claims hold nothing that a figure could show.
NOTHING: Final = "Nothing to show: the claims hold no numbers for this figure."


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """What a reader may choose about the figures.

    Attributes
    ----------
    night : str
        The night (date of its morning) that is shown by region.
    panels : int
        Regions shown as small multiples.
    rows : int
        Regions shown as rows of a ranking or heat map.
    level : float
        Level of intervals.
    """

    night: str = "2025-11-01"
    panels: int = 9
    rows: int = 30
    level: float = 0.95


@dataclass(frozen=True, eq=False)
class FigureInputs:
    """Everything figures and report show, computed below them and at most once.

    Attributes
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``.
    panel : pd.DataFrame
        Built from those claims.
    incidents : pd.DataFrame
        Dated events: ``date`` (datetime64) and ``title``.
    options : FigureOptions
    """

    claims: pd.DataFrame
    panel: pd.DataFrame
    incidents: pd.DataFrame
    options: FigureOptions = field(default_factory=FigureOptions)

    @cached_property
    def totals(self) -> pd.DataFrame:
        """The nights' totals."""
        return nightly_totals(self.panel)

    @cached_property
    def gazetteer(self) -> pd.DataFrame:
        """All units with their tiles."""
        return region_table()

    @cached_property
    def nights(self) -> pd.DataFrame:
        """All nights described in one row."""
        return summarize_nights(self.panel)

    @cached_property
    def months(self) -> pd.DataFrame:
        """Nights described by month."""
        return summarize_nights(self.panel, "MS")

    @cached_property
    def years(self) -> pd.DataFrame:
        """Nights described by year."""
        return summarize_nights(self.panel, "YS")

    @cached_property
    def regions(self) -> pd.DataFrame:
        """Regions described, the most claimed first."""
        return summarize_regions(self.panel)

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """Claims by week and region."""
        return weekly_regions(self.panel)

    @cached_property
    def night(self) -> pd.DataFrame:
        """The chosen night by bulletin and region."""
        return night_by_bulletin(self.claims, self.panel, self.options.night)

    @property
    def trends(self) -> dict[str, TrendResults]:
        """The trend of the well-covered period, by reading of silence; empty if there is none."""
        return self._fits[0]

    @property
    def whole_trends(self) -> dict[str, TrendResults]:
        """The trend of the whole record, by reading of silence; empty if there is none."""
        return self._fits[1]

    @property
    def no_trend(self) -> str:
        """Why no trend could be fitted; "" if one could."""
        return self._fits[2]

    @cached_property
    def _fits(self) -> tuple[dict[str, TrendResults], dict[str, TrendResults], str]:
        """Both periods, and why there is none: a short record has a report, too."""
        first = self.nights["first_night"].iloc[0]
        try:
            return (
                {name: fit_trend(self.totals, silence=name) for name in READINGS},
                {name: fit_trend(self.totals, silence=name, start=first) for name in READINGS},
                "",
            )
        except FitError as refused:
            return {}, {}, str(refused)


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """A figure of the registry.

    Attributes
    ----------
    name : str
        Names its files: NAME.svg, NAME.png, tables/NAME.csv.
    title : str
        For tables of contents.
    table : callable
        ``table(inputs) -> DataFrame``: the numbers that are drawn; selects and reshapes only.
    draw : callable
        ``draw(table, options) -> Figure``, from the rounded table and nothing else.
    describe : callable
        ``describe(table, options) -> str``: the caption without its last sentence.
    picture : callable
        ``picture(table, options) -> str``: what the picture shows, in one or two sentences.

    None of the three is ever given an empty table.
    """

    name: str
    title: str
    table: Callable[[FigureInputs], pd.DataFrame]
    draw: "Callable[[pd.DataFrame, FigureOptions], Figure]"
    describe: Callable[[pd.DataFrame, FigureOptions], str]
    picture: Callable[[pd.DataFrame, FigureOptions], str]

    def figure(self, table: pd.DataFrame, options: FigureOptions) -> "Figure":
        """Draw the table in the house style; an empty one gives a figure that says so."""
        with style():
            if table.empty:
                return new_figure(8, 1.4, self.title, SOURCE, NOTHING)
            return self.draw(table, options)

    def caption(self, table: pd.DataFrame, options: FigureOptions) -> str:
        """Return the caption; every one ends by saying that these are claims."""
        return f"{NOTHING if table.empty else self.describe(table, options)} {CAVEAT}"

    def alt(self, table: pd.DataFrame, options: FigureOptions) -> str:
        """Return the text for those who cannot see the picture."""
        return NOTHING if table.empty else self.picture(table, options)


def in_words(night: pd.Timestamp) -> str:
    """Write a date as people do, whatever the locale.

    Examples
    --------
    >>> in_words(pd.Timestamp("2025-11-01"))
    '1 November 2025'
    """
    return f"{night.day} {MONTHS[night.month - 1]} {night.year}"


def number(value: float) -> str:
    """Write a count for reading: thousands apart, one decimal only where there is one.

    Examples
    --------
    >>> number(12345.0), number(3.25)
    ('12,345', '3.2')
    """
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.1f}"


MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
