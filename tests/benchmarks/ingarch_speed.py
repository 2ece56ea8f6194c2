"""Speed of the INGARCH models on one core: ``python -m tests.benchmarks.ingarch_speed``.

The tasks that the R package `tscount` was timed on, on series simulated from the model: a fit of NB2
(1, 1) to 500 nights, one to 700 nights with three interventions, 100 rolling refits with a one-step
forecast, and a scan of 499 nights for a level shift. Beside each stand R's seconds (tscount 1.4.3 on
another machine) and what was asked. Times are of the processor (``time.process_time``), from the
series to finished results, the best of several passes.

Run by hand from the checkout; it takes about half a minute.
"""

import json
import platform
import sys
import time
from collections.abc import Callable

import numpy as np
import scipy

from analysis.models.ingarch import INGARCH, intervention, scan_interventions

PASSES = 15


def series(n: int, exog: np.ndarray | None = None) -> np.ndarray:
    """Counts of ``n`` nights from an identity model with lags (1, 1) and a mean of 8."""
    base = np.arange(n) % 5 + 1.0
    effects = [] if exog is None else [2.0] * exog.shape[1]
    model = INGARCH(base, exog, link="identity")
    return model.fix([2.0, 0.35, 0.4, *effects], 0.3).simulate(rng=1)[0].to_numpy()


def best(task: Callable[[], object], passes: int = PASSES) -> float:
    """Seconds of the fastest of several passes."""
    times = []
    for _ in range(passes):
        begin = time.process_time()
        task()
        times.append(time.process_time() - begin)
    return min(times)


def rolling(counts: np.ndarray, link: str, *, parameter_uncertainty: bool) -> float:
    """Refit on ever longer series of up to 500 nights and forecast the next one, 100 times."""
    total, before = 0.0, None
    for end in range(len(counts) - 100, len(counts)):
        before = INGARCH(counts[:end], link=link).fit(start=before)
        forecast = before.get_forecast(1, parameter_uncertainty=parameter_uncertainty, draws=200)
        total += forecast.mean[0]
    return total


def measure(link: str) -> list[dict[str, object]]:
    """Measure each task with one link."""
    counts = series(500)
    shifts = np.column_stack(
        [
            intervention(700, 150),
            intervention(700, 350, "transient"),
            intervention(700, 500, "spike"),
        ]
    )
    longer = series(700, shifts)
    fit = INGARCH(counts, link=link).fit()
    tasks: list[tuple[str, float | None, float | None, int, Callable[[], object]]] = [
        ("fit, n = 500", 0.31, 0.010, PASSES, lambda: INGARCH(counts, link=link).fit()),
        (
            "fit, n = 700, three interventions",
            1.2,
            0.024,
            PASSES,
            lambda: INGARCH(longer, shifts, link=link).fit(),
        ),
        (
            "100 rolling refits, one-step forecast",
            31.0,
            0.5,
            3,
            lambda: rolling(counts, link, parameter_uncertainty=False),
        ),
        (
            "the same with parameter uncertainty (200 draws)",
            None,
            None,
            2,
            lambda: rolling(counts, link, parameter_uncertainty=True),
        ),
        ("scan of 499 nights", 4.8, 0.096, PASSES, lambda: scan_interventions(fit, draws=0)),
    ]
    rows = []
    for name, of_r, asked, passes, task in tasks:
        seconds = best(task, passes)
        rows.append(
            {
                "link": link,
                "task": name,
                "seconds": round(seconds, 5),
                "asked": asked,
                "tscount": of_r,
                "times_faster": None if of_r is None else round(of_r / seconds),
            }
        )
    return rows


def main() -> None:
    """Print one JSON document."""
    rows = [row for link in ("identity", "log") for row in measure(link)]
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    versions["scipy"] = scipy.__version__
    sys.stdout.write(json.dumps({"versions": versions, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
