"""Lifecycle: where every customer stands by each model, how they flow, how tiers move."""

import streamlit as st

from crmdash.ui.board import open_board
from crmdash.ui.lifecycle import SECTIONS
from crmdash.ui.navigation import enter
from crmdash.ui.sections import sections

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

sections(_, "lifecycle", SECTIONS, evaluation)
