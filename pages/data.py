"""Data: open your own files, check what was understood, put it to use, or go back to the sample."""

import streamlit as st

from crmdash.ui import state
from crmdash.ui.data_aside import aside_panel
from crmdash.ui.data_card import data_card, opened_or_sample
from crmdash.ui.data_costs import findings, hourly_cost
from crmdash.ui.data_database import database_door
from crmdash.ui.data_doubts import doubts, errors
from crmdash.ui.data_files import files_panel
from crmdash.ui.data_issues import issues_panel
from crmdash.ui.data_orphans import orphans_panel
from crmdash.ui.data_preview import preview
from crmdash.ui.data_reading import read_staged
from crmdash.ui.data_remembered import recalled_mappings
from crmdash.ui.data_switches import switches_panel
from crmdash.ui.data_upload import requirements, uploader
from crmdash.ui.navigation import enter
from crmdash.ui.present_panel import concealed
from crmdash.ui.words import bold

_ = enter()
if state.presenting().hides:
    concealed(_)
    st.stop()
opened = opened_or_sample(_)
read = read_staged(_)
data_card(_, opened, read)

if read is None:
    door, needs = st.columns([1.2, 1], gap="medium")
    with door:
        st.markdown(bold(_("Open your own data")))
        uploader(_)
        database_door(_)
    with needs:
        requirements(_)
    shown = opened.dataset
else:
    recalled_mappings(_, read)
    errors(_, read)
    doubts(_, read)
    files_panel(_, read)
    shown = read

preview(_, shown)
issues = findings(shown)
hourly_cost(_, issues)
if read is not None:
    issues_panel(_, issues)
    with st.container(key="data.aside"):
        aside_panel(_, read)
    orphans_panel(_, read)
switches_panel(_, shown)

if read is not None:
    st.markdown(bold(_("Add a file")))
    uploader(_)
    database_door(_)
    with st.expander(_("What a file needs"), key="data.needs", icon=":material/info:"):
        requirements(_)
