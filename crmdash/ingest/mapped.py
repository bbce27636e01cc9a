"""Arrow files as frames without copying them into memory: the system reads what is used, and may drop it again."""

import os
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

_MAPS: Final = os.name != "nt"


def map_frame(path: str | Path) -> pl.DataFrame:
    """Return the frame in the Arrow file at `path`, mapped where the system lets a mapped file be deleted."""
    if not _MAPS:
        return pl.read_ipc(path)
    with pa.memory_map(str(path)) as file:
        frame: Any = pl.from_arrow(pa.ipc.open_file(file).read_all())
        return frame


def write_frame(frame: pl.DataFrame, path: str | Path) -> None:
    """Write a frame as `map_frame` reads it, each column in one piece."""
    frame.lazy().sink_ipc(path, record_batch_size=max(frame.height, 1))
