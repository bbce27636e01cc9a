"""The words that rules are written in: Narwhals', or in memory Polars' own, of which Narwhals' are a part.

Narwhals says every step of an expression anew for the engine that it meets, and the rules of one board have hundreds:
seven thousandths of a second, whether for ten customers or for a million. Within `natively` the same rules are Polars'
expressions from the start. Modules with rules import `nw` from here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import narwhals
import polars as pl

__all__ = ["is_native", "natively", "nw", "text_of"]

_NATIVE: Final = ContextVar("_NATIVE", default=False)


class _Spoken:
    """The names of Narwhals, or while rules are said natively Polars' of the same names."""

    def __getattr__(self, name: str) -> Any:
        return _IN_POLARS.get(name) or getattr(pl, name) if _NATIVE.get() else getattr(narwhals, name)


if TYPE_CHECKING:
    import narwhals as nw
else:
    nw = _Spoken()


@contextmanager
def natively() -> Iterator[None]:
    """Say rules in Polars' own expressions, for lazy frames made meanwhile (`crmdash.engine.lazy`)."""
    before = _NATIVE.set(True)
    try:
        yield
    finally:
        _NATIVE.reset(before)


def is_native() -> bool:
    """Say whether rules are said in Polars' own expressions."""
    return _NATIVE.get()


def text_of(expression: "nw.Expr") -> bytes:
    """Return what tells an expression said natively from every other."""
    said: Any = expression
    return said.meta.serialize()


def _any_horizontal(*conditions: Any, ignore_nulls: bool) -> pl.Expr:
    assert ignore_nulls, "Polars has no other way"
    return pl.any_horizontal(*(condition.fill_null(False) for condition in conditions))


_IN_POLARS: Final = {"any_horizontal": _any_horizontal}
