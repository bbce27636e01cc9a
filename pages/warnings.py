"""Warnings: who is at risk, why, what is at stake, and who should have ordered by now."""

import streamlit as st

from crmdash.ui.board import open_board
from crmdash.ui.navigation import enter
from crmdash.ui.sections import sections
from crmdash.ui.warnings import SECTIONS

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

sections(_, "warnings", SECTIONS, evaluation)
