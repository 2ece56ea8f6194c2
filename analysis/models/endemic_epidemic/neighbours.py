"""Who neighbours whom, how far, and with which weight last night's counts reach over."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.regions import neighbour_pairs, region_table
from analysis.vocabulary import JOIN

#: The exponent of the power law from which on only first-order neighbours count.
STEEPEST = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class PowerLaw:
    """Weights ``order ** -decay`` that are estimated with the model.

    Attributes
    ----------
    orders : Floats
        Shape (units, units): steps between two units, infinite where they count for nothing.
    past : Floats
        Lagged counts times the neighbours' share, shape (n, units).
    normalised : bool
        Whether the weights of each source sum to 1.
    offset : Floats
        Multiplies the weighted sum, shape (n, units); 0 on cells not seen.
    """

    orders: Floats
    past: Floats
    normalised: bool
    offset: Floats

    def base(self, decay: float) -> tuple[Floats, Floats, Floats]:
        """Weighted sums of the neighbours' counts and their two derivatives in the exponent."""
        weights = power_weights(self.orders, decay, self.normalised)
        first, second, third = (self.offset * (self.past @ matrix) for matrix in weights)
        return first, second, third


def power_weights(
    orders: Floats, decay: float, normalised: bool = True
) -> tuple[Floats, Floats, Floats]:
    """Power-law weights of Meyer & Held (2014) and their two derivatives in the exponent.

    Parameters
    ----------
    orders : Floats
        Shape (units, units): 1 for neighbours, 2 for their neighbours ...; infinite or 0 for no
        influence.
    decay : float
    normalised : bool
        Divide by the sums over rows (sources); rows without neighbours stay 0.

    Returns
    -------
    tuple of Floats
        Each of shape (units, units); entry [j, i] weights source j for target i.

    References
    ----------
    Meyer & Held (2014), Power-law models for infectious disease spread, Annals of Applied
    Statistics 8, 1612-1639. doi:10.1214/14-AOAS743

    Examples
    --------
    >>> line = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.0]])
    >>> power_weights(line, 1.0)[0].round(3).tolist()
    [[0.0, 0.667, 0.333], [0.5, 0.0, 0.5], [0.333, 0.667, 0.0]]
    """
    near = np.isfinite(orders) & (orders > 0)
    log_order = np.log(np.where(near, orders, 1.0))
    raw = np.where(near, np.exp(-decay * log_order), 0.0)
    slope, bend = -log_order * raw, log_order**2 * raw
    if not normalised:
        return raw, slope, bend
    total = raw.sum(axis=1, keepdims=True)
    total[total == 0] = 1.0
    s1 = slope.sum(axis=1, keepdims=True) / total
    s2 = bend.sum(axis=1, keepdims=True) / total
    raw, slope, bend = raw / total, slope / total, bend / total
    return raw, slope - raw * s1, bend - 2 * slope * s1 - raw * s2 + 2 * raw * s1**2


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Neighbour weights of an endemic-epidemic model.

    Attributes
    ----------
    matrix : pd.DataFrame
        Units x units, >= 0 with zeros on the diagonal. Row j, column i: adjacency, or the weight
        of source j for target i.
    weights : {"first-order", "power-law"}
        Use the matrix as it is, or estimate ``order ** -decay`` over the steps it implies.
    normalised : bool
        Let the weights of each source sum to 1, so that a count is handed on once.
    max_order : int or None
        For the power law: the farthest steps with influence; None is all.
    """

    matrix: pd.DataFrame
    weights: Literal["first-order", "power-law"] = "first-order"
    normalised: bool = True
    max_order: int | None = None

    def fixed(self) -> Floats:
        """The weights of a fixed matrix, [source, target]; rows of islands are 0."""
        matrix: Floats = self.matrix.to_numpy(dtype=float)
        if not self.normalised:
            return matrix
        total = matrix.sum(axis=1, keepdims=True)
        shares: Floats = np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0)
        return shares

    def orders(self) -> Floats:
        """Steps between units up to ``max_order``; infinite beyond and between islands."""
        orders = neighbour_orders(self.matrix.to_numpy(dtype=float))
        if self.max_order is not None:
            orders[orders > self.max_order] = np.inf
        return orders


def neighbour_orders(adjacency: Floats) -> Floats:
    """Count the borders between units.

    Parameters
    ----------
    adjacency : Floats
        Shape (units, units): > 0 between neighbours.

    Returns
    -------
    Floats
        Shape (units, units): 0 on the diagonal, 1 between neighbours, 2 between their neighbours
        ...; infinite between units that no way connects.

    Examples
    --------
    >>> neighbour_orders(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])).tolist()
    [[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.0]]
    """
    # Sparse and by Dijkstra: the dense way of scipy 1.17 errs in silence on transposed arrays.
    edges = csr_array((np.asarray(adjacency) > 0).astype(float))
    return np.asarray(shortest_path(edges, method="D", unweighted=True), dtype=float)


def region_neighbours(regions: list[str], seas: bool = True) -> pd.DataFrame:
    """Return which reporting units touch, as the matrix the models take.

    Parameters
    ----------
    regions : list of str
        Slugs, in the order of the columns of the counts.
    seas : bool
        Count a sea as neighbour of the units at its coast.

    Returns
    -------
    pd.DataFrame
        Units x units, 1.0 between neighbours, else 0.0. Units without neighbours among
        ``regions`` have a row of zeros.

    Raises
    ------
    FitError
        If a slug is unknown or occurs twice.

    Examples
    --------
    >>> region_neighbours(["belgorod", "black_sea", "crimea"]).loc["crimea"].tolist()
    [0.0, 1.0, 0.0]
    """
    table = region_table()
    unknown = sorted(set(regions) - set(table["slug"]))
    if unknown or len(set(regions)) < len(regions):
        raise FitError(
            f"The regions hold {len(unknown)} unknown slugs ({', '.join(unknown[:5])}) or a slug "
            "twice.",
            "Take each slug once from region_table().",
        )
    pairs = neighbour_pairs()
    touching = set(zip(pairs["a"], pairs["b"], strict=True))
    if seas:
        for slug, coast in zip(table["slug"], table["seas"], strict=True):
            for sea in coast.split(JOIN) if coast else ():
                touching |= {(slug, sea), (sea, slug)}
    values = [[float((a, b) in touching) for b in regions] for a in regions]
    return pd.DataFrame(values, index=pd.Index(regions), columns=pd.Index(regions))


def check_neighbours(neighbours: Neighbours, units: pd.Index) -> Neighbours:
    """Refuse a matrix that does not fit the units, and put it into their order.

    Raises
    ------
    FitError
        If shape, labels, sign, diagonal or options do not fit.
    """
    matrix = _as_numbers(neighbours.matrix)
    if matrix.shape != (len(units), len(units)):
        raise FitError(
            f"The neighbour matrix has shape {matrix.shape}, the counts have {len(units)} units.",
            "Give one row and one column per unit.",
        )
    for axis in (matrix.index, matrix.columns):
        if axis.has_duplicates:
            raise FitError(
                f"The neighbour matrix names {axis[axis.duplicated()][0]} twice.",
                "Give one row and one column per unit.",
            )
        strange = sorted(set(map(str, axis)) - set(map(str, units)))
        if strange:
            raise FitError(
                f"The neighbour matrix names units that the counts lack: {', '.join(strange[:5])}.",
                "Label its rows and columns as the columns of the counts.",
            )
    matrix = matrix.loc[list(units), list(units)]
    values = matrix.to_numpy()
    if not np.isfinite(values).all() or (values < 0).any():
        raise FitError(
            f"The neighbour matrix holds {int((~(values >= 0) | np.isinf(values)).sum())} entries "
            "that are negative, missing or infinite.",
            "Give 0 where units do not neighbour.",
        )
    if np.diag(values).any():
        raise FitError(
            "The neighbour matrix has entries on its diagonal.",
            "Set them to 0; what a unit hands on to itself is the component ar.",
        )
    if neighbours.weights not in ("first-order", "power-law"):
        raise FitError(
            f"The neighbour weights are {neighbours.weights!r}.",
            'Choose "first-order" or "power-law".',
        )
    if neighbours.max_order is not None and neighbours.max_order < 1:
        raise FitError(f"max_order is {neighbours.max_order}.", "Give 1 or more, or None.")
    if not values.any():
        raise FitError(
            "No unit of the neighbour matrix has a neighbour.",
            "Leave the component ne out (ne=None), or give a matrix with neighbours.",
        )
    return Neighbours(matrix, neighbours.weights, neighbours.normalised, neighbours.max_order)


def _as_numbers(matrix: object) -> pd.DataFrame:
    """A matrix as a frame of floats."""
    try:
        return pd.DataFrame(matrix).astype(float)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        raise FitError(
            f"The neighbour matrix is a {type(matrix).__name__} that holds no table of numbers.",
            "Give a frame units x units, or None for no neighbours.",
        ) from None
