"""Parts of the mean that the counts want to be 0, and dispersions that they want to be Poisson.

A component (or one unit of it) whose best contribution is 0 has its intercept at minus infinity, a
dispersion that prefers Poisson its logarithm. Such coefficients are pinned there, the others go on,
and at the end every pin must have a slope of the right sign or is taken out again.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.models.endemic_epidemic.climb import LARGE_ALPHA, Climb
from analysis.models.endemic_epidemic.components import Indices
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.neighbours import STEEPEST

#: A part below this share of all counts is tried at 0.
SMALL_PART: Final = 0.02
#: A dispersion whose slope and curvature are below this means nothing.
IDLE: Final = 1e-9
#: A dispersion below this is tried at 0.
SMALL_ALPHA: Final = 1e-3


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


class Pins:
    """Which parts of a climb are pinned at 0."""

    def __init__(self, climb: Climb) -> None:
        self.climb = climb
        self.parts = vanishing_parts(climb.likelihood)
        self.pinned: set[int] = set()
        self.released: dict[int, int] = {}
        self.refused: dict[int, float] = {}
        self.counted = float(climb.likelihood.problem.counts.sum())

    def adopt(self) -> None:
        """Take coefficients that stand at -inf for pinned."""
        gone = np.isneginf(self.climb.theta)
        self.climb.free[gone] = False
        for number, part in enumerate(self.parts):
            if gone[part.at]:
                self.climb.free[part.frozen] = False
                self.pinned.add(number)
        self._freeze_empty()

    def pin(self) -> None:
        """Put parts and dispersions to 0 where the likelihood is no lower there."""
        self._pin_parts()
        layout = self.climb.likelihood.layout
        for position in layout.dispersion[self.climb.free[layout.dispersion]]:
            self._pin_dispersion(int(position))
        if layout.decay >= 0 and self.climb.free[layout.decay]:
            self._pin_decay(layout.decay)

    def _pin_dispersion(self, position: int) -> None:
        """Keep a dispersion between Poisson and its upper bound."""
        log_alpha, slope = self.climb.theta[position], self.climb.at.score[position]
        bend = self.climb.at.information[position, position]
        if log_alpha > np.log(LARGE_ALPHA):
            target = self.climb.theta.copy()
            target[position] = np.log(LARGE_ALPHA)
            self.climb.free[position] = False
            self.climb.move(target)
        # A unit whose mean is 0 throughout has counts of 0 and no dispersion.
        elif abs(slope) + abs(bend) < IDLE or (log_alpha < np.log(SMALL_ALPHA) and slope <= 0):
            self.climb.try_zero(np.array([position]), np.array([position]))

    def _pin_decay(self, position: int) -> None:
        """Keep the exponent of the power law where it can be told from first order."""
        if abs(self.climb.theta[position]) > STEEPEST:
            target = self.climb.theta.copy()
            target[position] = np.sign(target[position]) * STEEPEST
            self.climb.move(target)
            self.climb.free[position] = False

    def _pin_parts(self) -> None:
        """Try small parts with a falling slope at 0: all of them at once, else one by one."""
        means = self.climb.likelihood.parts(self.climb.theta)
        tried = []
        for number, part in enumerate(self.parts):
            if number in self.pinned or self.released.get(number, 0) > 2:
                continue
            mean = means[part.component]
            share = float((mean if part.unit is None else mean[:, part.unit]).sum())
            counted = self._own_counts(part)
            small = counted == 0 or share < SMALL_PART * counted
            if share > self.refused.get(number, np.inf) / 3 > 0:
                continue  # not much smaller than when it was tried in vain
            if share == 0.0 or (small and self.climb.at.score[part.at] < 0):
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
        if not self.climb.try_zero(frozen, positions):
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
                self.climb.free[self.climb.likelihood.layout.components[component]] = False

    def _own_counts(self, part: Part) -> float:
        """Counts that a part is measured against."""
        counts = self.climb.likelihood.problem.counts
        return self.counted if part.unit is None else float(counts[:, part.unit].sum())

    def release(self) -> bool:
        """Take out pins whose slope points upwards; True if there was one."""
        found = False
        for number in sorted(self.pinned):
            found |= self._release_part(number)
        problem, layout = self.climb.likelihood.problem, self.climb.likelihood.layout
        if problem.groups is None:
            return found
        mean = self.climb.likelihood.mean(self.climb.theta)
        slopes = np.where(problem.seen, (problem.counts - mean) ** 2 - problem.counts, 0.0)
        by_group = np.bincount(problem.groups, slopes.sum(axis=0))
        for position, slope in zip(layout.dispersion, by_group, strict=True):
            if np.isneginf(self.climb.theta[position]) and slope > 1e-7 * (1 + self.counted):
                found |= self.climb.raise_from_zero(
                    position, np.log([1e-2, 1e-4, 1e-6]), np.array([position])
                )
        return found

    def _release_part(self, number: int) -> bool:
        """Take one part out of its pin if that helps."""
        part = self.parts[number]
        target = self.climb.theta.copy()
        target[part.at] = 0.0
        mean = self.climb.likelihood.parts(target)[part.component]
        mean = mean if part.unit is None else mean[:, [part.unit]]
        share = float(mean.sum())
        if share <= 0:
            return False
        if self._own_counts(part) == 0:
            return False
        starts = np.log(np.array([1e-2, 1e-3, 1e-5, 1e-7]) * self._own_counts(part) / share)
        if not self.climb.raise_from_zero(part.at, starts, part.frozen):
            return False
        self.pinned.discard(number)
        self.released[number] = self.released.get(number, 0) + 1
        return True
