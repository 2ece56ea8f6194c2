"""Measure how often the intervals of forecasts hold the counts that come.

Run from the root of the checkout, for one model or for all; it rewrites
``forecast_coverage_<model>.csv`` beside it (on one core about six minutes for ingarch, three for
local-level, ten for endemic-epidemic)::

    python -m tests.studies.forecast_coverage ingarch local-level endemic-epidemic

Series of the model itself are cut 14 nights before their end, the model is fitted to what is left and
forecasts the rest; all forecasts as `get_forecast` makes them unless ``kind`` says otherwise. ``held``
is how often the central interval holds the count. Counts are whole numbers, so that an interval with
no more than 2.5 % on either side holds more than 95 %: ``exact`` is what the interval would hold if
its ends were cut so that it has 95 % under the forecast itself (the mean over the randomisation of
the probability integral transform), and is to be compared with the level. Cells with several units
are averaged. ``failed`` series could not be fitted or foretold and are left out.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from analysis.errors import FitError
from analysis.models.ingarch import INGARCH
from analysis.models.ingarch.forecasting import simulate_anew
from analysis.models.local_level import LocalLevelCounts
from tests.studies.ingarch_coverage import true_params

SEED = 20260501
STEPS = (1, 7, 14)
LEVELS = (0.5, 0.8, 0.95)
FIELDS = ["case", "nights", "kind", "runs", "failed", "step", "level", "held", "exact"]


def cut_share(forecast, counts):
    """Whether central intervals hold counts, and which part of the count their cut ends leave.

    Returns an array of shape (2, levels, *counts.shape).
    """
    below, upto = forecast.cdf(counts - 1), forecast.cdf(counts)
    found = []
    for level in LEVELS:
        low, high = (1 - level) / 2, (1 + level) / 2
        held = (upto >= low) & (below < high)
        width = np.maximum(upto - below, 1e-300)
        part = np.clip(np.minimum(upto, high) - np.maximum(below, low), 0, None) / width
        found.append((held, np.where(upto > below, part, held)))
    return np.array(found, dtype=float).swapaxes(0, 1)


def ingarch_series(case, nights, runs, rng):
    """Series of an INGARCH model, with 14 nights more."""
    link, dispersion = case
    blank = INGARCH(np.arange(nights + max(STEPS)) % 2 + 1.0, link=link)
    truth = blank.fix(true_params(link, 0.3, 0.6), dispersion)
    yield from simulate_anew(truth, None, runs, None, rng).astype(float)


def ingarch_forecast(case, _kind, counts, rng):
    """The forecast of a fit."""
    return INGARCH(counts, link=case[0]).fit().get_forecast(max(STEPS), rng=rng)


def level_series(case, nights, runs, rng):
    """Counts of a drifting level that begins at 100."""
    size = nights + max(STEPS)
    truth = LocalLevelCounts([100.0]).fix(case[0])
    yield from truth.simulate(size, runs, rng=rng).to_numpy(dtype=float).T


def level_forecast(_case, kind, counts, rng):
    """The forecast of a fit, by paths or in closed form."""
    found = LocalLevelCounts(counts).fit()
    return found.get_forecast(max(STEPS), draws=0 if kind == "closed" else 1000, rng=rng)


#: By model: maker of series, forecast, runs, and cases: truth, nights, kind of forecast.
STUDIES = {
    "ingarch": (
        ingarch_series,
        ingarch_forecast,
        1_000,
        [
            ((link, dispersion), n, "drawn parameters")
            for link in ("log", "identity")
            for dispersion in (0.05, 0.3)
            for n in (200, 500)
        ],
    ),
    "local-level": (
        level_series,
        level_forecast,
        1_000,
        [((d,), 100, kind) for d in (0.7, 0.9, 0.97) for kind in ("closed", "paths")],
    ),
}


def measure(model, case, runs, rng):
    """Number of failures, and coverage by kind (held, exact), level and step."""
    make, foretell, _, _ = STUDIES[model]
    truth, nights, kind = case
    shares, failed = [], 0
    for series in make(truth, nights, runs, rng):
        try:
            forecast = foretell(truth, kind, series[:nights], rng)
        except FitError:
            failed += 1
            continue
        at = [step - 1 for step in STEPS]
        share = cut_share(forecast[at], series[nights:][at])
        shares.append(share.reshape(*share.shape[:3], -1).mean(axis=-1))
    return failed, np.mean(shares, axis=0)


def table(model, runs=None) -> Iterator[list]:
    """One row per case, step and level, each case with a stream of its own."""
    _, _, usual, cases = STUDIES[model]
    for number, case in enumerate(cases):
        rng = np.random.default_rng([SEED, sorted(STUDIES).index(model), number])
        failed, found = measure(model, case, runs or usual, rng)
        label = " ".join(str(part) for part in case[0])
        for i, step in enumerate(STEPS):
            for j, level in enumerate(LEVELS):
                shares = (f"{share:.4f}" for share in found[:, j, i])
                yield [label, *case[1:], runs or usual, failed, step, level, *shares]


def main():
    """Write the tables of the models named."""
    for model in sys.argv[1:] or STUDIES:
        target = Path(__file__).with_name(f"forecast_coverage_{model.replace('-', '_')}.csv")
        with target.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(FIELDS)
            for row in table(model):
                out.writerow(row)
                file.flush()


if __name__ == "__main__":
    main()
