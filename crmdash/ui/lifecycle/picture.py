"""How a picture of this page is put on the screen."""

from typing import Any

import streamlit as st

from crmdash.charts.large_type import enlarged
from crmdash.ui.curves import CONFIG
from crmdash.ui.theme import type_size


def picture(figure: Any, key: str, alt: str) -> None:
    """Draw a figure at the present size of type; `alt` says in words what it shows."""
    st.plotly_chart(enlarged(figure, type_size()), key=f"lifecycle.{key}", config=CONFIG, alt=alt)
