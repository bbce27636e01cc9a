"""Claims: what the texts assert, put to the data, with verdict, figure and limit."""

import streamlit as st

from crmdash.ui.board import open_board
from crmdash.ui.claims import SECTIONS
from crmdash.ui.navigation import enter
from crmdash.ui.sections import sections

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

sections(_, "claims", SECTIONS, evaluation)
