"""The document around the page, where Streamlit says nothing: its language, and areas that scroll within it."""

import json
from typing import Final

import streamlit as st

from crmdash.i18n import Language

TAGS: Final[dict[Language, str]] = {"en": "en", "zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant"}
"""The languages as web pages name them (BCP 47)."""

TRADITIONAL: Final = "Traditional Han"
"""A font that stands before the simplified ones in `.streamlit/config.toml` and is there only for its readers."""

_FACES: Final[dict[str, tuple[str, ...]]] = {
    "100 549": ("PingFangTC-Regular", "PingFang TC", "Microsoft JhengHei", "NotoSansCJKtc-Regular", "Noto Sans CJK TC"),
    "550 900": ("PingFangTC-Semibold", "Microsoft JhengHei Bold", "NotoSansCJKtc-Bold", "Noto Sans CJK TC Bold"),
}
_HAN: Final = "U+2E80-2FDF, U+3000-303F, U+3105-312F, U+31A0-31BF, U+3400-4DBF, U+4E00-9FFF, U+F900-FAFF, U+FF00-FFEF"


def mark_language(language: Language) -> None:
    """Tell the browser which language the page is in; call it once a run, on every page.

    Streamlit says English whatever the page holds. Readers of traditional characters get fonts in their forms first,
    in tables drawn on a canvas and in figures too; all come from the reader's own system.
    """
    if language == "zh_Hant":
        st.html(f"<style>{_traditional_faces()}</style>")
    _run(f'document.documentElement.lang = "{TAGS[language]}";')


def let_keyboard_scroll(key: str, words: str) -> None:
    """Let the arrow keys scroll the container `key`, read out as `words`; call it inside that container."""
    named = json.dumps(words).replace("<", "\\u003c")
    _run(
        f"for (const area of document.querySelectorAll('.st-key-{key}')) {{"
        f" area.tabIndex = 0; area.setAttribute('role', 'region'); area.setAttribute('aria-label', {named}); }}"
    )


def _run(script: str) -> None:
    """Run a script in the page; nothing of the reader's or of the data may be in it."""
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _traditional_faces() -> str:
    return "".join(
        f"@font-face {{ font-family: '{TRADITIONAL}'; font-weight: {weights}; unicode-range: {_HAN};"
        f" src: {', '.join(f'local({name!r})' for name in names)}; }}"
        for weights, names in _FACES.items()
    )
