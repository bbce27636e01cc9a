"""The entry of the dashboard: `streamlit run app.py`, or `make run`."""

from crmdash.ui.navigation import open_app

open_app()
