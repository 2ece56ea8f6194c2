"""The questions that `claims_files` asks, in SQL.

They judge bulletins as `analysis.accounting.ranking` and `analysis.accounting.tally` do, as far as
is needed to tell those that are complete and itemised from all others. Moments are microseconds.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from analysis.accounting import Scope
from analysis.accounting.spans import DELAY
from analysis.accounting.tally import NEVER
from analysis.vocabulary import (
    ADDED,
    CLAIM_COLUMNS,
    CLAIM_NUMBERS,
    CLAIM_TIMES,
    DOWNED,
    JOIN,
    OUTSIDE_ZONE,
)

#: What the rows of a version tell, as bits. The first 16 say which shapes they have: 4 times the
#: relation (total, part, subset, another), and how many regions are named (none, one, several, or
#: what is no unit). One in each column is enough to tell, so each column is read for itself.
_RELATION: Final = {"total": 0} | dict.fromkeys(ADDED, 1) | {"subset": 2}
#: A total, a count for one region, and subsets, which are never added.
TOTAL, PART, SUBSET = 1 << 0, 1 << 5, 0b111 << 8
#: Other shapes, a cut or withheld list, hours that are assumed, no hours, or a negative count.
AWKWARD = (1 << 16) - 1 - TOTAL - PART - SUBSET
UNLISTED, VAGUE, TIMELESS, NEGATIVE = (1 << i for i in range(16, 20))
#: Counts above 0; counts that are not given.
COUNTS, BLANK = 1 << 20, 1 << 21
#: Claims in scope by their direction, weapon and, from MEASURE on, measures; claims that are not.
DIRECTION, WEAPON, OTHER_DIRECTION, OTHER_WEAPON, OTHER_MEASURE = (1 << i for i in range(22, 27))
MEASURE = 1 << 27
OTHERS = OTHER_DIRECTION | OTHER_WEAPON | OTHER_MEASURE
#: What only the accounting can judge.
HARD = AWKWARD | UNLISTED | VAGUE | TIMELESS | NEGATIVE | OTHERS

#: Names of the times in the view.
TIMES: Final = dict(zip(CLAIM_TIMES, ("starts", "ends", "posted", "known"), strict=True))
_UNKNOWN: Final = f"CAST('{NEVER}' AS BIGINT)"


def words(values: Iterable[str]) -> str:
    """List words for a query.

    Examples
    --------
    >>> words(("single", "each"))
    "('single', 'each')"
    """
    return "(" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + ")"


def claims_view(source: str, types: Mapping[str, str], as_of: int | None) -> str:
    """Claims as columns without nulls but for times and numbers, known before a moment."""
    columns = []
    for name in CLAIM_COLUMNS:
        column = f'"{name}"'
        if name in CLAIM_TIMES:
            if types[name] == "VARCHAR":
                column = f"CAST(nullif({column}, '') AS TIMESTAMPTZ)"
            columns.append(f"epoch_us({column}) AS {TIMES[name]}")
        elif name in CLAIM_NUMBERS:
            columns.append(f"CAST({column} AS BIGINT) AS {column}")
        else:
            columns.append(f"coalesce({column}, '') AS {column}")
    known = "" if as_of is None else f" WHERE known < {as_of}"
    return f"FROM (SELECT {', '.join(columns)} FROM {source}){known}"


def in_scope(scope: Scope) -> str:
    """Whether a row claims what is asked for."""
    return (
        f"direction IN {words([scope.direction])} AND weapon IN {words([scope.weapon])} "
        f"AND measure IN {words(scope.measures)}"
    )


def versions(scope: Scope) -> str:
    """One row per version and the bulletin it tells.

    ``kind`` of the source (0 primary, 1 completion, 2 report); ``first_begin, last_begin,
    first_end, last_end``, the moments between which its rows can count; ``balance``, by how much
    what is added up exceeds the totals; ``bits`` of what the rows tell.
    """
    kind = _cases("source_kind", {"primary": 0, "completion": 1}, 2)
    relation = _cases("relation", _RELATION, 3)
    regions = (
        f"CASE WHEN regions = '' THEN 0 WHEN contains(regions, '{JOIN}') THEN 2 "
        f"WHEN regions = '{OUTSIDE_ZONE}' THEN 3 ELSE 1 END"
    )
    measures = {name: MEASURE << i for i, name in enumerate(scope.measures) if name in DOWNED}
    bits = (
        f"1 << ({relation} * 4 + {regions})",
        _cases("direction", {scope.direction: DIRECTION}, OTHER_DIRECTION),
        _cases("weapon", {scope.weapon: WEAPON}, OTHER_WEAPON),
        _cases("measure", measures, OTHER_MEASURE),
        _cases("list", {"itemised": 0, "joint": 0}, UNLISTED),
        _cases("window_precision", {"stated": 0, "point": 0}, VAGUE),
        f"CASE WHEN starts < ends THEN 0 ELSE {TIMELESS} END",
        f"CASE WHEN count > 0 THEN {COUNTS} WHEN count = 0 THEN 0 "
        f"WHEN count < 0 THEN {NEGATIVE} ELSE {BLANK} END",
    )
    sign = _cases("relation", {"total": -1} | dict.fromkeys(ADDED, 1), 0)
    begins = f"CASE WHEN starts < ends THEN starts ELSE posted - {DELAY} END"
    ends = "CASE WHEN starts < ends THEN ends ELSE posted + 1 END"
    return f"""
    SELECT bulletin_id, {kind} AS kind, source, revision,
        coalesce(min({begins}), {_UNKNOWN}) AS first_begin,
        coalesce(max({begins}), {_UNKNOWN}) AS last_begin,
        coalesce(min({ends}), {_UNKNOWN}) AS first_end,
        coalesce(max({ends}), {_UNKNOWN}) AS last_end,
        sum(count * {sign})::BIGINT AS balance,
        bit_or(({") | (".join(bits)})) AS bits
    FROM claims GROUP BY bulletin_id, {kind}, source, revision"""


def rivals() -> str:
    """The versions of each bulletin that has several: ``number`` of the bulletin, and ``counts``.

    ``counts`` says of which version it is certain that it counts: the newest complete primary,
    whatever completions and reports tell, if no primary holds what only the accounting can judge.
    The order is that of `ranking.order_versions`.
    """
    return f"""
    WITH several AS (
        SELECT bulletin_id, row_number() OVER () AS number
        FROM versions GROUP BY bulletin_id HAVING count(*) > 1),
    rival AS (
        SELECT versions.rowid AS position, number, revision,
            kind = 0 AND (bits & {TOTAL} = 0 OR balance = 0) AS complete,
            bits & (CASE kind WHEN 0 THEN {HARD} ELSE {OTHERS} END) = 0 AS easy
        FROM versions JOIN several USING (bulletin_id))
    SELECT position, number, complete AND bool_and(easy) OVER one
        AND revision = max(CASE WHEN complete THEN revision END) OVER one
        AND count(*) OVER (PARTITION BY number, complete, revision) = 1 AS counts
    FROM rival WINDOW one AS (PARTITION BY number) ORDER BY position"""


def counts_by_night(scope: Scope, base: int, step: int) -> str:
    """Sums of the plain bulletins by night and region.

    All rows count but those of the bulletins in ``aside``; of them, the versions in ``picked`` do.
    ``spells`` cuts the time since ``base`` into pieces of one length and gives the night (or
    ``BETWEEN``) before and after the one edge that each may hold.
    """
    rows = f"relation IN {words(ADDED)} AND {in_scope(scope)}"
    return f"""
    SELECT night, regions, sum(count)::BIGINT AS count FROM (
        SELECT regions, count, CASE WHEN starts < edge THEN before ELSE after END AS night FROM (
            SELECT starts, regions, count FROM claims ANTI JOIN aside USING (bulletin_id)
            WHERE {rows}
            UNION ALL
            SELECT c.starts, c.regions, c.count
            FROM claims AS c JOIN picked USING (bulletin_id, source, revision)
            WHERE c.source_kind = 'primary' AND {rows})
        JOIN spells ON (starts - {base}) // {step} = spell)
    GROUP BY night, regions"""


def _cases(column: str, codes: Mapping[str, int], otherwise: int) -> str:
    """Code of each word in a column."""
    cases = "".join(f" WHEN {words([word])[1:-1]} THEN {code}" for word, code in codes.items())
    return f"(CASE {column}{cases} ELSE {otherwise} END)" if cases else str(otherwise)


def regions_beside(scope: Scope) -> str:
    """Units named in the same direction by claims of other weapons and measures."""
    return f"""
    SELECT DISTINCT regions FROM claims ANTI JOIN aside USING (bulletin_id)
    WHERE direction IN {words([scope.direction])} AND relation IN {words(ADDED)}
        AND NOT ({in_scope(scope)})"""


def figure_hours(scope: Scope) -> str:
    """Windows of the figures that contain others."""
    return f"""
    SELECT DISTINCT starts, ends FROM claims
    WHERE relation = 'cumulative' AND starts < ends AND {in_scope(scope)}"""


def posting_times(claimant: str, stretch: int) -> str:
    """First and last time of posting in every stretch of time that has one."""
    return f"""
    SELECT min(posted) AS first, max(posted) AS last FROM claims
    WHERE claimant IN {words([claimant])} AND source_kind <> 'report' AND posted IS NOT NULL
    GROUP BY posted // {stretch}"""


def rows() -> str:
    """All columns of the claims; a time that is not known is ``NEVER``."""
    columns = ", ".join(
        f'coalesce({TIMES[name]}, {_UNKNOWN}) AS "{name}"' if name in CLAIM_TIMES else f'"{name}"'
        for name in CLAIM_COLUMNS
    )
    return f"SELECT {columns} FROM claims"
