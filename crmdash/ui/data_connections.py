"""The databases that whoever runs the app has entered in `.streamlit/secrets.toml`; nowhere else are secrets read."""

from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from crmdash.ingest.database import Database, DatabaseFailed
from crmdash.issues import Issue

SECTION = "connections"


def databases() -> tuple[tuple[Database, ...], tuple[Issue, ...]]:
    """Return the databases under ``[connections.NAME]`` by name, and what is wrong with entries that are none.

    An entry counts where it has a ``url`` or a ``dialect``; others are connections of another kind.
    """
    found: list[Database] = []
    issues: list[Issue] = []
    for name, fields in sorted(_entries().items()):
        if isinstance(fields, Mapping) and ("url" in fields or "dialect" in fields):
            try:
                found.append(Database.from_fields(name, fields))
            except DatabaseFailed as failure:
                issues.append(failure.issue)
    return tuple(found), tuple(issues)


def _entries() -> Mapping[str, object]:
    try:
        # Without this question Streamlit writes an error on the page where there is no file.
        entries = st.secrets.get(SECTION, {}) if st.secrets.load_if_toml_exists() else {}
    except StreamlitSecretNotFoundError:
        return {}
    return entries if isinstance(entries, Mapping) else {}
