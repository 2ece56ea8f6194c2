"""Speed of reading bulletins on one core: ``python -m tests.benchmarks.parsing_speed``.

The posts of the collected record, where it lies beside the checkout, and as many made-up ones of the
same length are read twice over: the first time by a process of its own, which has its imports to do,
the lexicon to load and every word to look up; then seven times by this one, of which the best counts.
Beside it, one regular expression looks for no more than "five over Tula" in the same texts. Last come
two long texts, with the memory they take. All times are of the processor (``time.process_time``).

Run by hand from the checkout; it takes about half a minute.
"""

import argparse
import csv
import json
import platform
import random
import re
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

MODULE = "tests.benchmarks.parsing_speed"
RECORD = Path(__file__).resolve().parents[3] / "shared" / "data" / "mod_russia_posts.csv"
PASSES = 7
#: What a quick script takes for a claim: a number or a word, "over" and a name.
PAIR = re.compile(
    r"\b(\d+|[а-яё]+)\s+(?:[–—-]\s+)?над\s+"
    r"(?:(?:территори|акватори)(?:ей|ями)\s+)?([А-ЯЁ][\w-]+)"
)
FIRST = datetime(2024, 1, 1, 4, 5, tzinfo=UTC)
REGIONS = ("Тульской", "Орловской", "Курской", "Брянской", "Калужской", "Рязанской", "Пензенской")
NUMBERS = ("один", "два", "три", "четыре", "пять", "шесть", "семь")
WORDS = ("расчёт", "связь", "медаль", "ремонт", "учения", "экипаж", "дорога", "письмо", "музей")

Posts = list[tuple[str, datetime]]


def recorded() -> Posts:
    """The posts of the collected record; none where it is not at hand."""
    if not RECORD.exists():
        return []
    with RECORD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["text"], datetime.fromisoformat(row["posted_utc"])) for row in rows]


def made(n_posts: int = 5927) -> Posts:
    """Made-up posts as long as those of the record; of ten, six are bulletins."""
    rng = random.Random(7)
    posts = []
    for number in range(n_posts):
        parts = rng.choices(range(1, 8), k=6)
        items = [
            f"{NUMBERS[n - 1]} – над территорией {region} области"
            for n, region in zip(parts, rng.sample(REGIONS, 6), strict=True)
        ]
        text = " ".join(rng.choices(WORDS, k=48)) + "."
        if number % 10 < 6:
            hours = f"**С {rng.randint(20, 23)}.00 мск до {rng.randint(4, 7)}.10 мск**"
            text = (
                f"⚡️ {hours} дежурными средствами ПВО сбиты {sum(parts)} БПЛА: {', '.join(items)}."
            )
        posts.append((text, FIRST + timedelta(hours=12 * number)))
    return posts


SOURCES: dict[str, Callable[[], Posts]] = {"record": recorded, "made": made}


def first_pass(source: str) -> None:
    """Read all posts once, and print how long that took as JSON: run by a process of its own."""
    posts = SOURCES[source]()
    began = time.process_time()
    from analysis.bulletins import parse_bulletins

    imported = time.process_time()
    for text, posted in posts:
        parse_bulletins(text, posted)
    took = {"imports": imported - began, "reading": time.process_time() - imported}
    sys.stdout.write(json.dumps(took) + "\n")


def best(read: Callable[[], object], passes: int = PASSES) -> float:
    """The shortest processor time of some passes, in seconds."""
    took = []
    for _ in range(passes):
        began = time.process_time()
        read()
        took.append(time.process_time() - began)
    return min(took)


def measure(source: str) -> None:
    """Print how fast the posts of a source are read, and how fast a bare search goes over them."""
    from analysis.bulletins import parse_bulletins

    posts = SOURCES[source]()
    if not posts:
        sys.stdout.write(f"{source}: skipped, {RECORD} is not there\n")
        return
    letters = sum(len(text) for text, _ in posts)
    sys.stdout.write(f"{source}: {len(posts)} posts, {letters} characters\n")
    command = [sys.executable, "-m", MODULE, "--first", source]
    first = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    _say("imports of a fresh process", first["imports"], 0)
    _say("parse_bulletins, its first pass", first["reading"], len(posts))
    again = best(lambda: [parse_bulletins(text, posted) for text, posted in posts])
    _say(f"parse_bulletins, best of {PASSES}", again, len(posts))
    search = best(lambda: [PAIR.findall(text) for text, _ in posts])
    _say(f"re.findall of pairs, best of {PASSES}", search, len(posts))


def measure_long() -> None:
    """Print time and memory of two long texts: linear in their length, both."""
    from analysis.bulletins import parse_bulletins

    bulletin = made(1)[0][0] + " "
    numbers = " ".join(f"{n % 90 + 1} – над Тульской областью," for n in range(10_000))
    long = {
        "one text of 1 million characters": bulletin * (1_000_000 // len(bulletin)),
        "one text of 10,000 numbers": f"Ночью силами ПВО сбиты беспилотники: {numbers}",
    }
    for name, text in long.items():
        _say(name, best(lambda text=text: parse_bulletins(text, FIRST), 2), 0)
        tracemalloc.start()
        parse_bulletins(text, FIRST)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        sys.stdout.write(f"  {'':38}{peak / 2**20:8.0f} MB at most\n")


def _say(what: str, seconds: float, n_posts: int) -> None:
    """Print one line: how long it took and, where posts were read, how many in a second."""
    rate = ""
    if n_posts:
        rate = f"{n_posts / seconds:10.0f} posts/s {1e6 * seconds / n_posts:7.1f} µs each"
    sys.stdout.write(f"  {what:38}{seconds:8.3f} s{rate}\n")


def main() -> None:
    """Measure the record, the made-up posts and the long texts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", choices=SOURCES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.first:
        first_pass(asked.first)
        return
    sys.stdout.write(f"Python {platform.python_version()} on {platform.machine()}\n")
    for source in SOURCES:
        measure(source)
    measure_long()


if __name__ == "__main__":
    main()
