"""Colours of causes, due days and forms of barriers, the same in every picture."""

from typing import Final

from crmdash.charts.palette import AMBER, BLUE, MAUVE, RUST, SLATE, TEAL

CAUSE_COLOURS: Final = {"ours": RUST, "theirs": AMBER, "market": BLUE, "other": MAUVE, "unknown": SLATE, None: SLATE}
"""One colour for each cause, the same in every picture; what tells no cause is grey like the unknown."""

DUE_COLOURS: Final = {"long_past": RUST, "month_past": AMBER, "week_past": TEAL, "to_come": BLUE}
FORM_COLOURS: Final = {"bond": TEAL, "lockin": RUST}
