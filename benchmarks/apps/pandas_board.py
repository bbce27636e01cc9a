"""The board's pictures and tables on one slider, written straightforwardly with pandas and Plotly.

Its data are CUSTOMERS invented customers, kept between runs. The curve is drawn through as many points as ours.
"""

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.invented import invent_summary
from benchmarks.pandas_evaluate import PHASES, TIERS, Tables, as_pandas, pandas_evaluate

POINTS = 240


@st.cache_resource
def load(count: int) -> pd.DataFrame:
    """Return the customers."""
    return as_pandas(invent_summary(count).customers)


def pareto(values: pd.Series, tables: Tables) -> go.Figure:
    """Draw the cumulative curve with the tier lines."""
    ordered = values.sort_values(ascending=False).to_numpy()
    running = ordered[ordered > 0].cumsum()
    places = np.unique(np.linspace(0, len(running) - 1, POINTS).astype(int))
    figure = go.Figure(go.Scatter(x=100 * (places + 1) / len(ordered), y=100 * running[places] / running[-1]))
    ends = 100 * tables.tiers["customers"].cumsum() / len(ordered)
    for tier, end in list(ends.items())[:-1]:
        words = f"{tier}: {tables.tiers.loc[tier, 'customers']:,}, {tables.tiers.loc[tier, 'value'] / 1e4:,.0f}"
        figure.add_vline(x=end, annotation_text=words)
    share = tables.concentration["top20_share"]
    return figure.update_layout(title=f"Top 20% of customers make {share:.1%} of revenue", height=220)


def heatmap(tables: Tables) -> go.Figure:
    """Draw tier x stage with customers, value and strategy."""
    matrix = tables.matrix.reset_index()
    words = matrix["customers"].map("{:,}".format) + "<br>" + matrix["strategy"].astype(str)
    matrix["words"] = words
    grids = {name: matrix.pivot_table(name, "tier", "stage", "first") for name in ("value", "words")}
    stages = [stage for stage in PHASES if stage in grids["value"].columns]
    value, text = (grids[name].reindex(index=TIERS[::-1], columns=stages) for name in ("value", "words"))
    drawn = go.Heatmap(z=value.fillna(0), text=text.fillna(""), x=stages, y=TIERS[::-1], texttemplate="%{text}")
    return go.Figure(drawn).update_layout(title="Tier x stage", height=260)


st.set_page_config(layout="wide")
platinum = st.sidebar.slider("Platinum", 5, 79, 50, key="line")
customers = load(int(os.environ["CUSTOMERS"]))
found = pandas_evaluate(customers, (platinum, 80, 95))
for column, (name, number) in zip(st.columns(4), list(found.concentration.items()), strict=True):
    column.metric(name, f"{number:,.3g}")
left, right = st.columns(2)
left.plotly_chart(pareto(customers["revenue"], found), key="pareto")
left.plotly_chart(heatmap(found), key="matrix")
right.dataframe(found.tiers)
right.dataframe(found.strategies)
