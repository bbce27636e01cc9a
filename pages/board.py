"""The board: move a line, see curve, tiers, matrix, strategies and customers follow."""

import streamlit as st

from crmdash.ui.board import notes, open_board
from crmdash.ui.curves import curve_panel
from crmdash.ui.customer_card import customer_card
from crmdash.ui.customer_list import customer_list, filter_chips
from crmdash.ui.matrix_panel import matrix_panel
from crmdash.ui.navigation import enter
from crmdash.ui.strategy_panel import strategy_panel
from crmdash.ui.strip import key_figures
from crmdash.ui.tier_panel import tier_panel

_ = enter()
evaluation = open_board(_)
if evaluation is None:
    st.stop()

key_figures(_, evaluation)
filter_chips(_, evaluation)

pictures, tables = st.columns([1.22, 1], gap="small")
with pictures:
    curve_panel(_, evaluation)
    matrix_panel(_, evaluation)
with tables:
    tier_panel(_, evaluation)
    strategy_panel(_, evaluation)
    notes(_, evaluation)

listed, card = st.columns([1.9, 1], gap="small")
with listed:
    customer_list(_, evaluation)
with card:
    customer_card(_, evaluation)
