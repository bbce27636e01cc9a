from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.browser import chromium


def test_a_named_browser_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    named = tmp_path / "chromium"
    named.touch()
    monkeypatch.setenv("CRMDASH_BROWSER", str(named))
    assert chromium.installed() == named


def test_without_any_browser_the_way_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chromium, "installed", lambda: None)
    monkeypatch.setattr(chromium, "_run", lambda *command: f"$ {command[0]} (exit 1)\nno network")
    playwright: Any = SimpleNamespace(chromium=SimpleNamespace(executable_path=str(tmp_path / "absent")))
    with pytest.raises(RuntimeError, match=r"(?s)found none.*apt install chromium.*CRMDASH_BROWSER.*no network"):
        chromium.find_or_install(playwright)


def test_a_browser_that_cannot_start_is_not_taken(tmp_path: Path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    assert not chromium._starts(broken)
