import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit import config

from crmdash.ui.document import TRADITIONAL
from tests.source import ROOT

ACCESSIBLE = (ROOT / "crmdash" / "ui" / "accessible.css").read_text(encoding="utf-8")
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


def mixed(colour: str, ground: str, share: float) -> str:
    parts = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02x}" for over, under in parts)


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
    assert contrast("#ffffff", theme["primaryColor"]) >= 4.5, "primary buttons and chosen entries carry white words"
    assert min(contrast(theme["primaryColor"], ground) for ground in grounds) >= 3, "sliders and frames"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_focus_and_quiet_texts_stand_out_from_their_grounds(mode: str):
    theme = CONFIG["theme"][mode]
    (ring,) = set(re.findall(r"outline: 2px solid (#[0-9a-f]{6})", ACCESSIBLE))
    (quiet,) = {int(share) for share in re.findall(r"currentcolor (\d+)%", ACCESSIBLE)}
    for place in (theme, theme["sidebar"]):
        for ground in (place["backgroundColor"], place["secondaryBackgroundColor"]):
            assert contrast(ring, ground) >= 3
            assert contrast(mixed(theme["textColor"], ground, quiet / 100), ground) >= 4.5


def test_the_font_of_traditional_readers_comes_before_the_simplified_ones():
    for option in ("font", "codeFont"):
        families = re.findall(r"'([^']+)'", CONFIG["theme"][option])
        assert families.index(TRADITIONAL) < families.index("PingFang SC")


def test_known_contrasts():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_nothing_leaves_this_machine():
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert "://" not in CONFIG["theme"]["font"]
