"""One slider and as many Plotly figures as change on the board: data and title take the slider's value."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

value = st.slider("Platinum", 5, 79, 50, key="line")
x = np.linspace(0, 100, 240)
curve = go.Figure(go.Scatter(x=x, y=100 * (1 - (1 - x / 100) ** (value / 10))), {"title": f"Curve at {value} %"})
cells = np.outer(np.arange(1, 5), np.arange(1, 6)) * value
matrix = go.Figure(go.Heatmap(z=cells, text=cells, texttemplate="%{text}"), {"title": f"Matrix at {value} %"})
for number, figure in enumerate((curve, matrix)):
    st.plotly_chart(figure.update_layout(height=220), key=f"figure{number}")
