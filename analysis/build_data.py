"""Rebuild the ledger from the collected record: ``python -m analysis.build_data RECORD DATA``."""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.datapackage import datapackage_json
from analysis.errors import AnalysisError
from analysis.ledger import AppendReport, append_claims, ingest_posts, load_claims
from analysis.ledger.attack_claims import claims_from_attacks
from analysis.ledger.claims import claims_from_structured
from analysis.ledger.claims_csv import as_csv
from analysis.ledger.claims_text import claims_as_text, empty_claims
from analysis.ledger.data_folder import CLAIMS, CODEBOOK, DAYS, UKRAINE
from analysis.ledger.storage import locked, replace_files
from analysis.panel import build_panel
from analysis.plotting import table_text
from analysis.readers import read_attacks, read_posts, read_structured
from analysis.vocabulary import ALL

POSTS: Final = "mod_russia_posts.csv"
COMPLETIONS: Final = "bulletin_completions.jsonl"
EXTRAS: Final = "extra_bulletins.jsonl"
ATTACK_TABLE: Final = "missile_attacks_daily.csv"
PANEL: Final = "panel.csv"


def build_data(record: str | Path, data: str | Path) -> dict[str, AppendReport]:
    """Write the ledger, its codebook and the panel anew from the collected record.

    Everything is built aside and put in place at the end, so a failure leaves the old files. What
    the folder's ledger held besides the record is gone: use `ingest_posts` to add to a ledger.

    Parameters
    ----------
    record : str or Path
        Folder with mod_russia_posts.csv, bulletin_completions.jsonl, extra_bulletins.jsonl and
        missile_attacks_daily.csv.
    data : str or Path
        Folder to write to; made if it does not exist.

    Returns
    -------
    dict
        Name of each file of the record -> what appending it did.

    Raises
    ------
    AnalysisError
        If a file of the record is missing or cannot be read, or the folder cannot be written.

    Examples
    --------
    >>> build_data("no-such-record", "data")
    Traceback (most recent call last):
    analysis.errors.ReadError: no-such-record/mod_russia_posts.csv: there is no such file. ...
    """
    record, data = Path(record), Path(data)
    posts = read_posts(record / POSTS)
    structured = {name: read_structured(record / name) for name in (COMPLETIONS, EXTRAS)}
    attacks = claims_from_attacks(read_attacks(record / ATTACK_TABLE))
    with tempfile.TemporaryDirectory() as aside:
        reports = {POSTS: ingest_posts(posts, aside)}
        for name, file in structured.items():
            claims = claims_from_structured(file.bulletins, file.skipped)
            reports[name] = append_claims(claims, aside)
        reports[ATTACK_TABLE] = append_claims(attacks, aside)
        texts = {name: _built(Path(aside) / name) for name in (CLAIMS, UKRAINE, DAYS)}
        texts[PANEL] = panel_text(build_panel(load_claims(aside)))
    data.mkdir(parents=True, exist_ok=True)
    texts[CODEBOOK] = datapackage_json()
    with locked(data):
        replace_files({data / name: text for name, text in texts.items()})
    return reports


def _built(file: Path) -> str:
    """Return the text of a file; a ledger to which nothing was added is its header."""
    if not file.is_file():
        return as_csv(claims_as_text(empty_claims()))
    return file.read_text(encoding="utf-8")


def panel_text(panel: pd.DataFrame) -> str:
    """Return a panel as the shipped CSV: the bulletins of a night stand on its row ``all`` only."""
    return table_text(panel.assign(bulletins=panel["bulletins"].where(panel["region"] == ALL, "")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rebuild from the command line and say on standard error what it did.

    Returns
    -------
    int
        0, or 2 after one sentence about what is wrong.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 2:
        sys.stderr.write("Use: python -m analysis.build_data RECORD DATA\n")
        return 2
    try:
        reports = build_data(*given)
    except AnalysisError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    for name, report in reports.items():
        codes = Counter(finding.code for finding in report.findings)
        found = ", ".join(f"{code} {n}" for code, n in sorted(codes.items())) or "none"
        sys.stderr.write(
            f"{name}: {report.rows_added} claims in {report.versions_added} versions; "
            f"findings: {found}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
