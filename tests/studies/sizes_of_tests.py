"""Measure how often the tests of fitted models reject at 5 % what is true.

Run from the root of the checkout; it rewrites ``sizes_of_tests.csv`` beside it (about ten minutes
on one core)::

    python -m tests.studies.sizes_of_tests

Counts come from the model that is then fitted to them. ``checks`` are the rows of
`analysis.checks.checks` that have p-values; ``score test`` is that of an intervention in the middle
of the series; ``scan`` its largest statistic over all nights, with the p-value of 39 simulated series
and so at most one of them above it at 5 %.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.checks import checks
from analysis.errors import FitError
from analysis.models.endemic_epidemic import EndemicEpidemic
from analysis.models.ingarch import INGARCH, intervention, scan_interventions, score_test
from analysis.models.ingarch.interventions import KINDS
from analysis.models.local_level import LocalLevelCounts
from analysis.models.trend import Trend

SEED, LEVEL, DRAWS = 20261122, 0.05, 39
RUNS = {"checks": 400, "score test": 2_000, "scan": 300}
LINKS = {"log": [0.5, 0.35, 0.4], "identity": [2.5, 0.3, 0.4]}
UNITS = 6
ROW = pd.DataFrame(np.diag(np.ones(UNITS - 1), 1) + np.diag(np.ones(UNITS - 1), -1))
FIELDS = ["test", "model", "nights", "runs", "failed", "rejected"]
TARGET = Path(__file__).with_name("sizes_of_tests.csv")


def ingarch(link, n):
    """An INGARCH model with its true parameters, and how to fit one to other counts."""
    law = INGARCH(np.arange(n) % 7, link=link).fix(LINKS[link], 0.2)
    return law, lambda counts: INGARCH(counts, link=link).fit()


def local_level(n):
    """A drifting level, seen from its second night on."""
    law = LocalLevelCounts(np.arange(n) % 5 + 20.0).fix(0.9)
    return law, lambda counts: LocalLevelCounts(counts).fit()


def trend(n):
    """A growing mean around which nights are independent."""
    nights = pd.date_range("2024-01-01", periods=n, name="night")
    counts = pd.Series(np.arange(n) % 9 + 3.0, nights)
    law = Trend(counts, start=nights[0]).fix({"intercept": 2.0, "growth": 0.05}, 0.3)
    return law, lambda new: Trend(pd.Series(new, nights), start=nights[0]).fit()


def endemic_epidemic(n):
    """Six units in a row."""
    truth = {"ar.intercept": np.log(0.4), "ne.intercept": np.log(0.2)}
    truth |= {"end.intercept": 0.5, "log_dispersion": np.log(0.3)}
    law = EndemicEpidemic(pd.DataFrame(np.full((n, UNITS), 4.0)), ROW).fix(truth)
    return law, lambda counts: EndemicEpidemic(pd.DataFrame(counts), ROW).fit()


MODELS = {
    "INGARCH, log": lambda n: ingarch("log", n),
    "INGARCH, identity": lambda n: ingarch("identity", n),
    "local level": local_level,
    "trend": trend,
    "endemic-epidemic": endemic_epidemic,
}
CASES = [
    *[("checks", name, 300) for name in MODELS],
    *[("score test", f"INGARCH, {link}", n) for link in LINKS for n in (200, 500)],
    *[("scan", f"INGARCH, {link}", 200) for link in LINKS],
]


def series(law, runs, rng):
    """Simulated counts of a model, one set a run."""
    if isinstance(law.endog, pd.DataFrame):
        return law.simulate(runs, rng)
    return law.simulate(paths=runs, rng=rng).to_numpy(dtype=float).T


def check_rejections(fitted, rng):
    """Which checks fail."""
    table = checks(fitted, level=LEVEL, rng=rng)
    told = table[table["p_value"].notna()]
    return {f"check: {row.check}": not row.passed for row in told.itertuples()}


def score_rejections(fitted, rng):
    """Which kinds of intervention in the middle are found."""
    del rng
    n = len(fitted.endog)
    return {
        f"score test: {kind}": score_test(fitted, intervention(n, n // 2, kind)).p_value < LEVEL
        for kind in KINDS
    }


def scan_rejections(fitted, rng):
    """Which kinds of intervention are found anywhere."""
    return {
        f"scan: {kind}": scan_interventions(fitted, kind, draws=DRAWS, rng=rng).p_value <= LEVEL
        for kind in ("spike", "level_shift")
    }


REJECTIONS = {"checks": check_rejections, "score test": score_rejections, "scan": scan_rejections}


def measure(family, model, n, runs, rng):
    """Share of runs in which each test of a family rejects, and the number of failed fits."""
    law, fit = MODELS[model](n)
    found, failed = [], 0
    for counts in series(law, runs, rng):
        try:
            found.append(REJECTIONS[family](fit(counts), rng))
        except FitError:
            failed += 1
    return pd.DataFrame(found).mean(), failed


def main():
    """Write the table, one row per test, each case with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, (family, model, n) in enumerate(CASES):
            rng = np.random.default_rng([SEED, number])
            shares, failed = measure(family, model, n, RUNS[family], rng)
            for test, share in shares.items():
                out.writerow([test, model, n, RUNS[family], failed, f"{share:.4g}"])
            file.flush()


if __name__ == "__main__":
    main()
