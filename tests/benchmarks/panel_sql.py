"""A panel from 10 million claims through DuckDB: ``python -m tests.benchmarks.panel_sql``.

Made-up claims: bulletins of 20 minutes, one after the other for 38 years, each with a total and 1 to
16 regions; of one in twenty there are two versions. Beside ``build_panel`` of the file stand two bare
queries that do the least of the same work (the newest version of each bulletin, the night of its
window by plain arithmetic, the sum by night and region): a common table expression that is joined,
and a window function. Each runs in a process of its own on one core; its time is that of the
processor (``time.process_time``), without imports, and its memory the most that it held
(``resource.getrusage``). Of three runs the shortest time counts. The frame of ``load_claims`` is
measured on a tenth of the rows by default: with 10 million it takes more memory than most machines.

It takes about three minutes, half a minute of them for the claims.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb

from analysis import build_panel
from analysis.regions import regions

MODULE = "tests.benchmarks.panel_sql"
RUNS = 3
SLUGS = sorted(regions())[:60]
CLAIMS = """
COPY (
    WITH told AS (
        SELECT range AS b, TIMESTAMPTZ '1990-01-01 00:00Z' + to_minutes(20 * range::INT) AS start,
            1 + (hash(range) % 16)::INT AS parts, hash(range * 7 + 1) % 20 = 0 AS twice
        FROM range({bulletins})),
    version AS (SELECT *, unnest(CASE WHEN twice THEN [1, 2] ELSE [1] END) AS revision FROM told),
    item AS (SELECT *, unnest(range(0, parts + 1)) AS i FROM version),
    counted AS (
        SELECT *, CASE WHEN i > 0 THEN 1 + (hash(b * 100 + i + revision) % 9)::INT ELSE 0 END AS n
        FROM item)
    SELECT strftime(start, '%Y%m%dT%H%MZ') || '.ru_mod.on_russia.uav' AS bulletin_id,
        'ru_mod' AS claimant, 'on_russia' AS direction, 'uav' AS weapon, start AS window_start,
        start + to_minutes(20) AS window_end, 'stated' AS window_precision,
        start + to_minutes(30) AS posted_at, 'mod_russia' AS source, 'primary' AS source_kind,
        revision::BIGINT AS revision, start + to_minutes(30 * revision) AS known_at,
        'itemised' AS list, 'intercepted' AS measure,
        CASE WHEN i > 0 THEN 'single' ELSE 'total' END AS relation,
        CASE WHEN i > 0 THEN {slugs}[1 + ((b * 31 + i * 7) % 60)::INT] ELSE '' END AS regions,
        '' AS "of",
        CASE WHEN i > 0 THEN n ELSE sum(n) OVER (PARTITION BY b, revision) END::BIGINT AS count,
        'https://t.me/mod_russia' AS source_url, 'ru' AS language
    FROM counted ORDER BY b, revision, i
) TO '{file}' (FORMAT parquet)
"""
SCOPE = "direction = 'on_russia' AND weapon = 'uav' AND measure IN ('intercepted', 'suppressed')"
NIGHT = "(epoch_us(window_start) + 7 * 3600000000) // 86400000000"
ADDED = "relation IN ('single', 'each', 'joint')"
BARE = {
    "bare query, joined": """
        WITH newest AS (SELECT bulletin_id, max(revision) AS revision FROM '{file}' GROUP BY 1)
        SELECT {night} AS night, regions, sum(count)::BIGINT AS n
        FROM '{file}' JOIN newest USING (bulletin_id, revision)
        WHERE {scope} AND {added} GROUP BY 1, 2""",
    "bare query, window": """
        SELECT {night} AS night, regions, sum(count)::BIGINT AS n FROM (
            SELECT * FROM '{file}' WHERE {scope}
            QUALIFY revision = max(revision) OVER (PARTITION BY bulletin_id))
        WHERE {added} GROUP BY 1, 2""",
}


def make_claims(file: Path, rows: int) -> int:
    """Write made-up claims, some 9.5 a version; return how many."""
    slugs = "[" + ", ".join(f"'{slug}'" for slug in SLUGS) + "]"
    with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(file.parent)}) as db:
        db.execute(CLAIMS.format(bulletins=rows // 10, slugs=slugs, file=file))
        [(count,)] = db.execute(f"SELECT count(*) FROM '{file}'").fetchall()
    return int(count)


def run(what: str, file: Path) -> float:
    """Do one thing, and return the processor time it took."""
    if what == "frame":
        import pandas as pd

        from analysis.vocabulary import CLAIM_TIMES

        claims = pd.read_parquet(file)
        times = dict.fromkeys(CLAIM_TIMES, "datetime64[us, UTC]")
        claims = claims.astype(times)
        began = time.process_time()
        build_panel(claims)
    elif what == "file":
        began = time.process_time()
        build_panel(file)
    else:
        query = BARE[what].format(file=file, night=NIGHT, scope=SCOPE, added=ADDED)
        with duckdb.connect(config={"memory_limit": "2GB"}) as db:
            began = time.process_time()
            db.execute(query).df()
    return time.process_time() - began


def measure(what: str, file: Path, runs: int = RUNS) -> float:
    """Run one thing several times in processes of its own; print the best time and the memory."""
    command = [sys.executable, "-m", MODULE, "--run", what, "--file", str(file)]
    found = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(runs)
    ]
    seconds = min(one["seconds"] for one in found)
    memory = max(one["megabytes"] for one in found)
    sys.stdout.write(f"  {what:20}{seconds:8.2f} s{memory:8.0f} MB at most\n")
    return seconds


def main() -> None:
    """Make claims, and count them in every way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, default=1e7)
    parser.add_argument("--frame-rows", type=float, default=1e6)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # threads share one core
        seconds = run(asked.run, asked.file)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": megabytes}))
        return
    machine = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    sys.stdout.write(f"{machine} on one core of {platform.machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        for rows, ways in ((asked.rows, ("file", *BARE)), (asked.frame_rows, ("file", "frame"))):
            file = Path(folder) / f"claims-{rows:.0f}.parquet"
            # In a process of its own: what this one has held, those it starts are said to have held.
            with ProcessPoolExecutor(1) as elsewhere:
                count = elsewhere.submit(make_claims, file, int(rows)).result()
            sys.stdout.write(f"{count} rows of claims, {file.stat().st_size / 2**20:.0f} MB\n")
            took = {what: measure(what, file, 1 if what == "frame" else RUNS) for what in ways}
            for what in (what for what in BARE if what in took):
                ratio = took["file"] / took[what]
                sys.stdout.write(f"  the file takes {ratio:.2f} times the {what}\n")


if __name__ == "__main__":
    main()
