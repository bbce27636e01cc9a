"""The live board: curve, tiers and matrix drawn in the browser, following a tier line while it is held.

Python sends what stands at or above every step of a line, once, and gets back where lines were let go.
"""
