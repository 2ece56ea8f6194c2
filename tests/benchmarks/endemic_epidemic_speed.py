"""Speed of endemic-epidemic fits on one core: ``python -m tests.benchmarks.endemic_epidemic_speed``.

Thirty units and 700 nights, simulated; each model is fitted five times, of which the fastest counts, in
processor time. R's hhh4 took 0.21 s for the first of them. Run by hand; it takes some seconds.
"""

import json
import platform
import sys
import time

import numpy as np
import pandas as pd

from analysis.models.endemic_epidemic import EndemicEpidemic, Neighbours, Predictor

NIGHTS, UNITS, PASSES = 700, 30, 5


def ring():
    """Units on a ring with chords: four neighbours each."""
    matrix = np.zeros((UNITS, UNITS))
    for step in (1, 5):
        for unit in range(UNITS):
            other = (unit + step) % UNITS
            matrix[unit, other] = matrix[other, unit] = 1.0
    return pd.DataFrame(matrix)


def simulated():
    """Counts with own, neighbouring and seasonal parts."""
    blank = pd.DataFrame(np.full((NIGHTS, UNITS), 4.0))
    end = Predictor(trend=True, harmonics=1)
    truth = {"ar.intercept": -0.5, "ne.intercept": -1.5, "end.intercept": 0.2, "end.trend": 0.03}
    truth |= {"end.sin_1": 0.3, "end.cos_1": 0.0, "log_dispersion": -0.7}
    return pd.DataFrame(EndemicEpidemic(blank, ring(), end=end).fix(truth).simulate(1, 1)[0])


def models(counts):
    """What is timed, by name."""
    season = Predictor(trend=True, harmonics=1)
    per_unit = Predictor(intercept="per-unit", trend=True, harmonics=1)
    smooth = Predictor(intercept="per-unit", knots_every=60)
    return {
        "trend and season": EndemicEpidemic(counts, ring(), end=season),
        "the same, dispersion per unit": EndemicEpidemic(
            counts, ring(), end=season, family="negbinM"
        ),
        "the same, power law": EndemicEpidemic(counts, Neighbours(ring(), "power-law"), end=season),
        "background per unit": EndemicEpidemic(counts, ring(), end=per_unit),
        "background per unit, smooth trend": EndemicEpidemic(counts, ring(), end=smooth),
        "random background": EndemicEpidemic(
            counts, ring(), end=Predictor(intercept="random", trend=True, harmonics=1)
        ),
    }


def seconds(model):
    """Processor time of the fastest of some fits."""
    took = []
    for _ in range(PASSES):
        begun = time.process_time()
        model.fit()
        took.append(time.process_time() - begun)
    return min(took)


def main():
    """Write the times as JSON."""
    counts = simulated()
    times = {name: round(seconds(model), 4) for name, model in models(counts).items()}
    about = {"python": platform.python_version(), "numpy": np.__version__}
    told = {"nights": NIGHTS, "units": UNITS, **about, "seconds": times}
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
