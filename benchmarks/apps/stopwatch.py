"""Note how long the parts of a run of the script take: one JSON line a run, in the file that STOPWATCH names.

`began` and `ended` are seconds since 1970; `engine` and `figures` are seconds spent in evaluating, and in making
pictures, or what they are drawn from in the browser, and handing them over.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import script_runner

from crmdash.ui import cache
from crmdash.ui.live import component

_spent = threading.local()


def start() -> None:
    """Watch evaluating, figures and runs of the script from now on; once in a process."""
    for owner, name, part in (
        (cache, "evaluate", "engine"),
        (component, "head_payload", "figures"),
        (component, "now_payload", "figures"),
        (component, "near_payload", "figures"),
        (component, "_mount", "figures"),
        (DeltaGenerator, "plotly_chart", "figures"),
    ):
        setattr(owner, name, _timed(getattr(owner, name), part))
    run = "exec_func_with_error_handling"  # what runs the script, or a fragment of it
    setattr(script_runner, run, _noted(getattr(script_runner, run)))


def _timed(function: Callable[..., Any], part: str) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            setattr(_spent, part, getattr(_spent, part, 0.0) + time.perf_counter() - began)

    return timed


def _noted(run: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*given: Any, **named: Any) -> Any:
        _spent.engine = _spent.figures = 0.0
        began = time.time()
        try:
            return run(*given, **named)
        finally:
            line = {"began": began, "ended": time.time(), "engine": _spent.engine, "figures": _spent.figures}
            with Path(os.environ["STOPWATCH"]).open("a", encoding="utf-8") as notes:
                notes.write(json.dumps(line) + "\n")

    return noted
