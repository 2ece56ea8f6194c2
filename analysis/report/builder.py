"""Build the report: figures, tables and one self-contained page."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.figures import (
    DrawnFigure,
    FigureInputs,
    FigureOptions,
    make_inputs,
    write_figures,
    write_manifest,
)
from analysis.figures.building import TABLES, Progress, decisive_versions
from analysis.figures.inputs import input_hashes
from analysis.figures.wording import in_words
from analysis.models.trend import MEASURED_COVERAGE
from analysis.panel import allocation_note
from analysis.plotting import write_table
from analysis.report.content import (
    key_numbers,
    record_table,
    region_rows,
    spread_sentence,
    trend_sentences,
    trend_table,
)
from analysis.report.svg import inline_svg
from analysis.vocabulary import CAVEAT, CHANNELS

REPORT: Final = "report.html"
TEMPLATE: Final = "report.html.j2"
#: Keeps a number and its per cent sign on one line.
UNBROKEN_PERCENT: Final = "\u00a0%"


def build_report(
    out_dir: str | Path,
    claims: pd.DataFrame | None = None,
    panel: pd.DataFrame | None = None,
    progress: Progress | None = None,
    *,
    data: str | Path | None = None,
    options: FigureOptions | None = None,
) -> Path:
    """Write report.html with every figure, table and the manifest beside it.

    Equal data and versions give equal bytes: no clock, locale or address of a machine enters.

    Parameters
    ----------
    out_dir : str or Path
        Gets report.html, manifest.json, NAME.svg and NAME.png of every figure, tables/*.csv;
        made if need be.
    claims : pd.DataFrame, optional
        By default the ledger in the data folder.
    panel : pd.DataFrame, optional
        By default built from the claims.
    progress : callable, optional
        Called as ``progress(what, done, total)``; the library itself prints nothing.
    data : str or Path, optional
        The data folder.
    options : FigureOptions, optional

    Returns
    -------
    Path
        report.html: one file that loads nothing, from the network or beside it.

    Raises
    ------
    FigureError
        If the folder cannot be written.
    """
    if progress is not None:
        progress("reading claims, building the panel", 0, 1)
    return write_report(out_dir, make_inputs(claims, panel, data=data, options=options), progress)


def write_report(
    out_dir: str | Path, inputs: FigureInputs, progress: Progress | None = None
) -> Path:
    """Write the report of inputs at hand; see `build_report`."""
    tell = progress or _silent
    figures = write_figures(out_dir, inputs, progress=progress)
    tell("tables", 0, 1)
    folder = Path(out_dir)
    files = [file for figure in figures for file in figure.files]
    files += _write_tables(folder, inputs)
    tell("page", 0, 1)
    (folder / REPORT).write_text(_page(folder, inputs, figures), "utf-8", newline="\n")
    write_manifest(folder, inputs, [*files, REPORT])
    tell("report", 1, 1)
    return folder / REPORT


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def _write_tables(folder: Path, inputs: FigureInputs) -> list[str]:
    """Write the tables that belong to no figure."""
    tables = {
        "nights_by_year": inputs.years,
        "nights_by_month": inputs.months,
        "regions": inputs.regions,
        "trend": trend_table(inputs),
    }
    for name, table in tables.items():
        write_table(table, folder / TABLES / f"{name}.csv")
    return [f"{TABLES}/{name}.csv" for name in tables]


def _page(folder: Path, inputs: FigureInputs, figures: list[DrawnFigure]) -> str:
    """Fill the template."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("analysis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(TEMPLATE).render(
        allocation=allocation_note(inputs.panel),
        caveat=CAVEAT,
        channel=CHANNELS["mod_russia"],
        claims=f"{len(inputs.claims):,}",
        coverage=MEASURED_COVERAGE,
        figures=[_shown(folder, figure) for figure in figures],
        first=in_words(inputs.totals["night"].min()),
        hashes=input_hashes(inputs),
        keys=key_numbers(inputs),
        no_trend=inputs.no_trend,
        last=in_words(inputs.totals["night"].max()),
        record=record_table(inputs, f"{TABLES}/nights_by_year.csv"),
        regions=region_rows(inputs, f"{TABLES}/regions.csv"),
        spread=spread_sentence(inputs),
        trends=trend_sentences(inputs),
        trend_csv=f"{TABLES}/trend.csv",
        versions=decisive_versions(),
    )
    return page.replace(" %", UNBROKEN_PERCENT)


def _shown(folder: Path, figure: DrawnFigure) -> dict[str, Any]:
    """Gather what the page shows of a figure."""
    from markupsafe import Markup

    name = figure.spec.name
    svg = inline_svg(
        (folder / f"{name}.svg").read_text("utf-8"), name, figure.spec.title, figure.alt
    )
    return {
        "name": name,
        "title": figure.spec.title,
        "caption": figure.caption,
        "measured": figure.spec.measured,
        "csv": f"{TABLES}/{name}.csv",
        "png": f"{name}.png",
        "svg_file": f"{name}.svg",
        # Drawn by us from numbers and escaped names: the one thing that is not escaped again.
        "svg": Markup(svg),
    }
