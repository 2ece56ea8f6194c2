"""Measure how often the intervals of forecasts hold the counts that come.

Run from the root of the checkout, for all models, or for one and some of its cases by number; it
rewrites ``forecast_coverage_<model>.csv`` beside it (on one core about a minute a case)::

    python -m tests.studies.forecast_coverage [ingarch [0 1 ...]]

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
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.models.endemic_epidemic import EndemicEpidemic
from analysis.models.ingarch import INGARCH
from analysis.models.ingarch.forecasting import simulate_anew
from analysis.models.local_level import LocalLevelCounts
from tests.studies.endemic_epidemic_coverage import ENDS, ROW, true_model
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
    draws, uncertain = 0 if kind == "closed" else 1000, kind == "drawn discounts"
    return found.get_forecast(max(STEPS), draws=draws, parameter_uncertainty=uncertain, rng=rng)


def regional_series(case, nights, runs, rng):
    """Counts of six units in a row, as in ``endemic_epidemic_coverage``."""
    ar, ne, kind = case
    truth = true_model(ar, ne, kind, nights + max(STEPS))
    yield from truth.simulate(runs, rng)


def regional_forecast(case, kind, counts, rng):
    """The forecast of a fit, with or without the uncertainty of its parameters."""
    nights = pd.date_range("2025-01-01", periods=len(counts), name="night")
    model = EndemicEpidemic(pd.DataFrame(counts, nights), ROW, end=ENDS[case[2]])
    uncertain = kind == "drawn parameters"
    return model.fit().get_forecast(max(STEPS), draws=500, parameter_uncertainty=uncertain, rng=rng)


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
        [
            *[((d,), 100, kind) for d in (0.7, 0.9, 0.97) for kind in ("closed", "paths")],
            *[((d,), 100, "drawn discounts") for d in (0.7, 0.9, 0.97)],
        ],
    ),
    "endemic-epidemic": (
        regional_series,
        regional_forecast,
        400,
        [
            ((0.6, 0.3, "plain"), 180, "drawn parameters"),
            ((0.07, 0.03, "record"), 180, "drawn parameters"),
            ((0.6, 0.3, "record"), 180, "drawn parameters"),
            ((0.6, 0.3, "record"), 180, "estimates for the truth"),
        ],
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


def case_rows(model, number, runs):
    """Rows of one case by step and level, from a stream of its own."""
    case = STUDIES[model][3][number]
    rng = np.random.default_rng([SEED, list(STUDIES).index(model), number])
    failed, found = measure(model, case, runs, rng)
    label = " ".join(str(part) for part in case[0])
    for i, step in enumerate(STEPS):
        for j, level in enumerate(LEVELS):
            shares = (f"{share:.4f}" for share in found[:, j, i])
            yield [label, *case[1:], runs, failed, step, level, *shares]


def target(model):
    """The table of a model."""
    return Path(__file__).with_name(f"forecast_coverage_{model.replace('-', '_')}.csv")


def committed(model):
    """Rows of the table of a model by the number of their case."""
    cases = STUDIES[model][3]
    labels = [[" ".join(map(str, case[0])), str(case[1]), case[2]] for case in cases]
    rows = {}
    if target(model).exists():
        with target(model).open(encoding="utf-8", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                rows.setdefault(labels.index(row[:3]), []).append(row)
    return rows


def main():
    """Measure the cases of a model named by number, or all of all models."""
    for model in sys.argv[1:2] or STUDIES:
        _, _, runs, cases = STUDIES[model]
        rows = committed(model)
        for number in map(int, sys.argv[2:] or range(len(cases))):
            rows[number] = list(case_rows(model, number, runs))
            with target(model).open("w", encoding="utf-8", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(FIELDS)
                out.writerows(row for k in sorted(rows) for row in rows[k])


if __name__ == "__main__":
    main()
