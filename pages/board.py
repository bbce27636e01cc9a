"""The board: move a line, see curve, tiers, matrix, strategies and customers follow."""

import streamlit as st

from crmdash.ui import state
from crmdash.ui.board import board_sidebar, notes, open_board
from crmdash.ui.curves import curve_panel
from crmdash.ui.document import pass_by
from crmdash.ui.filter_panel import filter_chips, filter_popover
from crmdash.ui.folding import folded_on_phone
from crmdash.ui.link_panel import link_popover
from crmdash.ui.lists import listed_words, lists
from crmdash.ui.live.component import is_live, live_accounts, live_data, live_place
from crmdash.ui.matrix_panel import limit_tried, matrix_panel
from crmdash.ui.navigation import enter
from crmdash.ui.parts import end_whole_board, place_of_its_own
from crmdash.ui.present_panel import concealed, present_panel
from crmdash.ui.strategy_panel import strategy_panel
from crmdash.ui.strip import key_figures
from crmdash.ui.tier_panel import tier_panel

_ = enter()
place = live_place()
evaluation = open_board(_, sidebar=False)
if evaluation is None:
    st.stop()

with place:
    live_data(_)
with place_of_its_own():
    present_panel(_, evaluation)
presenting = state.presenting()
if presenting.shows_everything:
    with st.container(key="strip"):
        strip, tools = st.columns([7.2, 1], gap="small", vertical_alignment="center")
    with strip:
        key_figures(_)
    with tools:
        filter_popover(_)
        link_popover(_)
board_sidebar(_, evaluation)
with place_of_its_own():
    filter_chips(_, listed_words(_, evaluation))
if presenting.hides:
    concealed(_)
    st.stop()
if not evaluation.base:
    st.info(_("No customer is left. Take a filter away."))
    st.stop()

pass_by("tiers-table", "strategies-table")  # the filter offers tier and strategy to the keyboard
with st.container(key="board_sides"):
    sides = st.columns([1.22, 1], gap="small") if presenting.shows_everything else [st.container()] * 2
with sides[0]:
    if presenting.shows("curve"):
        with folded_on_phone("curve", _("Show the curve")):
            curve_panel(_, evaluation)
    tried = None
    if presenting.shows("matrix"):
        with folded_on_phone("matrix", _("Show the matrix")):
            tried = matrix_panel(_, evaluation)
with sides[1]:
    if presenting.shows("tiers"):
        tier_panel(_, evaluation)
    if presenting.shows("strategies"):
        strategy_panel(_)
        notes(_, evaluation)
live_accounts()
if presenting.shows("lists"):
    lists(_)
limit_tried(_, evaluation, tried)
end_whole_board(followed=is_live() and tried is None)
