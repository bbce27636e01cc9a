"""Measurements, of programs that hold memory as the product does."""

from crmdash import memory as _memory  # noqa: F401  (before anything loads Polars)
