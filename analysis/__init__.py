"""Statistics on published claims of intercepted drones.

Bulletins become a ledger of claims, the ledger a tidy night x region panel that knows what it does
not know, and the panel summaries, models, figures and a report. The names below are the public API;
each is loaded when it is first used.

Numbers are claims of a party to the conflict, as published; they are not verified counts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis import checks, figures
    from analysis.audit import audit_claims, reconcile
    from analysis.bulletins import Bulletin, parse_bulletins
    from analysis.comparison import (
        compare_pairs,
        compare_periods,
        compare_regions,
        heterogeneity,
        rank_regions,
        shrink_rates,
    )
    from analysis.errors import AnalysisError
    from analysis.ledger import AppendReport, append_claims, claims_from_posts, load_claims
    from analysis.models.endemic_epidemic import (
        EndemicEpidemic,
        EndemicEpidemicResults,
        Neighbours,
        Predictor,
        region_neighbours,
    )
    from analysis.models.ingarch import (
        INGARCH,
        INGARCHResults,
        find_interventions,
        intervention,
        scan_interventions,
        score_test,
    )
    from analysis.models.local_level import LocalLevelCounts, LocalLevelResults
    from analysis.models.pooled_results import PooledResults, pool_results
    from analysis.models.rank_trend import RankTrend, rank_trend
    from analysis.models.reciprocity import ReciprocityResults, fit_reciprocity
    from analysis.models.registry import fit_draws, fit_model
    from analysis.models.trend import Trend, TrendResults, fit_trend
    from analysis.panel import build_panel, explain_cell, nightly_totals, to_wide
    from analysis.readers import iter_posts, read_posts
    from analysis.regions import Region, find_region, region_table
    from analysis.report import build_report
    from analysis.summary import (
        concentration,
        daytime_share,
        reach,
        summarize_nights,
        summarize_regions,
        weekly_profile,
    )

__version__ = "0.1.0"

_HOMES = {
    "AnalysisError": "errors",
    "AppendReport": "ledger",
    "Bulletin": "bulletins",
    "EndemicEpidemic": "models.endemic_epidemic",
    "EndemicEpidemicResults": "models.endemic_epidemic",
    "INGARCH": "models.ingarch",
    "INGARCHResults": "models.ingarch",
    "LocalLevelCounts": "models.local_level",
    "LocalLevelResults": "models.local_level",
    "Neighbours": "models.endemic_epidemic",
    "PooledResults": "models.pooled_results",
    "Predictor": "models.endemic_epidemic",
    "RankTrend": "models.rank_trend",
    "ReciprocityResults": "models.reciprocity",
    "Region": "regions",
    "Trend": "models.trend",
    "TrendResults": "models.trend",
    "append_claims": "ledger",
    "audit_claims": "audit",
    "build_panel": "panel",
    "build_report": "report",
    "checks": "",
    "claims_from_posts": "ledger",
    "compare_pairs": "comparison",
    "compare_periods": "comparison",
    "compare_regions": "comparison",
    "concentration": "summary",
    "daytime_share": "summary",
    "explain_cell": "panel",
    "figures": "",
    "find_interventions": "models.ingarch",
    "find_region": "regions",
    "fit_draws": "models.registry",
    "fit_model": "models.registry",
    "fit_reciprocity": "models.reciprocity",
    "fit_trend": "models.trend",
    "heterogeneity": "comparison",
    "intervention": "models.ingarch",
    "iter_posts": "readers",
    "load_claims": "ledger",
    "nightly_totals": "panel",
    "parse_bulletins": "bulletins",
    "pool_results": "models.pooled_results",
    "rank_regions": "comparison",
    "rank_trend": "models.rank_trend",
    "reach": "summary",
    "read_posts": "readers",
    "reconcile": "audit",
    "region_neighbours": "models.endemic_epidemic",
    "region_table": "regions",
    "scan_interventions": "models.ingarch",
    "score_test": "models.ingarch",
    "shrink_rates": "comparison",
    "summarize_nights": "summary",
    "summarize_regions": "summary",
    "to_wide": "panel",
    "weekly_profile": "summary",
}

__all__ = [
    "INGARCH",
    "AnalysisError",
    "AppendReport",
    "Bulletin",
    "EndemicEpidemic",
    "EndemicEpidemicResults",
    "INGARCHResults",
    "LocalLevelCounts",
    "LocalLevelResults",
    "Neighbours",
    "PooledResults",
    "Predictor",
    "RankTrend",
    "ReciprocityResults",
    "Region",
    "Trend",
    "TrendResults",
    "append_claims",
    "audit_claims",
    "build_panel",
    "build_report",
    "checks",
    "claims_from_posts",
    "compare_pairs",
    "compare_periods",
    "compare_regions",
    "concentration",
    "daytime_share",
    "explain_cell",
    "figures",
    "find_interventions",
    "find_region",
    "fit_draws",
    "fit_model",
    "fit_reciprocity",
    "fit_trend",
    "heterogeneity",
    "intervention",
    "iter_posts",
    "load_claims",
    "nightly_totals",
    "parse_bulletins",
    "pool_results",
    "rank_regions",
    "rank_trend",
    "reach",
    "read_posts",
    "reconcile",
    "region_neighbours",
    "region_table",
    "scan_interventions",
    "score_test",
    "shrink_rates",
    "summarize_nights",
    "summarize_regions",
    "to_wide",
    "weekly_profile",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function, a class or a module
    """Load a public name on first use, so that the import itself costs nothing."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    if not home:
        return import_module(f"analysis.{name}")
    return getattr(import_module(f"analysis.{home}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
