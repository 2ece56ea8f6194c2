"""The endemic-epidemic likelihood with its score and observed information, arrays only.

``mu[t, i] = sum_c exp(predictor_c[t, i]) base_c[t, i]``: each component multiplies something known
(last night's count, the neighbours' counts, a population) by the exponential of a linear predictor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.components import (
    Component,
    Indices,
    Problem,
    cross,
    lay_out,
)
from analysis.models.endemic_epidemic.negbin_terms import (
    CountTable,
    gamma_slopes,
    gamma_total,
    mean_slopes,
    mean_total,
    tabulate,
)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The log-likelihood with derivatives at one point.

    Attributes
    ----------
    loglik : float
        All constants; minus infinity where a count meets a mean of 0.
    score : Floats
        Shape (k,).
    information : Floats
        Minus the matrix of second derivatives, shape (k, k).
    """

    loglik: float
    score: Floats
    information: Floats


class Likelihood:
    """The log-likelihood of a problem as a function of the coefficient vector."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.layout = lay_out(problem)

    @cached_property
    def table(self) -> CountTable:
        """The counts as a table, by dispersion group."""
        units = self.problem.counts.shape[1]
        groups = self.problem.groups
        groups = np.zeros(units, dtype=np.intp) if groups is None else groups
        return tabulate(self.problem.counts, self.problem.seen, groups)

    def alphas(self, theta: Floats) -> Floats:
        """Dispersion of each group, shape (groups,); a zero for Poisson."""
        return np.exp(theta[self.layout.dispersion]) if len(self.layout.dispersion) else np.zeros(1)

    def unit_alphas(self, theta: Floats) -> Floats:
        """Dispersion of each unit, shape (units,)."""
        groups = self.problem.groups
        if groups is None:
            return np.zeros(self.problem.counts.shape[1])
        return self.alphas(theta)[groups]

    def parts(self, theta: Floats) -> list[Floats]:
        """Mean of each component, shape (n, units)."""
        return [
            component.growth(theta[index]) * self._base(number, theta)
            for number, (component, index) in enumerate(
                zip(self.problem.components, self.layout.components, strict=True)
            )
        ]

    def mean(self, theta: Floats) -> Floats:
        """The mean, shape (n, units)."""
        total: Floats = np.sum(self.parts(theta), axis=0)
        return total

    def loglik(self, theta: Floats) -> float:
        """The log-likelihood alone; minus infinity where it is not defined."""
        with np.errstate(over="ignore", invalid="ignore"):
            mean = self.mean(theta)
            total = mean_total(
                self.problem.counts, self.problem.seen, mean, self.unit_alphas(theta)
            )
        return total + gamma_total(self.table, self.alphas(theta)) + self.table.constant

    def evaluate(self, theta: Floats) -> Evaluation:
        """The log-likelihood with score and observed information."""
        parts = self.parts(theta)
        size = self.layout.size
        mean = np.sum(parts, axis=0)
        terms = mean_slopes(self.problem.counts, self.problem.seen, mean, self.unit_alphas(theta))
        if terms is None:
            return Evaluation(-np.inf, np.zeros(size), np.zeros((size, size)))
        alpha = self.alphas(theta)
        score, hessian = np.zeros(size), np.zeros((size, size))
        self._add_components(parts, (terms.d1, terms.d2), score, hessian)
        if self.problem.power is not None:
            self._add_decay(theta, parts, (terms.d1, terms.d2, terms.d1a), score, hessian)
        for part, component, index in zip(
            parts, self.problem.components, self.layout.components, strict=True
        ):
            self._add_mixed(component, index, part * terms.d1a, hessian)
        at = self.layout.dispersion
        if len(at):
            first, second = gamma_slopes(self.table, alpha)
            score[at] = first + self._by_group(terms.a1)
            hessian[at, at] = second + self._by_group(terms.a2)
        total = terms.total + gamma_total(self.table, alpha) + self.table.constant
        return Evaluation(total, score, -hessian)

    def _base(self, number: int, theta: Floats) -> Floats:
        """What a component multiplies."""
        if self.problem.power is not None and number == self.problem.power_at:
            return self.problem.power.base(float(theta[self.layout.decay]))[0]
        return self.problem.components[number].base

    def _by_group(self, units: Floats) -> Floats:
        """Sum a row of units by dispersion group."""
        groups = self.problem.groups
        if groups is None:
            raise AssertionError("Poisson has no dispersion groups")
        return np.bincount(groups, units, len(self.layout.dispersion)).astype(np.float64)

    def _add_components(
        self,
        parts: Sequence[Floats],
        slopes: tuple[Floats, Floats],
        score: Floats,
        hessian: Floats,
    ) -> None:
        """Add first and second derivatives in the coefficients of the components."""
        d1, d2 = slopes
        triples = list(zip(self.problem.components, self.layout.components, parts, strict=True))
        for number, (component, index, part) in enumerate(triples):
            pulled = part * d1
            score[index] += component.gather(pulled)
            bent = part * d2
            hessian[np.ix_(index, index)] += cross(component, component, bent * part + pulled)
            for other, other_index, other_part in triples[:number]:
                block = cross(component, other, bent * other_part)
                hessian[np.ix_(index, other_index)] += block
                hessian[np.ix_(other_index, index)] += block.T

    def _add_decay(
        self,
        theta: Floats,
        parts: Sequence[Floats],
        slopes: tuple[Floats, Floats, Floats],
        score: Floats,
        hessian: Floats,
    ) -> None:
        """Add derivatives in the exponent of the power law."""
        if self.problem.power is None:
            return
        d1, d2, d1a = slopes
        at, where = self.layout.decay, self.problem.power_at
        growth = self.problem.components[where].growth(theta[self.layout.components[where]])
        base = self.problem.power.base(float(theta[at]))
        tilt, bend = growth * base[1], growth * base[2]
        score[at] = (d1 * tilt).sum()
        hessian[at, at] = (d2 * tilt**2 + d1 * bend).sum()
        for number, (component, index) in enumerate(
            zip(self.problem.components, self.layout.components, strict=True)
        ):
            weights = d2 * tilt * parts[number]
            if number == where:
                weights = weights + d1 * tilt
            hessian[at, index] = hessian[index, at] = component.gather(weights)
        groups = self.layout.dispersion
        if len(groups):
            mixed = self._by_group((tilt * d1a).sum(axis=0))
            hessian[at, groups] = hessian[groups, at] = mixed

    def _add_mixed(
        self, component: Component, index: Indices, weights: Floats, hessian: Floats
    ) -> None:
        """Add mixed derivatives of a component's coefficients and the log dispersions."""
        groups, columns = self.problem.groups, self.layout.dispersion
        if groups is None:
            return
        if len(columns) == 1:
            block = component.gather(weights)[:, np.newaxis]
        else:
            block = np.zeros((len(index), len(columns)))
            rows = [component.time.T @ weights]
            if component.cells.shape[2]:
                rows.append(np.einsum("ti,tiq->qi", weights, component.cells))
            if component.per_unit:
                rows.append(np.diag(weights.sum(axis=0)))
            by_unit = np.concatenate(rows)
            np.add.at(block.T, groups, by_unit.T)
        hessian[np.ix_(index, columns)] += block
        hessian[np.ix_(columns, index)] += block.T
