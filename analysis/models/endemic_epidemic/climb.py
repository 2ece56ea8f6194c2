"""Damped Newton steps up the (penalised) likelihood."""

from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.components import Indices
from analysis.models.endemic_epidemic.likelihood import Evaluation, Likelihood
from analysis.models.endemic_epidemic.neighbours import STEEPEST

#: A fit counts as settled when max |score_i| se_i is below the first, or for the third time in
#: vain below the second: with counts beyond a million rounding keeps it above the first.
SETTLED: Final = (1e-9, 1e-7)
#: Dispersions above this are kept there.
LARGE_ALPHA: Final = 1e4
#: An eigenvalue of the scaled information below this is a direction the counts say nothing about.
FLAT: Final = 1e-11


class Climb:
    """The state of a climb: where it stands, which coefficients are free, how far a step may go.

    ``near_enough``: a climb is over where a Newton step would gain no more than half of it, besides
    the usual criterion; 0.0001 is a hundredth of a standard error from the maximum.
    """

    def __init__(
        self,
        likelihood: Likelihood,
        start: Floats,
        precision: Floats | None,
        near_enough: float = 0.0,
    ) -> None:
        self.likelihood = likelihood
        self.near_enough = near_enough
        self.theta = start.astype(np.float64).copy()
        self.precision = np.zeros_like(self.theta) if precision is None else precision
        self.free = np.ones(len(start), dtype=bool)
        self.damping = 0.0
        self.near = 0
        counts = likelihood.problem.counts
        self.rounding = 1e-11 + 1e-15 * float((counts * np.log1p(counts)).sum())
        self.at: Evaluation = likelihood.evaluate(self.theta)

    @property
    def value(self) -> float:
        """The penalised log-likelihood where the climb stands."""
        return self.at.loglik - self._penalty(self.theta)

    def penalised(self, theta: Floats) -> float:
        """The penalised log-likelihood at a point."""
        return self.likelihood.loglik(theta) - self._penalty(theta)

    def _penalty(self, theta: Floats) -> float:
        """Half the weighted sum of squares of random deviations."""
        random = self.precision > 0
        return 0.5 * float((self.precision[random] * theta[random] ** 2).sum())

    @property
    def score(self) -> Floats:
        """Score of the penalised likelihood, 0 at pins."""
        random = self.precision > 0
        pull = np.zeros_like(self.theta)
        pull[random] = self.precision[random] * self.theta[random]
        return np.where(self.free, self.at.score - pull, 0.0)

    def move(self, theta: Floats) -> None:
        """Stand at another point."""
        self.theta = theta
        self.at = self.likelihood.evaluate(theta)

    def step(self) -> bool:
        """Take one damped Newton step; True once the score criterion holds."""
        free = np.flatnonzero(self.free)
        score = self.score[free]
        information = self.at.information[np.ix_(free, free)] + np.diag(self.precision[free])
        scale = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-12))
        scaled, pull = information / np.outer(scale, scale), score / scale
        value = self.value
        while True:
            factor = factorise(scaled, self.damping)
            if factor is None:
                self.damping = max(4 * self.damping, 1e-3)
                continue
            move = cho_solve(factor, pull)
            gain = float(pull @ move)
            if self.damping == 0 and gain < self.near_enough:
                return True
            if gain < 1e-9 and self._settled(scaled, pull):
                return True
            target = self.theta.copy()
            target[free] += move / scale
            self._keep_near(target)
            reached = self.penalised(target)
            # Near the top the gain drowns in rounding; the step itself is still right.
            if reached - value > 0.1 * gain - self.rounding:
                self.damping = 0.0 if self.damping < 1e-2 else self.damping / 10
                self.move(target)
                return False
            self.damping = max(4 * self.damping, 1e-3)
            if self.damping > 1e12:
                raise FitError(
                    "The endemic-epidemic likelihood rises nowhere from its start.",
                    "Check the counts for single values far above all others.",
                )

    def _keep_near(self, target: Floats) -> None:
        """Keep dispersions and the decay within reach of their bounds."""
        layout = self.likelihood.layout
        at = layout.dispersion
        target[at] = np.minimum(target[at], np.log(LARGE_ALPHA) + 1)
        if layout.decay >= 0:
            target[layout.decay] = np.clip(target[layout.decay], -STEEPEST - 1, STEEPEST + 1)

    def _settled(self, scaled: Floats, pull: Floats) -> bool:
        """Whether max |score| se is small at a maximum; a flat direction is an error."""
        if not scaled.size:
            return True  # every coefficient stands at its bound
        values, vectors = np.linalg.eigh(scaled)
        if abs(values[0]) < FLAT:
            raise _flat_direction(self.likelihood, np.flatnonzero(self.free), vectors[:, 0])
        if values[0] < 0:
            return False
        errors = np.sqrt(((vectors / np.sqrt(values)) ** 2).sum(axis=1))
        criterion = float((np.abs(pull) * errors).max(initial=0.0))
        self.near += criterion < SETTLED[1]
        return criterion < SETTLED[0] or self.near > 2

    def try_zero(self, frozen: Indices, positions: Indices) -> bool:
        """Stand at -inf in some coefficients if the likelihood is no lower there."""
        target = self.theta.copy()
        target[positions] = -np.inf
        reached = self.penalised(target)
        if not reached >= self.value - 1e-9:
            return False
        self.free[frozen] = False
        self.move(target)
        return True

    def raise_from_zero(self, position: int, starts: Floats, frozen: Indices) -> bool:
        """Move one coefficient up from -inf to the first start where the likelihood is higher."""
        value = self.value
        for start in starts:
            target = self.theta.copy()
            target[position] = start
            if self.penalised(target) > value + 1e-8:
                self.free[frozen] = True
                self.move(target)
                return True
        return False


def factorise(matrix: Floats, damping: float) -> tuple[Floats, bool] | None:
    """Cholesky factor of a matrix with a damped diagonal; None if it is not positive definite."""
    try:
        damped = matrix + damping * np.eye(len(matrix))
        factor: tuple[Floats, bool] = cho_factor(damped, lower=True)
    except np.linalg.LinAlgError:
        return None
    return factor


def _flat_direction(likelihood: Likelihood, free: Indices, direction: Floats) -> FitError:
    """The error for coefficients that the counts cannot tell apart."""
    loud = free[np.abs(direction) > 0.3 * np.abs(direction).max()]
    names = likelihood.problem.names or [f"column {k}" for k in range(likelihood.layout.size)]
    told = ", ".join(names[position] for position in loud[:5])
    return FitError(
        f"The counts cannot tell these coefficients apart: {told}.",
        "Leave one of the terms out, take fewer knots, or choose a period with fewer gaps.",
    )
