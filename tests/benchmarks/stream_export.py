"""Memory and time of ingesting a Telegram export: ``python -m tests.benchmarks.stream_export``.

Two made-up exports of one channel, one of them a hundred times as large as the other, are ingested
into new ledgers, each by a process of its own. Memory must not grow with the file: of an export
only the claims are kept, and it is the ledger, not the export, that takes what comes on top.

Run by hand from the checkout; the large file (1 GB) lies in a temporary folder while it runs.
"""

import argparse
import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

MODULE = "tests.benchmarks.stream_export"
FIRST = datetime(2024, 1, 1, 4, 5, tzinfo=UTC)
#: One post in this many is a bulletin: in 1 GB as many claims as in the record of 2023 to 2026.
EVERY = 100
REGIONS = ("Тульской", "Орловской", "Курской", "Брянской", "Калужской", "Рязанской")
WORDS = ("расчёт", "связь", "медаль", "ремонт", "учения", "экипаж", "дорога", "письмо", "музей")


def write_export(path: Path, size: int, seed: int) -> int:
    """Write an export of about ``size`` bytes in the layout of Telegram Desktop; return its posts."""
    rng = random.Random(seed)
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '{\n "name": "Минобороны России",\n "type": "public_channel",\n "id": 1,\n "messages": ['
        )
        while file.tell() < size:
            file.write(("" if number == 0 else ",") + "\n  " + _message(number, rng))
            number += 1
        file.write("\n ]\n}\n")
    return number


def _message(number: int, rng: random.Random) -> str:
    """One message: mostly words without a claim, some of them with the escape that is no JSON."""
    posted = FIRST + timedelta(minutes=20 * number)
    text = " ".join(rng.choices(WORDS, k=rng.randint(20, 220)))
    if number % EVERY == 0:
        counts = {region: rng.randint(1, 9) for region in rng.sample(REGIONS, 3)}
        listed = ", ".join(f"{n} – над {region} областью" for region, n in counts.items())
        text = f"Минувшей ночью силами ПВО сбиты {sum(counts.values())} БПЛА: {listed}."
    fields = {
        "id": number + 1,
        "type": "message",
        "date": f"{posted:%Y-%m-%dT%H:%M:%S}",
        "date_unixtime": str(int(posted.timestamp())),
        "text": text,
        "text_entities": [{"type": "plain", "text": text}],
    }
    message = json.dumps(fields, ensure_ascii=False, indent=1).replace("\n", "\n  ")
    return message.replace(" связь", "\\x1F связь")


def ingest(path: str, data: str) -> None:
    """Ingest one file, and print what it took as JSON: run by a process of its own."""
    from analysis.ledger import append_claims
    from analysis.ledger.claims import claims_from_chunks
    from analysis.readers import iter_posts

    began, busy = time.perf_counter(), time.process_time()
    claims, _ = claims_from_chunks(iter_posts(path))
    reading = _peak()
    report = append_claims(claims, data)
    took = {
        "seconds": round(time.perf_counter() - began, 1),
        "cpu": round(time.process_time() - busy, 1),
        "reading": reading,
        "peak": _peak(),
        "claims": report.rows_added,
    }
    sys.stdout.write(json.dumps(took) + "\n")


def _peak() -> int:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure both sizes, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1024, help="size of the large export")
    parser.add_argument("--ingest", nargs=2, metavar=("FILE", "DATA"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ingest:
        ingest(*asked.ingest)
        return
    sys.stdout.write(f"Python {platform.python_version()} on {platform.machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        for size in (asked.megabytes / 100, asked.megabytes):
            path = Path(folder) / f"{size:g}.json"
            posts = write_export(path, int(size * 2**20), seed=7)
            command = [sys.executable, "-m", MODULE, "--ingest", str(path), f"{folder}/{size:g}"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            took = json.loads(done.stdout)
            sys.stdout.write(
                f"{size:8g} MB {posts:8d} posts {took['claims']:7d} claims "
                f"{took['reading']:5d} MB peak RSS read, {took['peak']:5d} MB appended "
                f"{took['seconds']:7.1f} s ({took['cpu']:.1f} s of CPU)\n"
            )
            path.unlink()


if __name__ == "__main__":
    main()
