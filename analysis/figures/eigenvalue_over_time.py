"""The dominant eigenvalue in rolling windows, with and without a smooth background."""

from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.codebook.escalation import EIGENVALUES_COLUMNS
from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import in_words, interval_at
from analysis.plotting import BOUNDED, EXACT, INK, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Variants: name for readers and colour.
VARIANTS: Final = {
    "none": ("background that stays level in the window", BOUNDED),
    "smooth": ("background that may move smoothly", EXACT),
}
#: Coverage measured in tests/studies/endemic_epidemic_coverage.csv.
MEASURED: Final = (
    "In simulations 95 % intervals of eigenvalues cover the truth in 93 to 96 % (400 runs each; "
    "tests/studies/endemic_epidemic_coverage.csv)."
)


def table(inputs: FigureInputs) -> pd.DataFrame:
    """The stored windows, and whether the counts are still those they were cut from."""
    if inputs.eigenvalues.empty:
        return pd.DataFrame(columns=[*EIGENVALUES_COLUMNS, "current"])
    shown = inputs.eigenvalues.copy()
    shown["night"] = pd.to_datetime(shown["night"])
    return shown.assign(current=(shown["inputs"] == inputs.counts_hash).to_numpy())


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Lines with bands over the last nights of the windows, and the line at 1."""
    del options
    level = interval_at(table["level"].iloc[0])
    fig = new_figure(
        9,
        4.2,
        "How many claims one claim brings the night after",
        SOURCE,
        f"Dominant eigenvalue in windows of 180 nights, by their last night; bands: {level}s",
    )
    ax = fig.subplots()
    for name, (label, colour) in VARIANTS.items():
        rows = table[(table["trend"] == name).to_numpy()]
        night = rows["night"].to_numpy()
        ax.fill_between(night, rows["lower"], rows["upper"], color=colour, alpha=0.25, linewidth=0)
        ax.plot(night, rows["eigenvalue"], color=colour, label=label)
    ax.axhline(1.0, color=INK, linestyle="--", linewidth=1)
    ax.annotate("1: claims would keep themselves going", (0.01, 1.0), (0, 3),
                xycoords=("axes fraction", "data"), textcoords="offset points")  # fmt: skip
    ax.set(ylabel="Claims per claim", xlabel="Last night of the window")
    ax.set_ylim(0, max(1.15, 1.05 * float(table["upper"].max())))
    ax.grid(axis="y")
    ax.legend(frameon=False)
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat: the last window, and whether 1 was ever passed."""
    del options
    told = []
    for name, (label, _) in VARIANTS.items():
        rows = table[(table["trend"] == name).to_numpy()]
        if not rows.empty:
            last = rows.iloc[-1]
            told.append(
                f"{last['eigenvalue']:.2f} ({interval_at(last['level'])} "
                f"{last['lower']:.2f} to {last['upper']:.2f}) with a {label}"
            )
    over = table[(table["verdict"] == "above 1").to_numpy()]
    verdict = (
        "In no window is it shown to exceed 1"
        if over.empty
        else f"It is above 1 in {len(over)} windows, the first ending on "
        f"{in_words(over['night'].min())}"
    )
    text = (
        f"Of the drones that the Russian Ministry of Defence says were shot down, one claimed in a "
        f"night brings so many the night after, over all regions: in the 180 nights "
        f"to {in_words(table['night'].max())} {' and '.join(told)}. {verdict}: that is "
        f"said only where the lower limit is above 1 in 14 windows running. "
        f"{_spacing(table)}; intervals hold the sampling of counts and how open ones "
        f"fall on regions (parametric bootstrap on the log scale; near 0, quantiles over drawn "
        f"parameters)."
    )
    if not table["current"].all():
        text += " The record has changed since these windows were computed."
    return text


def _spacing(table: pd.DataFrame) -> str:
    """Say how far apart windows end."""
    ends = table["night"].drop_duplicates().sort_values()
    step = int(ends.diff().min().days) if len(ends) > 1 else 1
    return "A window ends every night" if step == 1 else f"Windows lie {step} nights apart"


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    return (
        f"Two lines with bands between {table['lower'].min():.2f} and {table['upper'].max():.2f}, "
        f"from {in_words(table['night'].min())} to {in_words(table['night'].max())}; a dashed "
        f"line marks 1."
    )


SPEC: Final = FigureSpec(
    "eigenvalue_over_time", "The eigenvalue over time", table, draw, describe, alt, MEASURED
)
