"""Maximise the likelihood: damped Newton steps, and parts that the counts want to be 0.

A component (or one unit of it) whose best contribution is 0 has its intercept at minus infinity, a
dispersion that prefers Poisson its logarithm. Such coefficients are pinned there, the others go on,
and at the end every pin must have a slope of the right sign or is taken out again.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from analysis.errors import FitError
from analysis.models.endemic_epidemic.likelihood import Evaluation, Indices, Likelihood
from analysis.models.endemic_epidemic.neighbours import STEEPEST
from analysis.inference.nb2 import Floats

STEPS = 300
#: A fit counts as settled when max |score_i| se_i is below this.
SETTLED = 1e-9
#: A part below this share of all counts is tried at 0.
SMALL_PART = 0.02
#: Dispersions below this are tried at 0, those above the second are kept there.
SMALL_ALPHA, LARGE_ALPHA = 1e-3, 1e4
#: An eigenvalue of the scaled information below this is a direction the counts say nothing about.
FLAT = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the likelihood is highest.

    Attributes
    ----------
    theta : Floats
        Shape (k,); -inf for parts and dispersions at 0.
    free : NDArray[np.bool_]
        Shape (k,): coefficients not pinned.
    loglik : float
        Without penalty.
    score : Floats
        Shape (k,), of the penalised likelihood; 0 at pinned coefficients.
    information : Floats
        Observed information without penalty, shape (k, k).
    covariance : Floats
        Inverse of the penalised information of the free coefficients, shape (k, k); NaN at pins.
    criterion : float
        max |score_i| se_i over the free coefficients.
    """

    theta: Floats
    free: NDArray[np.bool_]
    loglik: float
    score: Floats
    information: Floats
    covariance: Floats
    criterion: float


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of the mean that can vanish: a component, or one unit's share of it.

    Attributes
    ----------
    component : int
    unit : int or None
        None is the whole component.
    at : int
        Position of its intercept.
    frozen : Indices
        Positions that mean nothing once it is 0, its intercept included.
    """

    component: int
    unit: int | None
    at: int
    frozen: Indices


def maximise(likelihood: Likelihood, start: Floats, precision: Floats | None = None) -> Maximum:
    """Climb to the maximum of the (penalised) likelihood.

    Parameters
    ----------
    likelihood : Likelihood
    start : Floats
        Shape (k,), a point where the likelihood is finite.
    precision : Floats, optional
        Shape (k,): penalty ``-precision theta**2 / 2``; 0 for fixed effects.

    Returns
    -------
    Maximum

    Raises
    ------
    FitError
        If the climb does not settle, or a direction is flat.
    """
    climb = _Climb(likelihood, start, precision)
    for _ in range(STEPS):
        climb.pin()
        settled = climb.step()
        if settled and not climb.release():
            return climb.maximum()
    raise FitError(
        f"The endemic-epidemic fit did not settle in {STEPS} steps.",
        "Take fewer terms, or a longer period.",
    )


def evaluate_at(likelihood: Likelihood, theta: Floats, precision: Floats | None = None) -> Maximum:
    """Take given coefficients for the maximum; -inf marks parts at 0."""
    climb = _Climb(likelihood, theta, precision)
    climb.free = np.isfinite(theta)
    for part in climb.parts:
        if np.isneginf(theta[part.at]):
            climb.free[part.frozen] = False
    return climb.maximum(strict=False)


class _Climb:
    """The state of a climb: where it stands, what is pinned, how far it trusts a step."""

    def __init__(self, likelihood: Likelihood, start: Floats, precision: Floats | None) -> None:
        self.likelihood = likelihood
        self.theta = start.astype(np.float64).copy()
        self.precision = np.zeros_like(self.theta) if precision is None else precision
        self.free = np.ones(len(start), dtype=bool)
        self.parts = vanishing_parts(likelihood)
        self.pinned: set[int] = set()
        self.damping = 0.0
        self.released: dict[int, int] = {}
        self.refused: dict[int, float] = {}
        self.at: Evaluation = likelihood.evaluate(self.theta)
        self.counted = float(likelihood.problem.counts.sum())

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
        value = self.at.loglik - self._penalty(self.theta)
        while True:
            factor = _factor(scaled, self.damping)
            if factor is None:
                self.damping = max(4 * self.damping, 1e-3)
                continue
            move = cho_solve(factor, pull)
            gain = float(pull @ move)
            if gain < 1e-9 and self._settled(scaled, pull):
                return True
            target = self.theta.copy()
            target[free] += move / scale
            self._keep_near(target)
            reached = self.penalised(target)
            # Near the top the gain drowns in rounding; the step itself is still right.
            noise = 1e-11 * (1 + abs(value))
            if reached - value > 0.1 * gain - noise:
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
        values, vectors = np.linalg.eigh(scaled)
        if abs(values[0]) < FLAT:
            raise _flat_direction(self.likelihood, np.flatnonzero(self.free), vectors[:, 0])
        if values[0] < 0:
            return False
        errors = np.sqrt(((vectors / np.sqrt(values)) ** 2).sum(axis=1))
        return bool((np.abs(pull) * errors).max(initial=0.0) < SETTLED)

    def pin(self) -> None:
        """Put parts and dispersions to 0 where the likelihood is no lower there."""
        self._pin_parts()
        layout = self.likelihood.layout
        for position in layout.dispersion:
            alpha = self.theta[position]
            if not self.free[position]:
                continue
            if alpha > np.log(LARGE_ALPHA):
                target = self.theta.copy()
                target[position] = np.log(LARGE_ALPHA)
                self.free[position] = False
                self.move(target)
            elif alpha < np.log(SMALL_ALPHA) and self.at.score[position] <= 0:
                self._try(np.array([position]), np.array([position]))
        if layout.decay >= 0 and self.free[layout.decay]:
            self._pin_decay(layout.decay)

    def _pin_decay(self, position: int) -> None:
        """Keep the exponent of the power law where it can be told from first order."""
        if abs(self.theta[position]) > STEEPEST:
            target = self.theta.copy()
            target[position] = np.sign(target[position]) * STEEPEST
            self.move(target)
            self.free[position] = False

    def _pin_parts(self) -> None:
        """Try small parts with a falling slope at 0: all of them at once, else one by one."""
        means = self.likelihood.parts(self.theta)
        tried = []
        for number, part in enumerate(self.parts):
            if number in self.pinned or self.released.get(number, 0) > 2:
                continue
            mean = means[part.component]
            share = float((mean if part.unit is None else mean[:, part.unit]).sum())
            small = share < SMALL_PART * max(self._own_counts(part), 1e-300)
            if share > self.refused.get(number, np.inf) / 3 > 0:
                continue  # not much smaller than when it was tried in vain
            if share == 0.0 or (small and self.at.score[part.at] < 0):
                tried.append(number)
        if len(tried) > 1 and self._try_parts(tried):
            return
        for number in tried:
            if not self._try_parts([number]):
                part = self.parts[number]
                mean = means[part.component]
                share = (mean if part.unit is None else mean[:, part.unit]).sum()
                self.refused[number] = float(share)

    def _try_parts(self, numbers: list[int]) -> bool:
        """Pin parts if the likelihood is no lower without them."""
        positions = np.array([self.parts[number].at for number in numbers])
        frozen = np.concatenate([self.parts[number].frozen for number in numbers])
        if not self._try(frozen, positions):
            return False
        self.pinned |= set(numbers)
        self._freeze_empty()
        return True

    def _freeze_empty(self) -> None:
        """Freeze what is left of a component all of whose units are at 0."""
        units: dict[int, list[bool]] = {}
        for number, part in enumerate(self.parts):
            if part.unit is not None:
                units.setdefault(part.component, []).append(number in self.pinned)
        for component, pinned in units.items():
            if all(pinned):
                self.free[self.likelihood.layout.components[component]] = False

    def _own_counts(self, part: Part) -> float:
        """Counts that a part is measured against."""
        counts = self.likelihood.problem.counts
        return self.counted if part.unit is None else float(counts[:, part.unit].sum())

    def _try(self, frozen: Indices, positions: Indices) -> bool:
        """Stand at -inf in some coefficients if the likelihood is no lower there."""
        target = self.theta.copy()
        target[positions] = -np.inf
        reached = self.penalised(target)
        value = self.at.loglik - self._penalty(self.theta)
        if not reached >= value - 1e-9:
            return False
        self.free[frozen] = False
        self.move(target)
        return True

    def release(self) -> bool:
        """Take out pins whose slope points upwards; True if there was one."""
        found = False
        for number in sorted(self.pinned):
            found |= self._release_part(number)
        problem, layout = self.likelihood.problem, self.likelihood.layout
        if problem.groups is None:
            return found
        mean = self.likelihood.mean(self.theta)
        slopes = np.where(problem.seen, (problem.counts - mean) ** 2 - problem.counts, 0.0)
        by_group = np.bincount(problem.groups, slopes.sum(axis=0))
        for position, slope in zip(layout.dispersion, by_group, strict=True):
            if np.isneginf(self.theta[position]) and slope > 1e-7 * (1 + self.counted):
                found |= self._raise(position, np.log([1e-2, 1e-4, 1e-6]), np.array([position]))
        return found

    def _release_part(self, number: int) -> bool:
        """Take one part out of its pin if that helps."""
        part = self.parts[number]
        target = self.theta.copy()
        target[part.at] = 0.0
        mean = self.likelihood.parts(target)[part.component]
        mean = mean if part.unit is None else mean[:, [part.unit]]
        share = float(mean.sum())
        if share <= 0:
            return False
        starts = np.log(np.array([1e-2, 1e-3, 1e-5, 1e-7]) * self._own_counts(part) / share)
        if not self._raise(part.at, starts[np.isfinite(starts)], part.frozen):
            return False
        self.pinned.discard(number)
        self.released[number] = self.released.get(number, 0) + 1
        return True

    def _raise(self, position: int, starts: Floats, frozen: Indices) -> bool:
        """Move one coefficient up from -inf to the first start where the likelihood is higher."""
        value = self.at.loglik - self._penalty(self.theta)
        for start in starts:
            target = self.theta.copy()
            target[position] = start
            if self.penalised(target) > value + 1e-8:
                self.free[frozen] = True
                self.move(target)
                return True
        return False

    def maximum(self, strict: bool = True) -> Maximum:
        """Sum up where the climb stands."""
        free = np.flatnonzero(self.free)
        covariance = np.full((len(self.theta), len(self.theta)), np.nan)
        information = self.at.information[np.ix_(free, free)] + np.diag(self.precision[free])
        factor = _factor(information, 0.0)
        if factor is not None:
            covariance[np.ix_(free, free)] = cho_solve(factor, np.eye(len(free)))
        elif strict:
            raise AssertionError("a maximum has a positive definite information")
        errors = np.sqrt(np.diag(covariance))
        terms = np.abs(self.score[free]) * errors[free]
        return Maximum(
            theta=self.theta,
            free=self.free,
            loglik=self.at.loglik,
            score=self.score,
            information=self.at.information,
            covariance=covariance,
            criterion=float(terms.max(initial=0.0)),
        )


def vanishing_parts(likelihood: Likelihood) -> list[Part]:
    """List the parts of the mean that have an intercept of their own."""
    parts = []
    problem, layout = likelihood.problem, likelihood.layout
    for number, (component, index) in enumerate(
        zip(problem.components, layout.components, strict=True)
    ):
        if component.intercept:
            frozen = index
            if problem.power is not None and number == problem.power_at:
                frozen = np.append(index, layout.decay)
            parts.append(Part(number, None, int(index[0]), frozen))
        elif component.per_unit:
            units = index[-component.base.shape[1] :]
            parts += [
                Part(number, unit, int(position), np.array([position]))
                for unit, position in enumerate(units)
            ]
    return parts


def _factor(matrix: Floats, damping: float) -> tuple[Floats, bool] | None:
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
