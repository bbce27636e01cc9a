"""Audit: the customer base in one period, between two, by cohort and as a whole; claims tested on the data."""

import streamlit as st

from crmdash.ui.audit import SECTIONS
from crmdash.ui.board import open_board
from crmdash.ui.navigation import enter
from crmdash.ui.sections import sections

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

sections(_, "audit", SECTIONS, evaluation)
