"""Whether one side's nights follow the other's: estimates, a test, and words for it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: p-values below this are called evidence.
SIGNIFICANT: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class ReciprocityResults:
    """Two tests, one for each direction.

    Attributes
    ----------
    ratios : pd.DataFrame
        ``side`` (explained), ``other``, ``lag`` (nights), ``ratio`` (likelihood ratio 2 (l1 - l0);
        0 where the other side's nights help in no way), ``share`` (of the side's counts that the
        other's nights would explain at that lag).
    tests : pd.DataFrame
        One row per direction: ``side``, ``other``, ``statistic`` (largest ratio), ``lag`` (where),
        ``p_value`` (parametric bootstrap), ``replicates``, ``nights`` (that entered), ``critical``
        (95 % quantile of the bootstrap).
    start, end : pd.Timestamp
        First and last night of the period.
    """

    ratios: pd.DataFrame
    tests: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp

    def summary(self) -> pd.DataFrame:
        """The tests by direction."""
        return self.tests.set_index(["side", "other"])

    def tidy(self) -> pd.DataFrame:
        """The likelihood ratios, one row per direction and lag."""
        return self.ratios.copy()

    def words(self) -> str:
        """One sentence per direction; "follows" is an order in time, not a cause."""
        return " ".join(sentence(row) for _, row in self.tests.iterrows())

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the likelihood ratios by lag with each direction's 95 % critical value."""
        from analysis.plotting import BOUNDED, EXACT, new_axes

        ax = new_axes() if ax is None else ax
        for number, (colour, (_, test)) in enumerate(
            zip((EXACT, BOUNDED), self.tests.iterrows(), strict=True)
        ):
            rows = self.ratios[self.ratios["side"] == test["side"]]
            label = f"{test['side']} following {test['other']}"
            ax.bar(
                rows["lag"] + (number - 0.5) * 0.36, rows["ratio"], 0.34, color=colour, label=label
            )
            ax.axhline(test["critical"], color=colour, linestyle="--")
        ax.set(xlabel="Lag in nights", ylabel="Likelihood ratio")
        ax.set_ylim(bottom=0)
        ax.legend(frameon=False)
        return ax


def sentence(test: pd.Series) -> str:
    """Say what one direction's test found; a row of `ReciprocityResults.tests`."""
    p = float(test["p_value"])
    told = f"p {'< 0.001' if p < 0.001 else f'= {p:.2g}'}, {int(test['nights'])} nights"
    if p < SIGNIFICANT:
        night = "night" if test["lag"] == 1 else "nights"
        return (
            f"The number {test['side']} follows the number {test['other']} at a distance of "
            f"{int(test['lag'])} {night} ({told})."
        )
    return (
        f"That the number {test['side']} follows the number {test['other']} is not shown ({told})."
    )


def p_value(found: int, replicates: int) -> float:
    """Return ``(1 + found) / (replicates + 1)``, which is never 0.

    Examples
    --------
    >>> p_value(0, 99), p_value(99, 99)
    (0.01, 1.0)
    """
    return (1 + found) / (replicates + 1)
