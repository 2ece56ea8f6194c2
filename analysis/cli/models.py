"""The commands that fit models."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.cli.options import (
    Data,
    Direction,
    DirectionOption,
    Json,
    Regions,
    Silence,
    SilenceOption,
    Since,
    Until,
    read_panel,
    region_slugs,
)
from analysis.cli.output import (
    plain,
    print_json,
    print_note,
    print_text,
    records,
    uncertainty_held,
)
from analysis.errors import FitError
from analysis.vocabulary import CAVEAT

if TYPE_CHECKING:
    import pandas as pd

    from analysis.models import TrendResults

models = typer.Typer()


class Family(StrEnum):
    """The law of a count around its mean."""

    negbin = "negbin"
    poisson = "poisson"


@models.command(
    epilog="Example: interceptions trend --since 2025-01-01 --knot 2025-07-01 --weekday --json"
)
def trend(
    region: Annotated[str, typer.Option("--region", help="A region by slug or name, or all.")] = (
        "all"
    ),
    weekday: Annotated[bool, typer.Option("--weekday", help="An effect for each weekday.")] = False,
    harmonics: Annotated[
        list[str] | None,
        typer.Option("--harmonics", help="Period in nights and number of waves, as 365.25,1."),
    ] = None,
    shift: Annotated[
        list[str] | None, typer.Option("--shift", help="First night at a new level; repeatable.")
    ] = None,
    knot: Annotated[
        list[str] | None, typer.Option("--knot", help="First night at a new slope; repeatable.")
    ] = None,
    family: Annotated[Family, typer.Option("--family", help="Law of a count.")] = Family.negbin,
    bootstrap: Annotated[
        bool, typer.Option("--bootstrap", help="Intervals by refits to blocks of nights.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="For the bootstrap.")] = 0,
    since: Since = None,
    until: Until = None,
    direction: DirectionOption = Direction.on_russia,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Fit the growth of nightly claims, under both readings of silent nights."""
    from analysis.models import fit_trend
    from analysis.models.rank_trend import rank_trend

    nights = read_panel(data, regions=[region], direction=direction.value)
    pairs = [_pair(text) for text in harmonics or []]
    rows = []
    for reading in Silence:
        period: dict[str, Any] = {"silence": reading.value, "start": since, "end": until}
        fit = fit_trend(
            nights,
            **period,
            weekday=weekday,
            harmonics=pairs,
            shifts=shift or [],
            knots=knot or [],
            family=family.value,
            intervals="bootstrap" if bootstrap else "fixed-b",
            rng=seed,
        )
        ranks = rank_trend(nights, **period)
        if json_:
            rows.append({**_trend_document(fit), "ranks": records(ranks.tidy())[0]})
            continue
        print_text(
            f"Silent nights read as {fit.silence}, {fit.start:%Y-%m-%d} to {fit.end:%Y-%m-%d}:"
        )
        print_text(f"  {fit.words()}")
        for quantity in records(_others(fit)):
            print_text(
                "  {quantity}: {estimate:.2f} ({lower:.2f} to {upper:.2f})".format(**quantity)
            )
        print_text(f"  {ranks.words()}")
    if json_:
        print_json(rows)
        return
    print_note(CAVEAT)


@models.command(epilog="Example: interceptions fit ingarch --region belgorod --horizon 3 --json")
def fit(
    model: Annotated[str, typer.Argument(help="trend, ingarch, endemic-epidemic or local-level.")],
    region: Regions = None,
    since: Since = None,
    until: Until = None,
    silence: SilenceOption = Silence.missing,
    direction: DirectionOption = Direction.on_russia,
    horizon: Annotated[
        int, typer.Option("--horizon", min=0, help="Nights to forecast after the period.")
    ] = 0,
    draws: Annotated[
        int,
        typer.Option(
            "--draws", min=0, help="Draws of how open counts fall on regions, a fit each; 0: none."
        ),
    ] = 0,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Fit a model to a region, several, or the total: parameters, checks, forecast."""
    from analysis.checks import checks
    from analysis.models.registry import MODELS, Period, fit_draws, fit_model

    if model not in MODELS:
        raise FitError(f"There is no model {model!r}.", f"Choose one of {', '.join(MODELS)}.")
    slugs = region_slugs(region) or []
    panel = read_panel(data, draws=draws, direction=direction.value)
    fitted = fit_draws if draws else fit_model
    results: Any = fitted(model, panel, slugs, Period(since, until, silence.value))
    tables = {"params": results.tidy(), "checks": checks(results)}
    if horizon:
        tables["forecast"] = results.get_forecast(horizon).table()
    nights = results.endog.index
    document: dict[str, Any] = {
        "model": model,
        "title": MODELS[model].title,
        "regions": list(getattr(results.endog, "columns", slugs or ["all"])),
        "silence": silence.value,
        "draws": draws,
        "first_night": f"{nights[0]:%Y-%m-%d}",
        "last_night": f"{nights[-1]:%Y-%m-%d}",
    }
    if json_:
        found = {name: records(table) for name, table in tables.items()}
        print_json({**document, "fit": records(results.glance())[0], **found})
        return
    print_text(
        f"{document['title']}, {', '.join(document['regions'])}, {document['first_night']} to "
        f"{document['last_night']}, silent nights read as {silence.value}"
    )
    for table in (results.glance().iloc[:, :10], *tables.values()):
        print_text("\n" + plain(table).to_string(index=False, na_rep=""))
    print_note(f"{uncertainty_held(draws)} {CAVEAT}")


def _pair(text: str) -> tuple[float, int]:
    """Period and number of waves from "365.25,2"."""
    period, _, number = text.partition(",")
    try:
        return float(period), int(number or "1")
    except ValueError:
        raise FitError(
            f"--harmonics {text!r} is no period and number of waves.", "Write it as 365.25,2."
        ) from None


def _others(fit: "TrendResults") -> "pd.DataFrame":
    """What the summary holds besides growth, doubling and level."""
    table = fit.summary().reset_index()
    return table[table["quantity"].str.startswith("ratio_")]


def _trend_document(fit: "TrendResults") -> dict[str, Any]:
    """A trend as plain values; a doubling time without end is null."""
    return {
        **records(fit.glance())[0],
        "quantities": records(fit.summary().reset_index()),
        "segments": records(fit.segments()),
        "params": records(fit.tidy()),
    }
