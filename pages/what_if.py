"""What if: what remains without the top, what keeping or winning brings, whether tiers help here."""

import streamlit as st

from crmdash.ui.board import open_board
from crmdash.ui.navigation import enter
from crmdash.ui.sections import sections
from crmdash.ui.what_if import SECTIONS

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

sections(_, "what_if", SECTIONS, evaluation)
