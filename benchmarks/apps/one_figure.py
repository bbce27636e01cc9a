"""An app of two pages with one Plotly figure each."""

import plotly.graph_objects as go
import streamlit as st


def page(name: str) -> None:
    """Draw one figure."""
    st.plotly_chart(go.Figure(go.Scatter(x=[0, 1, 2], y=[0, 1, 4]), {"title": f"The {name} figure"}), key=name)


def first() -> None:
    """Draw the first page."""
    page("first")


def second() -> None:
    """Draw the second page."""
    page("second")


st.navigation([st.Page(first, title="First"), st.Page(second, title="Second")], position="top").run()
