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
# # From a bulletin to the panel
#
# A sentence, what it claims, the night it belongs to, and one figure. Every number below is a **claim of a party to
# the conflict**, as published; none is a verified count.

# %%
import pandas as pd

import analysis as ia

# %% [markdown]
# ## 1. What a sentence claims
#
# The sentence is made up. It is read into a window, a total and counts by region; what had to be inferred is noted.

# %%
text = (
    "Overnight, from 11:00 pm on October 31 until 7:00 am on November 1, Russian air defenses downed 14 drones: "
    "six over Tula, four over Ryazhan, and two over Kursk and Oryol."
)
[bulletin] = ia.parse_bulletins(text, posted_at=pd.Timestamp("2025-11-01T09:00Z"))
bulletin.window, bulletin.total, bulletin.complete

# %%
pd.DataFrame([count.to_dict() for count in bulletin.counts])

# %%
pd.DataFrame([finding.to_dict() for finding in bulletin.findings])

# %% [markdown]
# "Two over Kursk and Oryol" would be two together. Here it is read as two over each, because only then do the parts
# make the stated 14; the finding says so.
#
# ## 2. The ledger: one row per number
#
# The shipped ledger holds what 3,300 bulletins of the Russian Defence Ministry claim, and nothing of their wording.

# %%
claims = ia.load_claims()
claims[["bulletin_id", "source", "source_kind", "list", "relation", "regions", "count"]].tail(8)

# %% [markdown]
# ## 3. The panel: night x region, with what is not known
#
# `count` is given only where it is exact. `lower` and `upper` hold whatever the allocation; `expected` is a guess
# inside them.

# %%
panel = ia.build_panel(claims)
night = panel[panel["night"] == "2025-11-01"]
night[night["expected"] > 0].sort_values("expected", ascending=False).head(12)

# %% [markdown]
# Silence is not zero. Before mid-2024 the ministry posted nothing on many nights: the panel calls them `silent`.

# %%
totals = ia.nightly_totals(panel)
totals.assign(year=totals["night"].dt.year).groupby(["year", "state"]).size().unstack(fill_value=0)

# %% [markdown]
# ## 4. Which bulletins stand behind a number?

# %%
ia.explain_cell(claims, "2025-11-01", "belgorod")[
    ["bulletin_id", "source_kind", "counted", "relation", "count", "rule"]
]

# %% [markdown]
# ## 5. One figure

# %%
figure = ia.figures.draw("seed_night")
figure
