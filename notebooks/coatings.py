# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The coatings case
#
# What are 24 strategic accounts worth, how surely, and which of them carry the value? Jupyter with Jupytext
# opens this file as a notebook; `jupytext --to ipynb notebooks/coatings.py` converts it.

# %%
from pathlib import Path

import matplotlib.pyplot as plt

from crcsim import load_scenario, simulate

case = next(p for p in (Path("scenarios"), Path("../scenarios")) if p.is_dir()) / "coatings" / "coatings.yaml"
scenario = load_scenario(case)
result = simulate(scenario, paths=2_000)
npv = result["npv"].sel(strategy="baseline", discounting="wacc") / 1e6
levels = result["level_npv"].sel(strategy="baseline", discounting="wacc").sum("level") / 1e6
portfolio = npv.sum("customer") + levels

# %% [markdown]
# ## Value of the portfolio
#
# 2,000 paths give a first look; the standard error says how good it is.

# %%
standard_error = float(portfolio.std("path", ddof=1)) / len(portfolio) ** 0.5
print(f"mean {float(portfolio.mean()):.0f} M EUR, standard error {standard_error:.0f} M EUR")

figure, axes = plt.subplots(figsize=(8, 3))
axes.hist(portfolio, bins=60)
_ = axes.set(xlabel="net present value, M EUR", ylabel="paths", title="Portfolio")

# %% [markdown]
# ## Sales over ten years
#
# Bands hold 50 % and 90 % of the paths in each quarter; they are not paths.

# %%
band = result["total_sales_band"].sel(strategy="baseline") * scenario.time.periods_per_year / 1e6
figure, axes = plt.subplots(figsize=(8, 3))
for low, high in ((0.05, 0.95), (0.25, 0.75)):
    axes.fill_between(
        result["years"], band.sel(quantile=low), band.sel(quantile=high), color="C0", alpha=0.3, lw=0
    )
axes.plot(result["years"], band.sel(quantile=0.5))
_ = axes.set(xlabel="years from the valuation date", ylabel="sales, M EUR a year", ylim=(0, None))

# %% [markdown]
# ## Value by account
#
# The lines are 95 % confidence intervals of the means.

# %%
mean = npv.mean("path").sortby(npv.mean("path"))
errors = (npv.std("path", ddof=1) / npv.sizes["path"] ** 0.5).sel(customer=mean["customer"])
figure, axes = plt.subplots(figsize=(8, 6))
axes.barh(mean["customer"], mean, xerr=1.96 * errors)
_ = axes.set(xlabel="mean net present value, M EUR")
