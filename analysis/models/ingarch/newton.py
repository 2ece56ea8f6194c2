"""Newton's method for a maximum within linear bounds, with an active set."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.linalg import qr
from scipy.linalg.lapack import dposv

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.ingarch.objective import Evaluation

STEPS: Final = 300
HALVINGS: Final = 50
#: Newton's decrement (a squared, standardised gradient) at which a point counts as the maximum.
SETTLED: Final = 1e-18
#: A decrement below which a step that no longer climbs is rounding, not failure.
ROUNDING: Final = 1e-12
#: Newton's step, relative to the point, that shows a climb without end where it no longer gains.
ENDLESS: Final = 1e-4
#: A bound gives way if the standardised gradient leads away from it by more than this.
PULLS: Final = 1e-9
#: Curvature below this share of the largest, in units of the parameters, is flat.
FLAT: Final = 1e-10
#: The same where parameters that depend on one another are no longer told apart.
UNDETERMINED: Final = 1e-8
#: Standardised scores that need no more steps, and how many more there may be.
POLISHED: Final = 1e-8
POLISHES: Final = 5
#: How far beyond a bound rounding may put a point.
INSIDE: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Linear bounds ``normals @ x >= limits``, and a name for each.

    Attributes
    ----------
    normals : Floats
        Shape (c, k).
    limits : Floats
        Shape (c,).
    names : tuple of str
    """

    normals: Floats
    limits: Floats
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """A maximum within bounds.

    Attributes
    ----------
    x : Floats
        Shape (k,).
    found : Evaluation
        Value and derivatives there.
    active : tuple of int
        Bounds that hold with equality and push back.
    multipliers : Floats
        How hard they push: what the log-likelihood would gain per unit if they gave way, >= 0.
    steps : int
    """

    x: Floats
    found: Evaluation
    active: tuple[int, ...]
    multipliers: Floats
    steps: int


def maximise(
    evaluate: Callable[[Floats], Evaluation | None], start: Floats, bounds: Bounds
) -> Maximum:
    """Climb from a feasible start to a maximum within the bounds.

    Raises
    ------
    FitError
        If no maximum is reached: the log-likelihood climbs on without end.
    """
    x = start
    found = evaluate(x)
    if found is None:
        raise FitError(
            "The model has no positive and finite mean where the search for a fit begins.",
            "Scale or centre the covariates.",
        )
    active: list[int] = []
    before = np.inf
    for step in range(STEPS):
        free = free_directions(bounds, active, len(x))
        direction, decrement = _newton_direction(found, free)
        settled = decrement <= SETTLED or (decrement <= ROUNDING and decrement > before / 2)
        before = decrement
        if not settled:
            climbed = _climb(evaluate, bounds, (x, found), (direction, decrement), active)
            if climbed is None:
                break
            x, found, blocking = climbed
            if blocking is not None:
                active.append(blocking)
                before = np.inf
            continue
        if (np.abs(direction) > ENDLESS * (1 + np.abs(x))).any():
            break
        multipliers, least = _multipliers(found, bounds, active)
        if least is None:
            return Maximum(_onto_all(bounds, active, x), found, tuple(active), multipliers, step)
        del active[least]
        before = np.inf
    raise FitError(
        "The likelihood has no maximum that Newton's method could reach.",
        "Look for a covariate that is not zero only on nights without claims, or take fewer lags.",
    )


def free_directions(bounds: Bounds, active: list[int] | tuple[int, ...], k: int) -> Floats:
    """An orthonormal basis of the directions along the active bounds, shape (k, free)."""
    if len(active) == 0:
        return np.eye(k)
    basis: Floats = qr(bounds.normals[list(active)].T)[0][:, len(active) :]
    return basis


def scaled_curvature(hessian: Floats, free: Floats) -> tuple[Floats, Floats, Floats]:
    """Eigenvalues and vectors of -Hessian along ``free``, in units that equalise its diagonal."""
    curvature = -free.T @ hessian @ free
    diagonal = np.abs(np.diag(curvature))
    scale = 1 / np.sqrt(np.where(diagonal > 1e-30 * diagonal.max(initial=0.0), diagonal, 1.0))
    values, vectors = np.linalg.eigh(scale[:, np.newaxis] * curvature * scale)
    return values, vectors, scale


def is_flat(best: Maximum, bounds: Bounds) -> bool:
    """Whether some direction along the active bounds leaves the log-likelihood all but as it is."""
    free = free_directions(bounds, best.active, len(best.x))
    if free.shape[1] == 0:
        return False
    values, _, _ = scaled_curvature(best.found.hessian, free)
    return bool(values.min() <= UNDETERMINED * values.max())


def standardised_score(best: Maximum, bounds: Bounds) -> float:
    """The largest score times standard error along the active bounds."""
    free = free_directions(bounds, best.active, len(best.x))
    if free.shape[1] == 0:
        return 0.0
    variances = np.diag(free @ np.linalg.inv(-free.T @ best.found.hessian @ free) @ free.T)
    scores = free @ (free.T @ best.found.gradient)
    return float(np.abs(scores * np.sqrt(np.maximum(variances, 0.0))).max())


def polish(
    evaluate: Callable[[Floats], Evaluation | None], best: Maximum, bounds: Bounds
) -> Maximum:
    """Take more Newton steps while they bring the standardised score down."""
    size = standardised_score(best, bounds)
    for _ in range(POLISHES):
        if size <= POLISHED:
            break
        free = free_directions(bounds, best.active, len(best.x))
        there = best.x + _newton_direction(best.found, free)[0]
        if (bounds.normals @ there < bounds.limits - INSIDE).any():
            break
        found = evaluate(there)
        if found is None:
            break
        nearer = replace(best, x=_onto_all(bounds, list(best.active), there), found=found)
        before, size = size, standardised_score(nearer, bounds)
        if size >= before:
            break
        best = nearer
    return best


def _newton_direction(found: Evaluation, free: Floats) -> tuple[Floats, float]:
    """An uphill direction, Newton's where the log-likelihood is concave, and its decrement."""
    if free.shape[1] == 0:
        return np.zeros(len(found.gradient)), 0.0
    gradient = free.T @ found.gradient
    _, part, failed = dposv(-free.T @ found.hessian @ free, gradient)
    if failed:
        values, vectors, scale = scaled_curvature(found.hessian, free)
        along = vectors.T @ (scale * gradient)
        floor = max(FLAT * np.abs(values).max(), 1e-300)
        sizes = np.maximum(np.abs(values), floor)
        part = scale * (vectors @ np.where(np.abs(values) > floor, along / sizes, 0.0))
    return free @ part, float(gradient @ part)


def _climb(
    evaluate: Callable[[Floats], Evaluation | None],
    bounds: Bounds,
    here: tuple[Floats, Evaluation],
    uphill: tuple[Floats, float],
    active: list[int],
) -> tuple[Floats, Evaluation, int | None] | None:
    """The first of ever shorter steps that climbs enough, and the bound that it runs into."""
    (x, found), (direction, decrement) = here, uphill
    longest, blocking = _room(bounds, x, direction, active)
    length = min(1.0, longest)
    for _ in range(HALVINGS):
        there = x + length * direction
        met = blocking if length == longest else None
        if met is not None:
            there = _onto(bounds, met, there)
        reached = evaluate(there)
        if reached is not None and (
            reached.value >= found.value + 1e-4 * length * decrement - 2 * found.noise
        ):
            return there, reached, met
        length /= 2
    return None


def _room(
    bounds: Bounds, x: Floats, direction: Floats, active: list[int]
) -> tuple[float, int | None]:
    """How far one may go before the next bound, and which that is."""
    slopes = bounds.normals @ direction
    slopes[active] = 0.0
    ahead = np.flatnonzero(slopes < -1e-14 * np.abs(bounds.normals) @ np.abs(direction))
    if ahead.size == 0:
        return np.inf, None
    rooms = np.maximum(bounds.normals[ahead] @ x - bounds.limits[ahead], 0.0) / -slopes[ahead]
    nearest = int(rooms.argmin())
    return float(rooms[nearest]), int(ahead[nearest])


def _onto(bounds: Bounds, bound: int, x: Floats) -> Floats:
    """The point of a bound nearest to one that rounding has put beside it."""
    normal = bounds.normals[bound]
    result: Floats = x - normal * (normal @ x - bounds.limits[bound]) / (normal @ normal)
    return result


def _onto_all(bounds: Bounds, active: list[int], x: Floats) -> Floats:
    """The point on all active bounds at once, which steps along them have left by rounding."""
    normals, limits = bounds.normals[active], bounds.limits[active]
    # Bounds may lean on one another (past_obs_1 = 0 and the sum 1): all at once, not in turn.
    x = x + np.linalg.lstsq(normals, limits - normals @ x, rcond=None)[0]
    for normal, limit in zip(normals, limits, strict=True):
        held = np.flatnonzero(normal)
        if held.size == 1:
            x[held] = limit / normal[held]
    return x


def _multipliers(found: Evaluation, bounds: Bounds, active: list[int]) -> tuple[Floats, int | None]:
    """How hard each active bound pushes back, and the one that pulls most, if any does."""
    if not active:
        return np.empty(0), None
    normals = bounds.normals[active]
    pushes = np.linalg.lstsq(normals.T, -found.gradient, rcond=None)[0]
    units = np.sqrt(np.abs(np.einsum("ij,jk,ik->i", normals, found.hessian, normals)))
    pulls = pushes < -PULLS * units
    least = int(np.where(pulls, pushes, np.inf).argmin()) if pulls.any() else None
    return np.maximum(pushes, 0.0), least
