r"""Which delimiter, quotation mark and escape a text file uses: the combination that gives the most regular table.

Each candidate reads the first lines; its score is the share of lines with the usual number of cells, squared, times
(width - 1) / width, times a half plus half the share of cells that look like one value (a number, a date, a time, a
code, plain words). A delimiter inside amounts, dates or prose gives uneven lines or broken values and loses.
"""

import re
from typing import Final

from crmdash.ingest.records import Dialect, Rows, read_rows, split_lines, usual_width

BLANKS: Final = " "
"""The delimiter of tables whose cells are separated by runs of blanks."""
WIDE_COMMA: Final = "\uff0c"
DELIMITERS: Final = (",", ";", "\t", "|", WIDE_COMMA, "\x1f", "\x01", "^", "~")
_QUOTES: Final = ('"', "'")
_LINES: Final = 150
_CELLS: Final = 2_000
_RARE: Final = frozenset("^~")
_NEEDED: Final = 0.5
"""A rare delimiter must stand in more than this share of the lines."""
_TELLING: Final = 3
_AMOUNT: Final = re.compile(r"[-+(]?[^\w\s,]{0,3}\s?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2})\)?")
_VALUE: Final = re.compile(
    r"""\s*(?:
    [-+(]?\s?[^\w\s,;|:\t]{0,3}\s?\d+(?:[.,\ ]\d+)*\s?[)%]?       # a number or an amount
    |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:[AaPp][Mm])?)?  # a date
    |\d{1,2}:\d{2}(?::\d{2})?                                       # a time
    |[\w.+-]+@[\w.-]+|https?://\S+|[\w\-./\#&()]+                   # an address, a code
    |[^\W\d_][\w\ .'&()/-]*                                         # plain words
    |)\s*""",
    re.VERBOSE,
)


def sniff_dialect(head: str, delimiter: str | None = None) -> Dialect:
    """Find the dialect of a file from its first lines; a `delimiter` by hand holds."""
    text = "".join(split_lines(head)[:_LINES])
    lines = [line for line in text.splitlines() if line.strip()]
    best, most = Dialect(delimiter or ","), 0.0
    for candidate in _candidates(text, lines, delimiter):
        score = regularity(read_rows(text, candidate))
        if score > most + 1e-9:
            best, most = candidate, score
    if delimiter is None and not most and _separated_by_blanks(lines):
        return Dialect(BLANKS)
    if delimiter is None and not most and _is_one_column(lines):
        # One column, and a comma in it separates nothing.
        return Dialect(next((mark for mark in DELIMITERS if mark not in text), DELIMITERS[-1]))
    return best


def _candidates(text: str, lines: list[str], delimiter: str | None) -> list[Dialect]:
    delimiters = [delimiter] if delimiter is not None else [mark for mark in DELIMITERS if _is_likely(mark, lines)]
    found = []
    for mark in delimiters:
        for quote in _quotes(text, mark):
            found.append(Dialect(mark, quote))
            if "\\" + quote in text:
                found.append(Dialect(mark, quote, "\\"))
    return found


def _quotes(text: str, delimiter: str) -> list[str]:
    """Return what may be quotation marks; an apostrophe is one only where cells begin with it, not inside words."""
    begins = re.search(rf"(?m)(?:^|{re.escape(delimiter)}) ?'", text) is not None
    return [mark for mark, seen in zip(_QUOTES, ('"' in text, begins), strict=True) if seen] or ['"']


def _is_likely(mark: str, lines: list[str]) -> bool:
    if mark == "," and _is_one_column(lines):
        return False
    having = sum(mark in line for line in lines)
    return having > (_NEEDED * len(lines) if mark in _RARE else 0)


def _is_one_column(lines: list[str]) -> bool:
    """Say whether a name without a comma stands above amounts with one, or above words with one before a blank."""
    if len(lines) < _TELLING or "," in lines[0]:
        return False
    having = [line.strip() for line in lines[1:] if "," in line]
    return all(_AMOUNT.fullmatch(line) for line in having) or all(
        line.count(",") == line.count(", ") and '"' not in line for line in having
    )


def regularity(rows: Rows) -> float:
    """Score rows of cells as a table, from 0 (no columns) to nearly 1."""
    filled = [cells for cells in rows.cells if any(cell.strip() for cell in cells)]
    if not filled:
        return 0.0
    width = usual_width([len(cells) for cells in filled])
    if width == 1:
        return 0.0
    regular = [cells for cells in filled if len(cells) == width]
    cells = [cell for row in regular for cell in row][:_CELLS]
    values = sum(_VALUE.fullmatch(cell) is not None for cell in cells) / len(cells)
    share = (len(regular) - len(rows.broken) / 2) / len(filled)
    return max(share, 0.0) ** 2 * (width - 1) / width * (0.5 + values / 2)


def _separated_by_blanks(lines: list[str]) -> bool:
    widths = {len(line.split()) for line in lines}
    return len(widths) == 1 and widths.pop() > 1
