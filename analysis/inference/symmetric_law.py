"""The law of an estimate over its standard error, known by its quantiles and symmetric about 0."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm, t

from analysis.errors import FitError
from analysis.inference.nb2 import Floats

#: Where a simulated law keeps its quantiles; those far out only if draws enough lie beyond them.
PROBABILITIES: Final = np.array(
    [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99, 0.995, 0.999, 0.9995, 0.9999]
)
#: Draws that must lie beyond the outermost quantile, on both sides together.
BEYOND: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class SymmetricLaw:
    """A distribution symmetric about 0, between whose quantiles normal scores are interpolated.

    Attributes
    ----------
    probabilities : Floats
        Shape (j,), ascending from 0.5.
    quantiles : Floats
        Shape (j,), ascending from 0.
    remaining_df : float
        Degrees of freedom that remain where imputations take some away; infinite: all. Quantiles
        grow as those of Student's t do from `equivalent_df` to these.
    """

    probabilities: Floats
    quantiles: Floats
    remaining_df: float = np.inf

    @classmethod
    def of_draws(cls, statistics: Floats) -> Self:
        """Read the law off draws of the statistic, shape (m,); the sign of a draw is chance.

        Examples
        --------
        >>> law = SymmetricLaw.of_draws(np.random.default_rng(1).standard_normal(100_000))
        >>> round(law.quantile(0.975), 2)
        1.95
        """
        two_sided = 2 * PROBABILITIES - 1
        kept = (1 - two_sided) * len(statistics) >= BEYOND
        quantiles = np.quantile(np.abs(statistics), two_sided[kept])
        quantiles[0] = 0.0
        return cls(PROBABILITIES[kept], quantiles)

    @property
    def surest(self) -> float:
        """The largest probability it tells."""
        return float(self.probabilities[-1])

    @property
    def equivalent_df(self) -> float:
        """Degrees of freedom of the Student t with the same quantile at 97.5 %.

        It carries inference to where degrees of freedom are asked for. At least 0.37: fewer would
        widen intervals that reach over everything already.
        """
        quantile = float(self._complete(norm.ppf(0.975)))
        if quantile - norm.ppf(0.975) < 1e-6:
            return np.inf
        if quantile >= t.ppf(0.975, np.exp(-1.0)):
            return float(np.exp(-1.0))
        return float(
            np.exp(brentq(lambda log_df: t.ppf(0.975, np.exp(log_df)) - quantile, -1.0, 20.0))
        )

    def widened(self, df: float) -> "SymmetricLaw":
        """Return the law that is left with ``df`` of its `equivalent_df`."""
        if df >= self.equivalent_df:
            return self
        return SymmetricLaw(self.probabilities, self.quantiles, df)

    def scaled(self, factor: float) -> "SymmetricLaw":
        """Return the law of ``factor`` times the statistic."""
        return SymmetricLaw(self.probabilities, factor * self.quantiles, self.remaining_df)

    def quantile(self, probability: float) -> float:
        """Quantile at a probability of at least 0.5.

        Raises
        ------
        FitError
            If the probability lies outside what is known.
        """
        if not 0.5 <= probability <= self.surest:
            raise FitError(
                f"Quantiles are known between 0.5 and {self.surest:g}, not at {probability:g}.",
                f"Ask for a level between 0 and {2 * self.surest - 1:.4g}.",
            )
        return float(self.at_scores(np.array([norm.ppf(probability)]))[0])

    def at_scores(self, scores: Floats) -> Floats:
        """Quantiles at normal scores >= 0, shape (m,); beyond what is known, the last."""
        complete = self._complete(scores)
        if np.isinf(self.remaining_df):
            return complete
        # At 0 both quantiles are 0, and their ratio is that just above.
        probability = norm.cdf(np.clip(scores, 1e-6, norm.ppf(self.surest)))
        ratio = t.ppf(probability, self.remaining_df) / t.ppf(probability, self.equivalent_df)
        widened: Floats = complete * ratio
        return widened

    def probability(self, statistic: float) -> float:
        """Distribution function, kept between ``1 - surest`` and ``surest``."""
        upper = self._above_half(abs(statistic))
        return upper if statistic >= 0 else 1 - upper

    def _above_half(self, size: float) -> float:
        """Distribution function at ``size`` >= 0."""
        if np.isinf(self.remaining_df):
            scores = norm.ppf(self.probabilities)
            return float(norm.cdf(np.interp(size, self.quantiles, scores)))

        def over(score: float) -> float:
            return self.quantile(min(float(norm.cdf(score)), self.surest)) - size

        last = float(norm.ppf(self.surest))
        return self.surest if over(last) <= 0 else float(norm.cdf(brentq(over, 0.0, last)))

    def _complete(self, scores: Floats) -> Floats:
        """Quantiles at normal scores before degrees of freedom are taken away."""
        return np.interp(scores, norm.ppf(self.probabilities), self.quantiles)
