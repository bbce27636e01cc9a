"""Value: what customers are worth, to us and in their own eyes."""

import streamlit as st

from crmdash.ui.board import open_board
from crmdash.ui.navigation import enter
from crmdash.ui.sections import sections
from crmdash.ui.value import SECTIONS

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

sections(_, "value", SECTIONS, evaluation)
