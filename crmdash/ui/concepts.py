"""Titles that say their idea in one line and lead to its definition."""

import streamlit as st

from crmdash.i18n import Wording
from crmdash.knowledge import concept
from crmdash.ui.words import bold

LEARN = "pages/learn.py"


def titled(_: Wording, title: str, code: str, help_text: str | None = None) -> None:
    """Draw the title of a panel and, on the same line, the idea behind it as a link to its definition.

    Parameters
    ----------
    title : words of ours, without Markdown.
    code : the concept's code.

    Raises
    ------
    KeyError
        If there is no such concept.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(bold(title), help=help_text, width="content")
        concept_link(_.term("concepts", f"{code}.idea"), code)


def concept_link(label: str, code: str) -> None:
    """Draw a low link to a concept's definition; a page link, because a plain one would begin a new session.

    Raises
    ------
    KeyError
        If there is no such concept.
    """
    st.page_link(LEARN, label=f":small[:gray[{label}]]", query_params={"concept": concept(code).code})
