"""Counts from an endemic-epidemic model of known parameters."""

import numpy as np
import pandas as pd

from analysis.models.endemic_epidemic import EndemicEpidemic, Predictor

UNITS = ["kursk", "belgorod", "bryansk", "oryol", "tula"]
LINE = pd.DataFrame(np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1), index=UNITS, columns=UNITS)
TRUTH = {
    "ar.intercept": np.log(0.4),
    "ne.intercept": np.log(0.3),
    "end.intercept": np.log(2.0),
    "end.trend": 0.05,
    "log_dispersion": np.log(0.3),
}


def nights(n):
    return pd.date_range("2024-07-01", periods=n, name="night")


def true_model(n=200, **options):
    """The model with its parameters; the counts in it only lend their shape."""
    blank = pd.DataFrame(4.0, index=nights(n), columns=UNITS)
    return EndemicEpidemic(blank, LINE, end=Predictor(trend=True), **options).fix(TRUTH)


def make_counts(n=200, seed=1, **options):
    """One simulated record, night x region."""
    path = true_model(n, **options).simulate(1, seed)[0]
    return pd.DataFrame(path, index=nights(n), columns=UNITS)
