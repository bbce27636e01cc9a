"""Tier colours stay apart for every eye, and stand out from the grounds that they are drawn on."""

import re
from itertools import combinations
from math import hypot
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from crmdash.charts.palette import tier_colour, tint
from crmdash.settings import SCHEMES, Scheme
from tests.unit.test_streamlit_config import CONFIG, contrast, mixed

EYES: Final[dict[str, NDArray[np.float64]]] = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""How eyes without one kind of cone see linear RGB: Machado, Oliveira and Fernandes (2009), severity 1."""

_XYZ: Final = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE: Final = _XYZ.sum(axis=1)
APART: Final = 14.0
"""Smallest distance of two tiers in CIE L*a*b* (1976); about 2 is just seen where colours touch."""


def seen(colour: str, eye: str) -> NDArray[np.float64]:
    """Return a colour as L*a*b* as an eye sees it."""
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    share = _XYZ @ np.clip(EYES[eye] @ linear, 0, 1) / _WHITE
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, eye: str) -> float:
    return hypot(*(seen(one, eye) - seen(other, eye)))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_tiers_stay_apart(scheme: Scheme, eye: str):
    colours = [tier_colour(tier, scheme) for tier in SCHEMES[scheme]]
    close = {pair: round(distance(*pair, eye), 1) for pair in combinations(colours, 2)}
    assert {pair: away for pair, away in close.items() if away < APART} == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_stand_out_from_the_ground(scheme: Scheme, mode: str):
    ground = CONFIG["theme"][mode]["backgroundColor"]
    assert min(contrast(tier_colour(tier, scheme), ground) for tier in SCHEMES[scheme]) >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_on_the_matrix_are_read_on_its_strongest_cell(mode: str):
    red, green, blue, share = (float(part) for part in re.findall(r"[\d.]+", tint(1)))
    cell = f"#{int(red):02x}{int(green):02x}{int(blue):02x}"
    theme = CONFIG["theme"][mode]
    assert contrast(theme["textColor"], mixed(cell, theme["backgroundColor"], share)) >= 4.5


def test_known_distances():
    assert distance("#ffffff", "#000000", "usual") == pytest.approx(100, abs=0.01)
    # A red and a green that deuteranopes mix up.
    assert distance("#a05000", "#6b6b00", "deuteranopia") < distance("#a05000", "#6b6b00", "usual") / 2
