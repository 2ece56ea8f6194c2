"""Components of the mean as columns, and where their coefficients stand, arrays only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.neighbours import PowerLaw

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One term of the mean.

    Attributes
    ----------
    name : str
        ar, ne, end, or what a caller likes.
    time : Floats
        Columns of the predictor that all units share, shape (n, p).
    cells : Floats
        Columns that differ between units, shape (n, units, q).
    per_unit : bool
        Whether each unit has an intercept (or random deviation) of its own.
    base : Floats
        What the exponential multiplies, shape (n, units); 0 on cells not seen.
    intercept : bool
        Whether the first shared column is an intercept.
    """

    name: str
    time: Floats
    cells: Floats
    per_unit: bool
    base: Floats
    intercept: bool = True

    @property
    def size(self) -> int:
        """Number of its coefficients: shared columns, cell columns, units."""
        units = self.base.shape[1] if self.per_unit else 0
        return int(self.time.shape[1] + self.cells.shape[2] + units)

    def growth(self, coef: Floats) -> Floats:
        """The exponential of the predictor, shape (n, units); 0 at intercepts of -inf."""
        p, q = self.time.shape[1], self.cells.shape[2]
        # Times and units separate, so n + units exponentials do where cells have no columns.
        shared = np.exp(self.time @ coef[:p])[:, np.newaxis]
        units = np.exp(coef[p + q :])[np.newaxis] if self.per_unit else 1.0
        if q:
            shared = shared * np.exp(self.cells @ coef[p : p + q])
        product: Floats = np.broadcast_to(shared * units, self.base.shape)
        return product

    def gather(self, cells: Floats) -> Floats:
        """Sum cells, shape (n, units), against every column: shape (size,)."""
        parts = [cells.sum(axis=1) @ self.time]
        if self.cells.shape[2]:
            parts.append(np.einsum("ti,tiq->q", cells, self.cells))
        if self.per_unit:
            parts.append(cells.sum(axis=0))
        return np.concatenate(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Counts and components: everything the likelihood needs.

    Attributes
    ----------
    counts : Floats
        Shape (n, units), 0 on cells not seen.
    seen : NDArray[np.bool_]
        Cells that enter: the count and all the past counts it needs are there.
    components : Sequence[Component]
        At least one.
    groups : Indices or None
        Shape (units,): index of each unit's dispersion; None is Poisson.
    power : PowerLaw or None
        Estimated neighbour weights.
    power_at : int
        Index of the component they weight.
    penalties : Sequence[int]
        Indices of components whose unit intercepts are random deviations.
    names : Sequence[str]
        Of the coefficients, in the order of the layout, for errors.
    """

    counts: Floats
    seen: NDArray[np.bool_]
    components: Sequence[Component]
    groups: Indices | None
    power: PowerLaw | None = None
    power_at: int = -1
    penalties: Sequence[int] = ()
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where each coefficient stands in the vector: fixed parts, decay, log alphas, random parts.

    Attributes
    ----------
    components : tuple of Indices
        For each component the positions of its columns.
    decay : int
        Position of the power-law exponent, -1 without.
    dispersion : Indices
        Positions of ``log(alpha)``.
    random : tuple of Indices
        For each component of ``Problem.penalties`` the positions of its deviations.
    size : int
    """

    components: tuple[Indices, ...]
    decay: int
    dispersion: Indices
    random: tuple[Indices, ...]
    size: int


def lay_out(problem: Problem) -> Layout:
    """Number the coefficients of a problem."""
    at, fixed, random = 0, [], {}
    for number, component in enumerate(problem.components):
        size = component.size
        if number in problem.penalties:
            size -= component.base.shape[1]
        fixed.append(np.arange(at, at + size))
        at += size
    decay = -1
    if problem.power is not None:
        decay, at = at, at + 1
    groups = 0 if problem.groups is None else int(problem.groups.max()) + 1
    dispersion, at = np.arange(at, at + groups), at + groups
    for number in problem.penalties:
        units = problem.components[number].base.shape[1]
        random[number] = np.arange(at, at + units)
        fixed[number] = np.concatenate([fixed[number], random[number]])
        at += units
    return Layout(tuple(fixed), decay, dispersion, tuple(random.values()), at)


def cross(left: Component, right: Component, weights: Floats) -> Floats:
    """Sum weights, shape (n, units), times the columns of two components, shape (size, size)."""
    shared = [(left.time * weights.sum(axis=1)[:, np.newaxis]).T @ right.time]
    if right.cells.shape[2]:
        shared.append(left.time.T @ np.einsum("ti,tiq->tq", weights, right.cells))
    if right.per_unit:
        shared.append(left.time.T @ weights)
    rows = [np.concatenate(shared, axis=1)]
    rows += [
        right.gather(weights * left.cells[:, :, q])[np.newaxis] for q in range(left.cells.shape[2])
    ]
    if left.per_unit:
        units = [weights.T @ right.time]
        if right.cells.shape[2]:
            units.append(np.einsum("ti,tiq->iq", weights, right.cells))
        if right.per_unit:
            units.append(np.diag(weights.sum(axis=0)))
        rows.append(np.concatenate(units, axis=1))
    return np.concatenate(rows)
