"""What is counted: the claims of one direction, weapon and set of measures."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.accounting.nights import read_clock, read_hours
from analysis.accounting.versions import require_columns, select_versions
from analysis.errors import PanelError
from analysis.vocabulary import ADDED, DIRECTIONS, DOWNED, JOIN, MEASURES, WEAPONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is counted, and what a night is; the arguments of `build_panel`."""

    direction: str = "on_russia"
    weapon: str = "uav"
    measure: str | tuple[str, ...] = DOWNED
    night: tuple[str, str] = ("20:00", "08:00")
    tz: str | None = None
    as_of: datetime | pd.Timestamp | str | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are added up."""
        return (self.measure,) if isinstance(self.measure, str) else tuple(self.measure)


def scope_claims(claims: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Keep the chosen versions' claims of one direction, weapon and set of measures.

    Returns
    -------
    claims : pd.DataFrame
        Claims that count, and those that are shown beside them.
    regions : tuple of str
        Every unit named for the direction in a count that is added, by any weapon; sorted.

    Raises
    ------
    PanelError
        See `account_claims`.
    """
    check_scope(scope)
    if len(claims) == 0:
        raise PanelError("There are no claims.", "Give at least one, e.g. those of load_claims().")
    chosen, named = choose_claims(claims, scope)
    if not chosen["relation"].isin((*ADDED, "total")).any():
        raise no_such_claims(scope)
    claimants = sorted(chosen["claimant"].unique())
    if len(claimants) > 1:
        raise PanelError(
            f"The claims are by {len(claimants)} claimants ({', '.join(claimants[:5])}).",
            "Keep one of them: claims of different parties are not added.",
        )
    return chosen, named


def choose_claims(claims: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """As `scope_claims`, whether or not any claim is left."""
    require_columns(claims.columns)
    _require_counts(claims)
    chosen = select_versions(claims, scope.as_of)
    chosen.attrs = {}  # copied at every step, which takes longer than the step
    chosen = chosen[(chosen["direction"] == scope.direction).to_numpy()]
    added = chosen["relation"].isin(ADDED).to_numpy()
    slugs = {slug for text in chosen["regions"][added].unique() for slug in text.split(JOIN)}
    wanted = (chosen["weapon"] == scope.weapon) & chosen["measure"].isin(scope.measures)
    return chosen[wanted.to_numpy()], tuple(sorted(slugs - {""}))


def _require_counts(claims: pd.DataFrame) -> None:
    """Raise PanelError where a count is missing or below zero."""
    counts = claims["count"].to_numpy(dtype=float, na_value=np.nan)
    wrong = claims[~(counts >= 0)].sort_values(["bulletin_id", "count"])
    if len(wrong):
        pairs = zip(wrong["count"], wrong["bulletin_id"], strict=True)
        shown = ", ".join([f"{count} in {name}" for count, name in pairs][:5])
        raise PanelError(
            f"{len(wrong)} counts of the claims are missing or below zero: {shown}.",
            "Correct this at the source; do not drop rows.",
        )


def no_such_claims(scope: Scope) -> PanelError:
    """Return the error that nothing in scope counts."""
    asked = f"{' or '.join(scope.measures)} of {scope.weapon} {scope.direction}"
    when = " here" if scope.as_of is None else f" was known before {scope.as_of}"
    return PanelError(
        f"No bulletin that counts claims {asked}{when}.",
        "Ask for a direction, weapon, measure and as_of that the claims hold.",
    )


def check_scope(scope: Scope) -> None:
    """Raise PanelError where an argument of a scope is unknown or malformed."""
    read_hours(scope.night)
    if scope.tz is not None:
        read_clock(scope.tz)
    check_choice("direction", scope.direction, DIRECTIONS)
    check_choice("weapon", scope.weapon, WEAPONS)
    for measure in scope.measures or ("",):
        check_choice("measure", measure, MEASURES)


def check_choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Raise PanelError unless ``value`` is one of the words allowed for an argument.

    Examples
    --------
    >>> check_choice("weapon", "uav", WEAPONS)
    """
    if value not in allowed:
        raise PanelError(f"{name} is {value!r}, which is unknown.", f"Use {', '.join(allowed)}.")
