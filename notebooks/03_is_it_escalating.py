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
# # Is it escalating?
#
# Four models ask that in four ways. Every number is a **claim of a party to the conflict**: what grows, clusters or
# follows below is what is claimed, and no interval holds false claims.

# %%
import pandas as pd

import analysis as ia
from analysis.checks import checks
from analysis.figures import make_inputs

claims = ia.load_claims()
panel = ia.build_panel(claims)
totals = ia.nightly_totals(panel)

# %% [markdown]
# ## 1. How fast does it grow?
#
# A log-linear trend with negative binomial counts, from the first night after which coverage stays high; under both
# readings of nights without a bulletin. Nights lean on one another, which the intervals know.

# %%
trends = {silence: ia.fit_trend(totals, silence=silence) for silence in ("missing", "zero")}
pd.concat({name: fit.summary() for name, fit in trends.items()})

# %% [markdown]
# The same without a law of counts: Mann-Kendall's test with the correction of Hamed and Rao, and the slope of Theil and
# Sen.

# %%
ia.rank_trend(totals).words()

# %% [markdown]
# ## 2. Does one night foretell the next?
#
# An INGARCH model: tonight's mean follows from last night's claims and last night's mean. Its sum of lag coefficients
# (`persistence`) says how slowly a shock dies out.

# %%
model = ia.INGARCH(totals).fit()
model.summary().round(3)

# %%
checks(model).round(3)

# %% [markdown]
# Where a check fails the model leaves something out: here the level wanders beyond it, so its forecasts lean towards a
# long-run mean that the record does not have.

# %%
inputs = make_inputs(claims)
ia.figures.draw("fitted_observed", inputs)

# %% [markdown]
# A forecast is a distribution over whole numbers, not a number.

# %%
week = model.get_forecast(7)
week.table([0.8, 0.95])

# %% [markdown]
# ## 3. Where does it come from?
#
# The endemic-epidemic model splits the expected claims of each region into what its own last night predicts, what its
# neighbours' last night predicts, and the rest.

# %%
ia.figures.draw("component_decomposition", inputs)

# %% [markdown]
# "Last night's claims predict tonight's" is not "attacks breed attacks": both may follow the same slow cause. The
# dominant eigenvalue of the predicting part, with and without a smooth trend, shows how much of it a left-out trend makes.

# %%
ia.figures.draw("eigenvalue_over_time", inputs)

# %% [markdown]
# ## 4. Does one side follow the other?

# %%
ia.figures.draw("reciprocity", inputs)
