"""An empty page with one slider, and its value below."""

import streamlit as st

value = st.slider("Platinum", 5, 79, 50, key="line")
with st.container(key="answer"):
    st.text(f"{value} %")
