"""Names of files that are handed out."""

import re
from datetime import date
from secrets import token_hex
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RANDOM_BYTES: Final = 3


def file_name(kind: str, extension: str, today: date) -> str:
    """Return a name such as ``crmdash-customers-2026-11-22-3fa9c1.xlsx``.

    Only plain ASCII, so that it survives every browser and file system. The random part keeps the files of two people
    apart: the server stores large downloads under an id made from their name and a sample of their bytes.

    Raises
    ------
    ValueError
        If `kind` is not made of lower-case words joined by ``-``, or `extension` is not one such word.
    """
    if not _PLAIN.fullmatch(kind) or not re.fullmatch(r"[a-z0-9]+", extension):
        raise ValueError(f"no file name from {kind!r} and {extension!r}")
    return f"crmdash-{kind}-{today.isoformat()}-{token_hex(_RANDOM_BYTES)}.{extension}"
