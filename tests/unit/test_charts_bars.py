"""Lying bars in parts: what is written on them can be read."""

from crmdash.charts.bars import Bar, stacked_bars_figure
from crmdash.charts.palette import TEAL
from crmdash.charts.picture_words import PictureWords

WORDS = PictureWords("Title", "Across", "Up", "#123456")


def parts(*lengths: float) -> list[tuple[str, list[Bar]]]:
    return [("part", [Bar(str(length), length, f"{length:.0f}", "", TEAL) for length in lengths])]


def test_a_flat_bar_does_not_make_its_text_smaller():
    (drawn,) = stacked_bars_figure(parts(87, 69), WORDS).data
    assert (drawn.constraintext, drawn.textfont.size) == ("none", 12)
    assert list(drawn.text) == ["87", "69"]


def test_a_part_too_short_for_its_text_goes_without():
    (drawn,) = stacked_bars_figure(parts(200, 12, 1, 0), WORDS).data
    assert list(drawn.text) == ["200", "", "", ""]
