"""The commands that describe, compare and fit."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.options import (
    Data,
    Json,
    Silence,
    SilenceOption,
    Since,
    Until,
    read_panel,
    region_slugs,
)
from analysis.cli.output import (
    plain,
    print_frame,
    print_json,
    print_note,
    print_text,
    records,
    uncertainty_held,
)
from analysis.errors import ComparisonError, PanelError
from analysis.vocabulary import CAVEAT

if TYPE_CHECKING:
    import pandas as pd

    from analysis.comparison import Per

statistics = typer.Typer()


class By(StrEnum):
    """What a summary has one row for."""

    regions = "regions"
    period = "period"
    weeks = "weeks"
    months = "months"
    years = "years"


class Measure(StrEnum):
    """What a summary describes."""

    claims = "claims"
    concentration = "concentration"
    reach = "reach"


class Show(StrEnum):
    """What a comparison shows."""

    ratios = "ratios"
    pairs = "pairs"
    periods = "periods"
    ranks = "ranks"
    shrunken = "shrunken"


class PerOption(StrEnum):
    """What claims are measured by besides nights."""

    capita = "capita"
    area = "area"


#: What functions call the lengths of periods.
FREQUENCIES = {By.period: None, By.weeks: "W", By.months: "MS", By.years: "YS"}
#: Columns for people; --json has all of them.
SHOWN = {
    Show.ratios: "name claims rate ratio lower upper p_holm least most share_exact",
    Show.pairs: "region reference ratio lower upper p_holm p_bh share_exact",
    Show.periods: "name first_rate second_rate ratio lower upper p_holm least most share_exact",
    Show.ranks: "name claims rate rank rank_lower rank_upper p_first share_exact",
    Show.shrunken: "name claims rate shrunken lower upper own_weight share_exact",
}


@statistics.command(epilog="Example: interceptions summary --by months --since 2025-01-01")
def summary(
    by: Annotated[
        By | None,
        typer.Option("--by", help="One row for each; regions, or months for the other measures."),
    ] = None,
    measure: Annotated[Measure, typer.Option("--measure", help="What to describe.")] = (
        Measure.claims
    ),
    since: Since = None,
    until: Until = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="As for compare; claims are told without.")
    ] = 20,
    silence: SilenceOption = Silence.missing,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Describe nights or regions: totals with bounds, records, shares; concentration and reach."""
    if measure is Measure.claims:
        panel = read_panel(data, since=since, until=until, silence=silence.value)
        print_frame(_claims(panel, by or By.regions), as_json=json_)
        return
    by = by or By.months
    if by is By.regions:
        raise PanelError(
            f"--by regions has no place in --measure {measure.value}.",
            "Choose period, weeks, months or years.",
        )
    from analysis.summary import concentration, reach

    panel = read_panel(data, since=since, until=until, draws=draws, silence=silence.value)
    tell = {Measure.concentration: concentration, Measure.reach: reach}[measure]
    print_frame(tell(panel, FREQUENCIES[by]), as_json=json_)  # type: ignore[arg-type]
    if not json_:
        print_note(uncertainty_held(draws))


def _claims(panel: "pd.DataFrame", by: By) -> "pd.DataFrame":
    """Regions, or nights by period."""
    from analysis.summary import summarize_nights, summarize_regions

    if by is By.regions:
        return summarize_regions(panel)
    return summarize_nights(panel, FREQUENCIES[by])  # type: ignore[arg-type]


@statistics.command(
    epilog="Example: interceptions compare --reference belgorod --since 2025-01-01 --json"
)
def compare(
    show: Annotated[Show, typer.Option("--show", help="What to compare.")] = Show.ratios,
    reference: Annotated[
        str | None,
        typer.Option("--reference", help="Region to compare with; else all others together."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option("--split", help="First night of the second period, for --show periods."),
    ] = None,
    per: Annotated[
        PerOption | None,
        typer.Option("--per", help="Per million residents, or per 10,000 square kilometres."),
    ] = None,
    since: Since = None,
    until: Until = None,
    draws: Annotated[
        int,
        typer.Option("--draws", min=0, help="Draws of how open counts fall on regions; 0: none."),
    ] = 20,
    silence: SilenceOption = Silence.missing,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Compare regions or periods: rate ratios, ranks and shrunken rates, with intervals."""
    _require_place(show, reference=reference, split=split, per=per)
    from analysis.comparison import heterogeneity

    panel = read_panel(data, since=since, until=until, draws=draws, silence=silence.value)
    unit: Per = per.value if per else None
    if show is Show.periods:
        table = _periods(panel, split)
    else:
        slugs = region_slugs([reference] if reference else None)
        table = _regions(panel, show, slugs[0] if slugs else None, unit)
    test = heterogeneity(panel, per=unit)
    if json_:
        document = {
            "show": show.value,
            "first_night": f"{panel['night'].min():%Y-%m-%d}",
            "last_night": f"{panel['night'].max():%Y-%m-%d}",
            "silence": silence.value,
            "draws": draws,
            "heterogeneity": records(test)[0],
            "rows": records(table),
        }
        print_json(document)
        return
    print_text(plain(table[SHOWN[show].split()]).to_string(index=False, na_rep=""))
    [row] = records(test)
    print_note(
        f"Equal rates of all {row['regions']} regions: p = {row['p_value']:.2g}, drones counted in "
        f"units of {row['design_effect']:.1f} for swarms and the memory of nights."
    )
    if per:
        print_note(_without_exposure(table, per.value))
    print_note(f"{uncertainty_held(draws)} {CAVEAT}")


def _without_exposure(table: "pd.DataFrame", unit: str) -> str:
    """Which regions the gazetteer gives nothing to divide by."""
    left_out = table.loc[table["rate"].isna().to_numpy(), "name"].drop_duplicates().tolist()
    what = "residents" if unit == "capita" else "area"
    return (
        f"Left out, as the gazetteer has no {what} for them: {', '.join(left_out) or 'none'}. "
        f"In Python, compare_regions(panel, per={{...}}) takes numbers of your own."
    )


def _require_place(show: Show, **given: str | None) -> None:
    """Refuse an option that the table would not heed."""
    heeded = {
        "reference": (Show.ratios,),
        "split": (Show.periods,),
        "per": (Show.ratios, Show.pairs, Show.ranks, Show.shrunken),
    }
    for name, value in given.items():
        if value is not None and show not in heeded[name]:
            raise ComparisonError(
                f"--{name} has no place in --show {show.value}.",
                f"Leave it out, or show {' or '.join(place.value for place in heeded[name])}.",
            )


def _regions(
    panel: "pd.DataFrame", show: Show, reference: str | None, per: "Per"
) -> "pd.DataFrame":
    """The table of a comparison between regions."""
    from analysis.comparison import compare_pairs, compare_regions, rank_regions, shrink_rates

    if show is Show.ratios:
        return compare_regions(panel, reference, per=per)
    compared = {Show.pairs: compare_pairs, Show.ranks: rank_regions, Show.shrunken: shrink_rates}
    return compared[show](panel, per=per)  # type: ignore[operator,no-any-return]


def _periods(panel: "pd.DataFrame", split: str | None) -> "pd.DataFrame":
    """The nights before a date against those from it on."""
    import pandas as pd

    from analysis.comparison import compare_periods
    from analysis.night_labels import read_night

    if split is None:
        raise ComparisonError(
            "--show periods needs the night on which the second begins.",
            "Give it as --split 2025-07-01.",
        )
    second = read_night("--split", split, ComparisonError)
    first_night, last_night = panel["night"].min(), panel["night"].max()
    return compare_periods(
        panel, (first_night, second - pd.Timedelta(days=1)), (second, last_night)
    )
