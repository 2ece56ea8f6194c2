"""Claims in files, asked through DuckDB without loading them.

All moments are microseconds since 1970-01-01 UTC, as in `analysis.accounting`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.accounting import Scope
from analysis.accounting.nights import Ints, Slots
from analysis.accounting.versions import read_moment, require_columns, require_moments
from analysis.errors import PanelError
from analysis.ledger.data_folder import ledger_files
from analysis.panel import claims_sql
from analysis.vocabulary import CLAIM_COLUMNS, CLAIM_NUMBERS, CLAIM_TIMES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Columns: TypeAlias = dict[str, NDArray[Any]]

#: What DuckDB may hold in memory; what is more waits in a temporary folder.
MEMORY: Final = "2GB"
#: Of posting times the first and last of every 3 hours are looked at: at most two days have them.
STRETCH: Final = 3 * 3_600_000_000


def claim_files(path: str | Path) -> tuple[Path, ...]:
    """Return the files of a ledger: a table named, or those of a folder as `load_claims` takes it.

    Raises
    ------
    PanelError
        If there is none, or it is of another kind than .csv and .parquet.
    """
    given = Path(path)
    files = (given,) if given.suffix == ".parquet" else ledger_files(given)
    found = tuple(file for file in files if file.is_file())
    if given.suffix not in ("", ".csv", ".parquet") or not found:
        raise PanelError(
            f"{given}: there is no such ledger.",
            "Name a .csv or .parquet file of claims, or a folder with a claims.csv.",
        )
    return found


class ClaimFiles:
    """A ledger in files, open for questions within one scope; use it as a context.

    Raises
    ------
    PanelError
        If DuckDB is not installed, or the files cannot be read as claims.
    """

    def __init__(self, files: tuple[Path, ...], scope: Scope) -> None:
        self.name = files[0].name
        self.scope = scope
        try:
            import duckdb
        except ImportError:
            raise PanelError(
                f"Counting {self.name} without loading it needs DuckDB, which is not installed.",
                'Install it with pip install "interception-analysis[sql]", or give '
                "build_panel the frame of load_claims.",
            ) from None
        self._refusal = duckdb.Error
        self._folder = TemporaryDirectory()
        self._db: DuckDBPyConnection = duckdb.connect()
        limits = {"memory_limit": MEMORY, "temp_directory": self._folder.name, "TimeZone": "UTC"}
        for name, value in limits.items():
            self._run(f"SET {name} = {claims_sql.words([value])[1:-1]}")
        try:
            self._open(files)
        except PanelError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files and of what was kept about them."""
        self._db.close()
        self._folder.cleanup()

    def claimants(self) -> list[str]:
        """Whose claims are in scope, sorted."""
        where = claims_sql.in_scope(self.scope)
        found = self._ask(f"SELECT DISTINCT claimant FROM claims WHERE {where}")["claimant"]
        return sorted(found.tolist())

    def versions(self) -> Columns:
        """What each version tells; see `claims_sql.versions`. They are known by their positions.

        Also ``number`` of the bulletin where it has several versions (else 0), and ``counts``,
        of which of those it is certain that it counts.
        """
        self._keep("versions", claims_sql.versions(self.scope))
        blank = self._ask(
            "SELECT bulletin_id, count(*) OVER () AS n FROM versions "
            f"WHERE bits & {claims_sql.BLANK} <> 0 OR revision IS NULL ORDER BY bulletin_id LIMIT 1"
        )
        if blank["n"].size:
            raise PanelError(
                f"{self.name}: {blank['n'][0]} versions lack a count or a revision, first of "
                f"{blank['bulletin_id'][0]}.",
                "Correct this at the source; do not drop rows.",
            )
        told = self._ask(
            "SELECT * EXCLUDE (bulletin_id, source, revision) FROM versions ORDER BY rowid"
        )
        rivals = self._ask(claims_sql.rivals())
        for name, kind in (("number", np.int64), ("counts", np.bool_)):
            told[name] = np.zeros(told["bits"].size, dtype=kind)
            told[name][rivals["position"]] = rivals[name]
        return told

    def count_plain(self, aside: Ints, picked: Ints, slots: Slots) -> tuple[Columns, list[str]]:
        """Sum the plain bulletins by ``night`` and regions, of which ``code`` is the position.

        The names of a million cells cost more than their sums; so each comes once, beside them.

        Parameters
        ----------
        aside : Ints
            Versions of the bulletins whose rows do not count.
        picked : Ints
            Those of them that count nevertheless.
        slots : Slots
            Around them all.
        """
        self._keep_bulletins("aside", aside)
        self._keep_bulletins("picked", picked, "bulletin_id, source, revision")
        base, step = int(slots.edges[0]), int(slots.length.min())
        begins = np.arange(base, int(slots.edges[-1]), step)
        slot = np.searchsorted(slots.edges, begins, side="right") - 1
        after = np.minimum(slot + 1, slots.night.size - 1)
        night = slots.night
        spells = {"edge": slots.edges[slot + 1], "before": night[slot], "after": night[after]}
        self._db.register("given", pd.DataFrame({"spell": np.arange(begins.size), **spells}))
        self._keep("spells", "FROM given")
        self._db.unregister("given")
        self._keep("sums", claims_sql.counts_by_night(self.scope, base, step))
        named = self._ask("SELECT DISTINCT regions FROM sums ORDER BY regions")["regions"].tolist()
        self._db.register("given", pd.DataFrame({"regions": named, "code": np.arange(len(named))}))
        sums = self._ask("SELECT night, code, count FROM sums JOIN given USING (regions)")
        self._db.unregister("given")
        return sums, named

    def regions_beside(self) -> list[str]:
        """Regions, perhaps joined, that claims beside those in scope name."""
        return [str(text) for text in self._ask(claims_sql.regions_beside(self.scope))["regions"]]

    def name_nights(self, versions: Ints, nights: Ints) -> dict[int, str]:
        """Join the sorted identities of the bulletins told in each night by a space."""
        self._db.register("placed", pd.DataFrame({"position": versions, "night": nights}))
        found = self._ask(
            "SELECT night, string_agg(bulletin_id, ' ' ORDER BY bulletin_id) AS ids "
            "FROM versions JOIN placed ON versions.rowid = placed.position GROUP BY night"
        )
        self._db.unregister("placed")
        return dict(zip(found["night"].tolist(), found["ids"].tolist(), strict=True))

    def figure_hours(self) -> tuple[Ints, Ints]:
        """Starts and ends of the windows of figures that contain others."""
        found = self._ask(claims_sql.figure_hours(self.scope))
        return found["starts"], found["ends"]

    def posting_times(self, claimant: str) -> Ints:
        """A claimant's times of posting: those that tell the days on which there are any."""
        found = self._ask(claims_sql.posting_times(claimant, STRETCH))
        return np.concatenate([found["first"], found["last"]])

    def rows(self, versions: Ints | None = None) -> pd.DataFrame:
        """Load all claims of some versions' bulletins (else of all) as `load_claims` would."""
        query = claims_sql.rows()
        if versions is not None:
            self._keep_bulletins("wanted", versions)
            query += " SEMI JOIN wanted USING (bulletin_id)"
        read = self._ask(query)
        for name in CLAIM_TIMES:
            read[name] = pd.array(read[name].view("datetime64[us]")).tz_localize("UTC")
        kinds = {
            name: "str" for name in CLAIM_COLUMNS if name not in (*CLAIM_TIMES, *CLAIM_NUMBERS)
        }
        return pd.DataFrame(read).astype(kinds)

    def _open(self, files: tuple[Path, ...]) -> None:
        """Give the rows of the files, those known in time, the name ``claims``."""
        listed = claims_sql.words(str(file) for file in files)[1:-1]
        if files[0].suffix == ".csv":
            text = "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"'"
            source = f"read_csv([{listed}], {text})"
        else:
            source = f"read_parquet([{listed}])"
        types = self._ask(f"SELECT column_name, column_type FROM (DESCRIBE FROM {source})")
        kinds = dict(zip(types["column_name"], types["column_type"], strict=True))
        require_columns(kinds)
        zoned = ("VARCHAR", "TIMESTAMP WITH TIME ZONE")
        require_moments({n: str(kinds[n]) for n in CLAIM_TIMES if kinds[n] not in zoned})
        as_of = None if self.scope.as_of is None else read_moment(self.scope.as_of).value // 1000
        self._run(f"CREATE TEMP VIEW claims AS {claims_sql.claims_view(source, kinds, as_of)}")

    def _keep_bulletins(self, name: str, versions: Ints, columns: str = "bulletin_id") -> None:
        """Keep the names of some versions, or of their bulletins, as a table."""
        self._db.register("positions", pd.DataFrame({"position": versions}))
        self._keep(name, f"SELECT {columns} FROM versions JOIN positions ON rowid = position")
        self._db.unregister("positions")

    def _keep(self, name: str, query: str) -> None:
        """Keep an answer as a table."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def _ask(self, query: str) -> Columns:
        """Columns of an answer."""
        answer: dict[str, Any] = self._run(query).fetchnumpy()
        return answer

    def _run(self, query: str) -> "DuckDBPyConnection":
        """Run a query; what DuckDB refuses is said in one sentence."""
        try:
            return self._db.execute(query)
        except self._refusal as refusal:
            raise PanelError(
                f"{self.name} cannot be read as claims: {str(refusal).splitlines()[0]}",
                "Give a ledger that load_claims reads, or one saved from its frame.",
            ) from refusal
