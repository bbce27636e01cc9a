"""Kinds: what sort of customers these are, by nature, type, orientation and any two criteria."""

import streamlit as st

from crmdash.ui.board import open_board
from crmdash.ui.kinds import SECTIONS
from crmdash.ui.navigation import enter
from crmdash.ui.sections import sections

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

sections(_, "kinds", SECTIONS, evaluation)
