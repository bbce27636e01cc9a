"""Learn: what every figure means, how it is counted, and the words in three languages."""

import streamlit as st

from crmdash.ui.learn import asked_concept, concept_card, concept_list, found_concepts, found_terms, glossary_table
from crmdash.ui.navigation import enter
from crmdash.ui.words import bold

_ = enter()
query = st.text_input(
    _("Search concepts and words"), key="learn.search", type="search", live=True,
    placeholder=_("Concept or word, in any of the three languages"), label_visibility="collapsed",
)  # fmt: skip
if not query and (concept := asked_concept()) is not None:
    concept_card(_, concept)

groups, terms = found_concepts(_, query), found_terms(_, query)
if not groups and not terms:
    st.info(_("Nothing mentions this. Try a shorter word."))
if groups:
    concept_list(_, groups)
if terms:
    st.markdown(bold(_("Words in three languages")))
    st.caption(_("Mark cells to copy them. Chinese as the mainland says it, and as Taiwan does."))
    glossary_table(_, terms)
