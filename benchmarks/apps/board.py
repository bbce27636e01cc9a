"""Streamlit with a stopwatch in the product's app, and, if CUSTOMERS says so, an invented base instead of the sample.

Usage: ``python -m benchmarks.apps.board run app.py …``, as ``streamlit run``. On an invented base everything is the
app's own, but that summarising the sample gives that many invented customers.
"""

import os
from functools import cache
from typing import Any

from streamlit.web.cli import main

from benchmarks.apps import stopwatch
from benchmarks.invented import invent_summary
from crmdash.ingest import dataset
from crmdash.summary import Summary


@cache
def invented(customers: int) -> Summary:
    """Return the same base at every run of the script."""
    return invent_summary(customers)


def summarise(*asked: Any) -> Summary:
    """Stand in for `crmdash.summary.summarise` where data is opened."""
    return invented(int(os.environ["CUSTOMERS"]))


if __name__ == "__main__":
    if "CUSTOMERS" in os.environ:
        assert "summarise" in vars(dataset), "the benchmark would measure the sample under another name"
        vars(dataset)["summarise"] = summarise
    if "STOPWATCH" in os.environ:
        stopwatch.start()
    main()
