# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Regions compared
#
# Which regions do the claims name most, how sure is that, and does it change? Every number is a **claim of a party to
# the conflict**: a ratio of two regions is one of claims, not of attacks, and no interval below holds false claims.

# %%
import analysis as ia
from analysis.figures import make_inputs
from analysis.panel import select_panel

claims = ia.load_claims()
whole = ia.build_panel(claims, allocate="draws", draws=20)
panel = select_panel(whole, since="2025-01-01")

# %% [markdown]
# `draws` are twenty ways in which counts given for several regions at once may have fallen on them. Everything below is
# worked out for each and combined, so intervals hold the uncertainty of allocation beside that of the nights.
#
# ## 1. Rate ratios
#
# Each region against Belgorod. Nights come in swarms and lean on one another, which the intervals know; `least` and
# `most` are what the published words allow, however the open counts fell.

# %%
ratios = ia.compare_regions(panel, "belgorod")
ratios[
    ["name", "claims", "ratio", "lower", "upper", "p_holm", "least", "most", "share_exact"]
].head(10).round(3)

# %% [markdown]
# The figure of the report does the same for the last 365 nights.

# %%
inputs = make_inputs(claims)
ia.figures.draw("rate_ratios", inputs)

# %% [markdown]
# Were drones independent of one another, the intervals would be those of `law="poisson"`: exact, and far too narrow.

# %%
independent = ia.compare_regions(panel, "belgorod", law="poisson")
independent[["name", "ratio", "lower", "upper"]].head(3).round(3)

# %% [markdown]
# ## 2. Do regions differ at all, and who ranks where?
#
# The test counts drones in units of the `design_effect`. A confidence set of ranks holds every place that the nights
# do not contradict; `p_first` says how often such nights would put a region first.

# %%
ia.heterogeneity(panel, per="capita")[["regions", "nights", "design_effect", "p_value"]]

# %%
ranks = ia.rank_regions(panel, per="capita")
ranks[["name", "rate", "rank", "rank_lower", "rank_upper", "p_first"]].head(8).round(3)

# %%
ia.figures.draw("rank_intervals", inputs)

# %% [markdown]
# ## 3. Rare regions borrow from the others

# %%
shrunken = ia.shrink_rates(panel, per="capita")
shrunken[["name", "claims", "rate", "shrunken", "lower", "upper", "own_weight"]].iloc[
    [0, 3, 20, 30, 40]
].round(3)

# %% [markdown]
# ## 4. Over the years: how concentrated, and how far?
#
# `observed` is what the claims say; `estimate` and its limits are for the nights' expected claims, without the bias that
# chance gives to every measure of concentration.

# %%
years = ia.concentration(whole, "YS")
years[years["measure"] == "effective_regions"][
    ["period", "observed", "estimate", "lower", "upper", "share_exact"]
]

# %%
ia.reach(whole, "YS")[["period", "observed", "estimate", "lower", "upper", "least", "most"]]

# %% [markdown]
# The same by month, with the years as bands:

# %%
ia.figures.draw("concentration_reach", inputs)

# %% [markdown]
# Kilometres are from the middle of the region that a claim names to the nearest unit of the other country: no drone's
# way. In 2023 most nights have no bulletin, and silence is left out here, not counted as zero.
