"""What every forecast of counts can be asked."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats

#: Quantiles are looked for below this; the forecasts of no night get near it.
LARGEST: Final = 2.0**53
#: Intervals that `CountForecast.table` shows.
LEVELS: Final = (0.5, 0.8, 0.95)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CountForecast(ABC):
    """A predictive distribution over whole numbers >= 0 for each of several nights.

    Attributes
    ----------
    nights : pd.Index, optional
        Labels of the first axis, such as the nights of the horizon.
    regions : pd.Index, optional
        Labels of the second axis.

    Notes
    -----
    ``shape`` is (horizon,) or (horizon, regions), or () for a single count. Counts ``k`` are
    broadcast against it: ``prob(np.arange(50)[:, np.newaxis])`` has shape (50, horizon).
    """

    nights: pd.Index | None = None
    regions: pd.Index | None = None

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """Of the distributions."""

    @property
    @abstractmethod
    def mean(self) -> Floats:
        """Expected counts, of the forecast's shape."""

    @property
    @abstractmethod
    def variance(self) -> Floats:
        """Variances, of the forecast's shape."""

    @abstractmethod
    def logprob(self, k: ArrayLike) -> Floats:
        """Log probability of the count ``k``; -inf where it is impossible or no whole number."""

    @abstractmethod
    def cdf(self, k: ArrayLike) -> Floats:
        """Probability of at most ``k``; 0 below 0."""

    @abstractmethod
    def sample(self, n: int, rng: np.random.Generator | int) -> NDArray[np.int64]:
        """Draw ``n`` counts from each distribution, shape (n, *shape)."""

    @abstractmethod
    def _part(self, key: Any) -> Self:  # noqa: ANN401 - whatever indexes an array
        """The distributions at ``key``, without labels."""

    def prob(self, k: ArrayLike) -> Floats:
        """Probability of the count ``k``."""
        return np.exp(self.logprob(k))

    def quantile(self, q: ArrayLike) -> NDArray[np.int64]:
        """Return the smallest count with ``cdf >= q``.

        Parameters
        ----------
        q : float or array of shape (...)
            Probabilities inside (0, 1).

        Returns
        -------
        NDArray[np.int64]
            Shape (*q.shape, *shape).

        Raises
        ------
        FitError
            If a probability is not inside (0, 1), or a quantile lies beyond 2**53.
        """
        asked = np.asarray(q, dtype=float)
        if not ((asked > 0) & (asked < 1)).all():
            raise FitError(f"q is {q!r}.", "Give probabilities between 0 and 1, as 0.975.")
        if not self.shape:
            return self[np.newaxis].quantile(q)[..., 0]
        low, high = (ends.ravel() for ends in self._bracket(asked))
        cells = int(np.prod(self.shape))
        target = np.repeat(asked.ravel(), cells)

        def enough(at: NDArray[np.intp], k: Floats) -> NDArray[np.bool_]:
            """Whether at most ``k`` has the probability asked, for some of the quantiles."""
            part = self._part(np.unravel_index(at % cells, self.shape))
            return np.asarray(part.cdf(k) >= target[at])

        # cdf(low) < q <= cdf(high) throughout; where they are neighbours all is known.
        at = np.flatnonzero(high - low > 1)
        while len(at := at[~enough(at, high[at])]):
            low[at], high[at] = high[at], 2 * high[at]
            if high.max() > LARGEST:
                raise FitError(
                    "A quantile of the forecast lies beyond 2**53.", "Ask for a shorter horizon."
                )
        while len(at := np.flatnonzero(high - low > 1)):
            middle = np.floor((low[at] + high[at]) / 2)
            found = enough(at, middle)
            high[at], low[at] = np.where(found, middle, high[at]), np.where(found, low[at], middle)
        return high.reshape(asked.shape + self.shape).astype(np.int64)

    def _bracket(self, asked: Floats) -> tuple[Floats, Floats]:
        """Counts below a quantile, and guesses from it on; neighbours where it is known.

        Each of shape (*asked.shape, *shape).
        """
        spread = np.ceil(self.mean + 4 * np.sqrt(self.variance) + 4)
        high = np.broadcast_to(spread, asked.shape + self.shape).copy()
        return np.full(high.shape, -1.0), high

    def table(self, levels: Sequence[float] = LEVELS) -> pd.DataFrame:
        """Lay the forecast out as a long table.

        Returns
        -------
        pd.DataFrame
            Columns ``night`` (or ``step`` from 1, without labels), ``region`` if there are any,
            ``mean``, ``median``, ``lower``, ``upper``, ``level``: one row for each night, region
            and level. Intervals are central: at most (1 - level) / 2 lies on either side.
        """
        shape = self.shape or (1,)
        rows = np.indices(shape).reshape(len(shape), -1)
        first = "step" if self.nights is None else "night"
        labels = np.arange(1, shape[0] + 1) if self.nights is None else self.nights
        keys: dict[str, Any] = {first: labels[rows[0]]}
        if len(shape) > 1:
            names = np.arange(shape[1]) if self.regions is None else self.regions
            keys["region"] = names[rows[1]]
        middle = {"mean": self.mean.ravel(), "median": self.quantile(0.5).ravel()}
        frames = [
            pd.DataFrame(
                {
                    **keys,
                    **middle,
                    "lower": self.quantile((1 - level) / 2).ravel(),
                    "upper": self.quantile((1 + level) / 2).ravel(),
                    "level": level,
                }
            )
            for level in levels
        ]
        return pd.concat(frames).sort_index(kind="stable").reset_index(drop=True)

    def labelled(self, nights: pd.Index | None, regions: pd.Index | None = None) -> Self:
        """Return the same forecast with labels for its axes."""
        return replace(self, nights=nights, regions=regions)

    def __getitem__(self, key: Any) -> Self:  # noqa: ANN401 - whatever indexes an array
        """Return the distributions at ``key``: ``forecast[0]``, ``forecast[:, 3]``; no labels."""
        return self._part(key)
