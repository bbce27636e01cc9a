"""Case 92: text that means something to a spreadsheet, a browser, a shell or a template stays what it is."""

import csv as csv_module
import json
from typing import Final

import pytest

from crmdash.cli import USABLE, main
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from tests.unit.bad_inputs.files import every_format, file, opened
from tests.unit.frames import there

HOSTILE: Final = (
    '=HYPERLINK("http://example.com","click")', "+8613800138000", "@SUM(1+1)", "-2+3", "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))", ":material/home:", ":red[loud]", "$x$", "👩‍👩‍👧‍👦", "abc\u202egnp.exe", "a\u200bb",
    "𠮷野家", "'; DROP TABLE customers; --", "{{7*7}}", "{0.__class__}", "%s%n", "../../etc/passwd", "`rm -rf`",
    "a\tb", "None", "null", "Total Recall", "# no comment", "NaN Inc", "True", "1e5", "\\u0041", "a|b;c,d", 'say "hi"',
)  # fmt: skip


@every_format
def test_case_92_names_come_in_as_they_are(form):
    rows = [(f"c{n}", name, "5") for n, name in enumerate(HOSTILE)]
    dataset = opened(file(form, ("customer_id", "name", "revenue"), rows))
    assert dict(there(dataset.customers).select("customer_id", "name").rows()) == {
        f"c{n}": name for n, name in enumerate(HOSTILE)
    }


@every_format
def test_case_92_ids_go_out_as_they_came(form, tmp_path):
    rows = [(name, "2024-01-05", str(n + 1)) for n, name in enumerate(HOSTILE)]
    path = tmp_path / "orders"
    path.write_bytes(file(form, ("customer_id", "date", "amount"), rows))
    assert main(["evaluate", str(path), "--out", str(tmp_path / "out")]) == USABLE
    with (tmp_path / "out" / "customers.csv").open(encoding="utf-8", newline="") as written:
        assert {row["customer_id"] for row in csv_module.DictReader(written)} == set(HOSTILE)
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["customers"] == len(HOSTILE)


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 300 + ".csv", 'a"\r\nb.csv', "<b>.csv"])
def test_case_92_names_of_files(name: str):
    dataset = open_dataset([Source(name, b"customer_id,date,amount\nA,2024-01-05,x\n")])
    assert {one.values["file"] for one in dataset.issues if "file" in one.values} == {name}
    assert dataset.set_aside["file"].to_list() == [name]
