"""Tables on the way that several calculations use: worked out once, and small."""

from collections.abc import Iterable, Sequence

import narwhals as nw
import polars as pl

from crmdash.engine.collecting import Lazy, is_in_memory


def hold(frame: Lazy) -> Lazy:
    """Return `frame` worked out where it lies in this machine's memory, so that nothing is worked out twice.

    Rows come in any order. Other engines keep their plan: their data need not fit into memory.
    """
    if not is_in_memory(frame):
        return frame
    native: pl.LazyFrame = frame.to_native()
    return nw.from_native(native.collect(engine="streaming").lazy())


def coded(frame: Lazy, names: Iterable[str]) -> Lazy:
    """Return `frame` with each text of these columns stored once, so that grouping and joining by them is cheap.

    Such a column compares and joins with itself; `cast(nw.String)` gives the texts back. Other engines keep the texts.
    """
    if not is_in_memory(frame):
        return frame
    native: pl.LazyFrame = frame.to_native()
    # Every column a list of texts of its own, which goes when the last frame with it goes.
    codes = {name: pl.col(name).cast(pl.Categorical(pl.Categories.random(name))) for name in names}
    return nw.from_native(native.with_columns(**codes))


def collect_together(frames: Sequence[Lazy]) -> list[pl.DataFrame]:
    """Compute several frames in memory at a time, so that what they have in common is read once."""
    return pl.collect_all([frame.to_native() for frame in frames], engine="streaming")
