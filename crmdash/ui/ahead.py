"""What the first visit to the board would wait for, done while the server starts and the browser loads."""

import ast
import gc
from importlib import import_module
from pathlib import Path
from typing import Final

from crmdash.evaluate import evaluate
from crmdash.settings import Settings

BOARD: Final = Path(__file__).resolve().parents[2] / "pages" / "board.py"


def import_board() -> None:
    """Import the modules of the board."""
    for name in imported_by(BOARD):
        import_module(name)


def imported_by(script: Path) -> list[str]:
    """Return the modules that a script imports from, in its order."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    return [node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]


def sum_up_sample() -> None:
    """Sum up the sample as at its last day and evaluate it; sum it up as at a period before, where labels are tried."""
    from crmdash.ui import cache, state  # noqa: PLC0415  (with the other modules: they load while the reader starts)

    try:
        opened, settings = state.Opened(cache.sample(), is_sample=True), Settings()
        summary = cache.summarised(opened, settings.period)
        evaluate(summary, settings)
        cache.summarised(opened, settings.period, summary.clock.period_ago)
    finally:
        gc.freeze()
        gc.enable()
