"""Workbooks read back from their XML, as a spreadsheet would: every cell with its type, format and table."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Page:
    """A worksheet: cells by address (A1), formats by address, its tables' ranges and headers, and its own XML."""

    name: str
    cells: dict[str, Any]
    formats: dict[str, str]
    tables: list[tuple[str, list[str], bool]]
    widths: list[float]
    xml: str

    def column(self, letter: str) -> list[Any]:
        rows = max(int(re.sub(r"\D", "", address)) for address in self.cells)
        return [self.cells.get(f"{letter}{row}") for row in range(1, rows + 1)]


def pages(content: bytes) -> list[Page]:
    """Read every worksheet in order."""
    with ZipFile(BytesIO(content)) as parts:
        names = [sheet.attrib["name"] for sheet in _tree(parts, "xl/workbook.xml").iterfind(".//m:sheet", MAIN)]
        texts = _shared(parts)
        styles = _number_formats(parts)
        return [_page(parts, name, place, texts, styles) for place, name in enumerate(names, 1)]


def part_names(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as parts:
        return parts.namelist()


def _tree(parts: ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(parts.read(name))


def _shared(parts: ZipFile) -> list[str]:
    items = _tree(parts, "xl/sharedStrings.xml").findall("m:si", MAIN)
    return [_unescaped("".join(text.text or "" for text in item.iterfind(".//m:t", MAIN))) for item in items]


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _number_formats(parts: ZipFile) -> list[str]:
    tree = _tree(parts, "xl/styles.xml")
    known = {"0": "General", "4": "#,##0.00", "3": "#,##0", "49": "@"}
    known |= {f.attrib["numFmtId"]: f.attrib["formatCode"] for f in tree.iterfind("m:numFmts/m:numFmt", MAIN)}
    return [known[style.attrib["numFmtId"]] for style in tree.iterfind("m:cellXfs/m:xf", MAIN)]


def _page(parts: ZipFile, name: str, place: int, texts: list[str], styles: list[str]) -> Page:
    path = f"xl/worksheets/sheet{place}.xml"
    tree = _tree(parts, path)
    cells, formats = {}, {}
    for cell in tree.iterfind(".//m:c", MAIN):
        value, formula = cell.find("m:v", MAIN), cell.find("m:f", MAIN)
        assert formula is None and value is not None
        number = value.text or ""
        cells[cell.attrib["r"]] = texts[int(number)] if cell.get("t") == "s" else float(number)
        formats[cell.attrib["r"]] = styles[int(cell.get("s", "0"))]
    widths = [
        float(run.attrib["width"])
        for run in tree.iterfind("m:cols/m:col", MAIN)
        for _ in range(int(run.attrib["min"]), int(run.attrib["max"]) + 1)
    ]
    return Page(name, cells, formats, _tables(parts, place), widths, parts.read(path).decode())


def _tables(parts: ZipFile, place: int) -> list[tuple[str, list[str], bool]]:
    relations = _tree(parts, f"xl/worksheets/_rels/sheet{place}.xml.rels")
    found = []
    for relation in relations:
        table = _tree(parts, relation.attrib["Target"].replace("..", "xl"))
        headers = [column.attrib["name"] for column in table.iterfind(".//m:tableColumn", MAIN)]
        found.append((table.attrib["ref"], headers, table.find("m:autoFilter", MAIN) is not None))
    return found
