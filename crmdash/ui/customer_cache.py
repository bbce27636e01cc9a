"""What the page of one customer remembers between reruns; keyed as `crmdash.ui.cache` says, within the session only."""

import json

import polars as pl
import streamlit as st

from crmdash.customer.purchases import Timeline, timeline
from crmdash.customer.search import Index, build_index
from crmdash.customer.similar import NextCategory, Similar, next_category, similar, standings
from crmdash.evaluate import Evaluation
from crmdash.ui import state
from crmdash.ui.cache import summarised, view_key
from crmdash.ui.state import Opened


def index_of(opened: Opened) -> Index:
    """Return the numbers and names of the open data, whatever day it is seen at, ready for searching."""
    return _index(opened.key, summarised(opened, state.settings().period).customers)


def bought_over_time(opened: Opened, customer_id: str, as_of: int, due: int | None) -> Timeline | None:
    """Return the customer's purchases up to the as-at day; None without transactions or without a row of its own."""
    rows = opened.dataset.transactions
    if rows is None:
        return None
    return _timeline(json.dumps([opened.key, customer_id, as_of, due]), rows, customer_id, as_of, due)


def similar_to(opened: Opened, evaluation: Evaluation, customer_id: str) -> Similar | None:
    """Return the customers nearest to one, as the present view shows them."""
    view = view_key(opened, state.view())
    standing = _standings(view, evaluation.customers)
    return _similar(json.dumps([view, customer_id]), evaluation.customers, standing, customer_id)


def bought_by_larger(opened: Opened, customer_id: str, larger: list[str], as_of: int | None) -> NextCategory | None:
    """Return the category that most of the larger customers bought and this one never did."""
    rows = opened.dataset.transactions
    if rows is None or as_of is None:
        return None
    return _category(json.dumps([opened.key, customer_id, larger, as_of]), rows, customer_id, larger, as_of)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _index(key: str, _customers: pl.DataFrame) -> Index:
    return build_index(_customers)


@st.cache_resource(scope="session", max_entries=20, show_spinner=False)
def _timeline(key: str, _rows: pl.DataFrame, _customer_id: str, _as_of: int, _due: int | None) -> Timeline | None:
    return timeline(_rows, _customer_id, _as_of, _due)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _standings(key: str, _customers: pl.DataFrame) -> pl.DataFrame:
    return standings(_customers)


@st.cache_resource(scope="session", max_entries=20, show_spinner=False)
def _similar(key: str, _customers: pl.DataFrame, _standing: pl.DataFrame, _customer_id: str) -> Similar | None:
    return similar(_customers, _standing, _customer_id)


@st.cache_resource(scope="session", max_entries=20, show_spinner=False)
def _category(key: str, _rows: pl.DataFrame, _customer_id: str, _larger: list[str], _as_of: int) -> NextCategory | None:
    return next_category(_rows, _customer_id, _larger, _as_of)
