"""Figures from tables and words: no data is fetched here, no sentence made."""
