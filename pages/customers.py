"""Customers: find one, and see every label with its reason, its purchases, its next order and the gaps in its file."""

import streamlit as st

from crmdash.ui.board import open_board
from crmdash.ui.customer_page import customers_page
from crmdash.ui.navigation import enter

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

customers_page(_, evaluation)
