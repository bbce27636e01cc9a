"""How a test opens a page, as a reader does who follows a link to it."""

from pathlib import Path
from typing import Any, Final

from streamlit.testing.v1 import AppTest

ROOT: Final = Path(__file__).resolve().parents[2]
LOCALES: Final = {"en": "en-US", "zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}
"""The locale of a browser by the reader's language."""


def open_page(page: str, section: str, /, locale: str = "en-US", **kept: Any) -> AppTest:
    """Open a section of a page; `kept` is what the tab remembers beforehand, by key."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.context["locale"] = locale
    for name, value in (kept | {f"{page}.section": section}).items():
        app.session_state[name] = value
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    return app


def figures(app: AppTest) -> dict[str, str]:
    """Return the key figures of a page by their labels."""
    return {metric.label: metric.value for metric in app.metric}
