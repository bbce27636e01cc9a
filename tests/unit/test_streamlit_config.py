import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit import config

from tests.source import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
TEXTS = ("text", "link", "red", "orange", "yellow", "green", "blue", "violet", "gray")


def options(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("option", "value"), list(options(CONFIG)))
def test_streamlit_knows_every_option_and_reads_its_value(option: str, value: Any):
    assert config.get_option(option) == value


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_stand_out_from_their_grounds(mode: str):
    theme = CONFIG["theme"][mode]
    places = (theme, theme["sidebar"])
    grounds = [place[f"{layer}"] for place in places for layer in ("backgroundColor", "secondaryBackgroundColor")]
    weak = {
        (name, ground): round(ratio, 2)
        for name in TEXTS
        for ground in grounds
        if (ratio := contrast(theme[f"{name}Color"], ground)) < 4.5
    }
    assert not weak
    sliders = [contrast(theme["primaryColor"], place["backgroundColor"]) for place in places]
    assert min(sliders) >= 4.5, "the sliders' numbers take the primary colour"


def test_known_contrasts():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_nothing_leaves_this_machine():
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert "://" not in CONFIG["theme"]["font"]
