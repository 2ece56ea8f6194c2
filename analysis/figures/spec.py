"""What a figure is: a table, a drawing of it, a caption and a text for those who cannot see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from analysis.comparison import compare_regions, rank_regions
from analysis.errors import ComparisonError, FitError, PanelError
from analysis.models import TrendResults, fit_trend
from analysis.models.ingarch import INGARCH, INGARCHResults
from analysis.models.regional_escalation import counts_hash, covered_counts, monthly_shares
from analysis.panel import build_panel, count_draws, nightly_totals, select_panel
from analysis.plotting import new_figure, style
from analysis.regions import region_table
from analysis.summary import (
    concentration,
    night_by_bulletin,
    reach,
    region_names,
    summarize_nights,
    summarize_regions,
    weekly_regions,
)
from analysis.summary.over_time import COLUMNS as OVER_TIME
from analysis.vocabulary import CAVEAT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Stands at the foot of every figure, for those who meet it without its caption.
SOURCE: Final = "Claims of the Russian Ministry of Defence as published; not verified counts."
#: The two readings of a night without a bulletin.
READINGS: Final[tuple[Literal["missing"], Literal["zero"]]] = ("missing", "zero")
#: Columns of what is measured over time; only reach has the last two.
MEASURED: Final = [*OVER_TIME, "least", "most"]
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
    reference : str
        Slug of the region that others are compared with; the most claimed one if it has no claim.
    compared : int
        Nights, the last of the record, over which regions are compared and ranked.
    draws : int
        Draws of how open counts fall on regions, from which intervals take that uncertainty.
    """

    night: str = "2025-11-01"
    panels: int = 9
    rows: int = 30
    level: float = 0.95
    reference: str = "belgorod"
    compared: int = 365
    draws: int = 20


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
    drawable : bool
        Whether the panel is that of the claims as they are, so that draws can be made of it too.
    masking : pd.DataFrame
        Results of the masking study, columns ``codebook.masking.MASKING_COLUMNS``; or empty.
    eigenvalues, reciprocity : pd.DataFrame
        Stored results of models that take minutes, columns as in ``codebook.escalation``; or empty.
    """

    claims: pd.DataFrame
    panel: pd.DataFrame
    incidents: pd.DataFrame
    options: FigureOptions = field(default_factory=FigureOptions)
    drawable: bool = False
    masking: pd.DataFrame = field(default_factory=pd.DataFrame)
    eigenvalues: pd.DataFrame = field(default_factory=pd.DataFrame)
    reciprocity: pd.DataFrame = field(default_factory=pd.DataFrame)

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

    @cached_property
    def drawn(self) -> pd.DataFrame:
        """The panel with draws of open counts, or as it is if it is not that of the claims."""
        if not self.drawable:
            return self.panel
        return build_panel(self.claims, allocate="draws", draws=self.options.draws)

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Regions ranked over the last nights; empty if those with numbers are too few."""
        try:
            return self._dated(rank_regions(self._compared, level=self.options.level))
        except (ComparisonError, PanelError):
            return pd.DataFrame()

    @cached_property
    def ratios(self) -> pd.DataFrame:
        """Regions against the reference over the same nights; empty where ranks are."""
        if self.ranks.empty:
            return self.ranks
        claimed = self.ranks.loc[(self.ranks["claims"] > 0).to_numpy(), "region"].tolist()
        wished = self.options.reference
        reference = wished if wished in claimed else claimed[0]
        table = self._dated(compare_regions(self._compared, reference, level=self.options.level))
        return table.assign(reference=region_names(table["reference"]))

    def over_time(self, freq: Literal["MS", "YS"]) -> pd.DataFrame:
        """Concentration and reach by month or year; of the measures there are, if any."""
        frames = []
        for measure in (concentration, reach):
            try:
                frames.append(measure(self.drawn, freq, level=self.options.level))
            except PanelError:  # one region, or a stranger to the gazetteer
                continue
        table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=MEASURED)
        return table.reindex(columns=MEASURED).assign(draws=count_draws(self.drawn))

    @cached_property
    def ingarch(self) -> INGARCHResults | None:
        """The well-covered totals as counts that follow from past ones; None if too few."""
        try:
            return INGARCH(self.totals).fit()
        except FitError:
            return None

    @cached_property
    def _compared(self) -> pd.DataFrame:
        """The drawn panel over the last nights of the record."""
        days = pd.Timedelta(days=self.options.compared - 1)
        return select_panel(self.drawn, since=self.drawn["night"].max() - days)

    def _dated(self, table: pd.DataFrame) -> pd.DataFrame:
        """Say which nights a table covers, and from how many draws it comes."""
        nights = self._compared["night"]
        return table.assign(
            first_night=nights.min(), last_night=nights.max(), draws=count_draws(self._compared)
        )

    @cached_property
    def shares(self) -> pd.DataFrame:
        """What last night's claims explain, by month; empty if no period is covered well."""
        try:
            return monthly_shares(self.drawn, self.options.level)
        except FitError:
            return pd.DataFrame()

    @cached_property
    def counts_hash(self) -> str:
        """The content of the counts that regional models start from; "" without any."""
        try:
            return counts_hash(covered_counts(self.panel))
        except FitError:
            return ""

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

    measured : str
        How often its intervals cover the truth in simulations; "" where it has none of its own.

    None of the three functions is ever given an empty table.
    """

    name: str
    title: str
    table: Callable[[FigureInputs], pd.DataFrame]
    draw: "Callable[[pd.DataFrame, FigureOptions], Figure]"
    describe: Callable[[pd.DataFrame, FigureOptions], str]
    picture: Callable[[pd.DataFrame, FigureOptions], str]
    measured: str = ""

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
