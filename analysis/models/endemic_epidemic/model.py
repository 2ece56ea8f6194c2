"""Endemic-epidemic models: tonight's counts from last night's, the neighbours' and a background."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.counts import read_count_table
from analysis.models.endemic_epidemic.assembly import (
    Assembly,
    Family,
    Options,
    assemble,
    coefficient_names,
)
from analysis.models.endemic_epidemic.fitting import fit_assembly, results_of
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.maximise import evaluate_at
from analysis.models.endemic_epidemic.neighbours import Neighbours, check_neighbours
from analysis.models.endemic_epidemic.predictors import Predictor
from analysis.models.endemic_epidemic.random_intercepts import RandomFit, evaluate_random
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults
from analysis.models.given_params import read_dispersion, read_params


@dataclass(frozen=True, slots=True, eq=False)
class EndemicEpidemic:
    """An endemic-epidemic model of counts in several units (hhh4).

    ``mu[t, i] = ar[t, i] y[t-1, i] + ne[t, i] sum_j w[j, i] y[t-1, j] + end[t, i]``, where each of
    the three is the exponential of a log-linear `Predictor`; counts are Poisson or NB2 around it.

    Attributes
    ----------
    counts : pd.DataFrame
        Night x region (an array is taken as successive nights); NaN where there is no number: a
        cell enters if it and the counts before it that its mean needs are there. Fractions are
        allowed (expected counts of nights with bounds).
    neighbours : pd.DataFrame, Neighbours or None
        A matrix is adjacency with row-normalised weights; `Neighbours` says more. None leaves the
        component ne out.
    ar, ne, end : Predictor
        Last night's own counts, the neighbours', the background; ``None`` leaves ar or ne out.
    family : {"negbin1", "negbinM", "poisson"}
        NB2 with one dispersion, one for each unit, or none.

    Raises
    ------
    FitError
        If counts, matrix and options do not fit together.

    Notes
    -----
    A component whose best contribution is 0 has the intercept -inf and stands in ``at_bound``, so
    does a dispersion at the Poisson limit; the intervals of the others hold given that.

    References
    ----------
    Held, Hoehle & Hofmann (2005), Statistical Modelling 5, 187-199.
    doi:10.1191/1471082X05st098oa
    Paul & Held (2011), Statistics in Medicine 30, 1118-1136. doi:10.1002/sim.4177
    Meyer & Held (2014), Annals of Applied Statistics 8, 1612-1639. doi:10.1214/14-AOAS743

    Examples
    --------
    >>> counts = pd.DataFrame({"belgorod": [2, 3, 4, 1], "kursk": [4, 0, 2, 2]})
    >>> model = EndemicEpidemic(counts, family="poisson")
    >>> half_and_one = model.fix({"ar.intercept": np.log(0.5), "end.intercept": 0.0})
    >>> half_and_one.fittedvalues["kursk"].tolist()
    [nan, 3.0, 1.0, 2.0]
    >>> model.fit().params.round(2).to_dict()
    {'ar.intercept': -inf, 'end.intercept': 0.69}
    """

    counts: pd.DataFrame
    neighbours: pd.DataFrame | Neighbours | None = None
    ar: Predictor | None = field(default_factory=Predictor)
    ne: Predictor | None = field(default_factory=Predictor)
    end: Predictor = field(default_factory=Predictor)
    family: Family = "negbin1"

    def __post_init__(self) -> None:
        counts = read_count_table(self.counts)
        object.__setattr__(self, "counts", counts)
        if self.family not in ("negbin1", "negbinM", "poisson"):
            raise FitError(
                f"The family is {self.family!r}.", 'Choose "negbin1", "negbinM" or "poisson".'
            )
        neighbours = self.neighbours
        if neighbours is not None and not isinstance(neighbours, Neighbours):
            neighbours = Neighbours(neighbours)
        if neighbours is None or self.ne is None:
            object.__setattr__(self, "ne", None)
            neighbours = None
        else:
            neighbours = check_neighbours(neighbours, counts.columns)
        object.__setattr__(self, "neighbours", neighbours)
        parts = self.options.predictors | {"end": self.end}
        for name, predictor in parts.items():
            if not isinstance(predictor, Predictor):
                raise FitError(
                    f"The component {name} is {predictor!r}.",
                    "Give a Predictor; for ar and ne None leaves it out.",
                )
            predictor.check(name)
        if self.family == "negbinM":
            self._require_claims()

    @property
    def options(self) -> Options:
        """The model without its counts."""
        parts = {"ar": self.ar, "ne": self.ne, "end": self.end}
        neighbours = self.neighbours if isinstance(self.neighbours, Neighbours) else None
        return Options(
            {name: part for name, part in parts.items() if part is not None},
            neighbours,
            self.family,
        )

    def fit(self, near: EndemicEpidemicResults | None = None) -> EndemicEpidemicResults:
        """Estimate by maximum likelihood; random intercepts by penalised likelihood.

        Parameters
        ----------
        near : EndemicEpidemicResults, optional
            A fit of the same model to similar counts, such as another draw, to start from: the same
            maximum is found in fewer steps.

        Raises
        ------
        FitError
            If the counts cannot tell two terms apart or a dispersion runs away.
        """
        assembly = assemble(self.counts, self.options)
        if near is None or coefficient_names(near.assembly) != coefficient_names(assembly):
            return fit_assembly(assembly)
        return fit_assembly(assembly, near.theta)

    def fix(self, params: Mapping[str, float] | pd.Series) -> EndemicEpidemicResults:
        """Evaluate given parameters.

        Parameters
        ----------
        params : Mapping or Series
            By the names that `fit` gives; for random intercepts also the deviation of every unit
            (``end.intercept[belgorod]``). -inf is a component or a dispersion of 0.

        Raises
        ------
        FitError
            If a parameter is missing, unknown or no number.
        """
        assembly = assemble(self.counts, self.options)
        likelihood = Likelihood(assembly.problem())
        theta, log_sd = _positions(params, assembly, likelihood)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = (
                evaluate_random(likelihood, theta, log_sd)
                if likelihood.layout.random
                else evaluate_at(likelihood, theta)
            )
        maximum = found.maximum if isinstance(found, RandomFit) else found
        if not np.isfinite(maximum.loglik):
            raise FitError(
                "At these parameters some counts above 0 have a mean of 0 or none, or a mean or "
                "dispersion is infinite.",
                "Give an endemic intercept above -inf, and no number far above those of a fit.",
            )
        return results_of(assembly, likelihood, found, given=True)

    def _require_claims(self) -> None:
        """Refuse units whose dispersion nothing can tell."""
        empty = self.counts.columns[(self.counts.fillna(0.0) == 0).all(axis=0)]
        if len(empty):
            raise FitError(
                f"{len(empty)} units have no count above 0: {', '.join(map(str, empty[:5]))}.",
                'Leave them out, or share the dispersion (family="negbin1").',
            )


def _positions(
    params: Mapping[str, float] | pd.Series, assembly: Assembly, likelihood: Likelihood
) -> tuple[Floats, Floats]:
    """Put named parameters into the vector, and log standard deviations beside it."""
    names = list(likelihood.problem.names)
    spreads = [
        f"{name}.log_sd"
        for name, predictor in assembly.options.predictors.items()
        if predictor.intercept == "random"
    ]
    values = read_params(params, [*names, *spreads])
    if np.isposinf(values).any():
        raise FitError("A parameter is +inf.", "Give finite numbers, or -inf for a part of 0.")
    theta = values[: len(names)]
    for log_alpha in theta[likelihood.layout.dispersion]:
        read_dispersion(float(np.exp(min(log_alpha, 700.0))))
    return theta, values[len(names) :]
