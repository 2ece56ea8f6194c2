"""The codebook of data/eigenvalues.csv and data/reciprocity.csv: what takes minutes to compute."""

from typing import Final

from analysis.codebook import fields as book
from analysis.codebook.fields import Json

EIGENVALUES: Final = "eigenvalues.csv"
EIGENVALUES_KEY: Final = ("night", "trend")
EIGENVALUES_COLUMNS: Final = (
    *EIGENVALUES_KEY,
    *("eigenvalue", "lower", "upper", "level", "allocation_share", "regions", "verdict", "inputs"),
)
RECIPROCITY: Final = "reciprocity.csv"
RECIPROCITY_KEY: Final = ("side", "lag")
RECIPROCITY_COLUMNS: Final = (
    *("side", "other", "lag", "ratio", "share", "statistic", "best_lag", "p_value"),
    *("replicates", "critical", "nights", "start", "end"),
)
TRENDS: Final = ("none", "smooth")
VERDICTS: Final = ("above 1", "not shown to exceed 1")
SIDES: Final = ("over Russia", "over Ukraine")


def describe_eigenvalues() -> Json:
    """Describe the table of rolling eigenvalues.

    Examples
    --------
    >>> describe_eigenvalues()["path"]
    'eigenvalues.csv'
    """
    fields = [
        book.date("night", "Last night of a window of 180 nights, by the date of its morning."),
        book.choice("trend", "Whether the background of all regions may move smoothly, with a knot "
                "per 60 nights.", TRENDS),
        book.number("eigenvalue", "Dominant eigenvalue of the epidemic part: how many claims one "
                "claim brings the night after, over all regions."),
        book.number("lower", "Lower end of its interval, which holds sampling and how open "
                "counts fall on regions (10 draws): parametric bootstrap on the log scale, near 0 "
                "quantiles over drawn parameters."),
        book.number("upper", "Upper end."),
        book.number("level", "Level of the interval.", maximum=1),
        book.number("allocation_share", "Share of the variance behind it that lies between draws "
                "of open counts.", maximum=1),
        book.whole("regions", "Regions with claims on at least 10 nights of the window.",
                minimum=1),
        book.choice("verdict", "Above 1 only where the lower end is above 1 in 14 windows running.",
                VERDICTS),
        book.text("inputs", "First 16 digits of the sha256 of the counts the windows were cut "
                "from.", required=True),
    ]  # fmt: skip
    about = (
        "Endemic-epidemic models in windows of 180 nights, one a night, of the period in "
        "which bulletins are the rule: a background for each region and weekday, last night's own "
        "and neighbouring claims. Made by tests/studies/escalation_tables.py."
    )
    title = "Eigenvalue over time"
    return book.table(
        "eigenvalues", EIGENVALUES, title, about, fields, EIGENVALUES_COLUMNS, EIGENVALUES_KEY
    )


def describe_reciprocity() -> Json:
    """Describe the table of the test whether one side follows the other.

    Examples
    --------
    >>> describe_reciprocity()["path"]
    'reciprocity.csv'
    """
    fields = [
        book.choice("side", "The side whose nightly total is explained: claimed as intercepted or "
                "suppressed over Russia, or as launched over Ukraine.", SIDES),
        book.choice("other", "The other side.", SIDES),
        book.whole("lag", "How many nights before the other side's total lies.", minimum=1),
        book.number("ratio", "Likelihood ratio of adding it; 0 where it helps in no way."),
        book.number("share", "Share of the side's drones that it would then explain.", maximum=1),
        book.number("statistic", "The largest ratio over the lags of this direction."),
        book.whole("best_lag", "Its lag.", minimum=1),
        book.number("p_value", "Share of simulated pairs, in which neither side follows the other, "
                "with as large a statistic (parametric bootstrap).", maximum=1),
        book.whole("replicates", "Simulated pairs.", minimum=1),
        book.number("critical", "95 % quantile of their statistics."),
        book.whole("nights", "Nights that entered.", minimum=1),
        book.date("start", "First night of the period."),
        book.date("end", "Last night of the period."),
    ]  # fmt: skip
    about = (
        "Whether the nightly total of one side follows that of the other 1 to 7 nights before. Own "
        "last night, own week, weekdays and a smooth trend (a knot per 30 nights) are allowed for. "
        "It is an order in time, not a cause. Made by tests/studies/escalation_tables.py."
    )
    return book.table(
        "reciprocity",
        RECIPROCITY,
        "Does one side follow the other",
        about,
        fields,
        RECIPROCITY_COLUMNS,
        RECIPROCITY_KEY,
    )
