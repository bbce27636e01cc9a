"""Texts folded for searching, so that a word is found however it is written.

Full width and half width, capitals, accents, and traditional or simplified characters make no difference. Characters
are folded one by one, not word by word as a translation would: a part of a name always folds to a part of its fold.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import opencc
import polars as pl

_IDEOGRAPHS: Final = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
_TO_SIMPLIFIED: Final = ("t2s", "hk2s", "tw2s")
"""Conversions of OpenCC to simplified characters; what the first leaves alone, the next may know."""

_MARKS: Final = re.compile("[\u0300-\u036f]+")
_PLAIN_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that no normalisation takes apart, though a reader without them types these."""


def fold(text: str) -> str:
    """Return `text` as it is compared: one case, one width, no accents, simplified characters.

    Examples
    --------
    >>> fold("ＡＣＭＥ Café 臺灣")
    'acme cafe 台湾'
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", folded)).translate(_simplified())


def fold_all(texts: pl.Series) -> pl.Series:
    """Return every text folded, with single spaces; a missing one is empty. All are folded in one go."""
    lines = texts.fill_null("").str.replace_all(r"\s+", " ").str.strip_chars()
    folded = fold("\n".join(lines.to_list())).split("\n") if len(lines) else []
    return pl.Series(texts.name, folded, dtype=pl.String)


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Return the simplified character of every traditional one, together with `_PLAIN_LETTERS`."""
    characters = [chr(code) for start, end in _IDEOGRAPHS for code in range(start, end)]
    table: dict[str, str] = {}
    for conversion in _TO_SIMPLIFIED:
        converted = opencc.OpenCC(conversion).convert("\n".join(characters)).split("\n")
        pairs = zip(characters, converted, strict=True)
        table = {old: new for old, new in pairs if old != new and len(new) == 1} | table
    return {ord(old): _last(old, table) for old in table} | {code: str(new) for code, new in _PLAIN_LETTERS.items()}


def _last(character: str, table: dict[str, str]) -> str:
    """Follow a character to where it stays: a few simplified ones are themselves simplified by another conversion."""
    seen = {character}
    while (after := table.get(character)) is not None and after not in seen:
        seen.add(after)
        character = after
    return character
