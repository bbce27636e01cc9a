"""``python -m crmdash evaluate``: its files, its exit codes, and the figures of real files."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from crmdash.cli import REFUSED, USABLE, WRONG_USE, main

ORDERS = """customer_id,date,amount,profit
007,2024-01-05,100.50,20
007,2024-06-05,50,10
8,2024-02-01,30.25,-5
9,2025-01-31,9.25,1
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    return file


def run(out: Path, *arguments: object) -> tuple[int, dict[str, Any], list[dict[str, str]]]:
    code = main(["evaluate", *map(str, arguments), "--out", str(out)])
    if code != USABLE:
        return code, {}, []
    with (out / "customers.csv").open(encoding="utf-8", newline="") as file:
        customers = list(csv.DictReader(file))
    return code, json.loads((out / "summary.json").read_text("utf-8")), customers


def test_files_and_keys(orders: Path, tmp_path: Path):
    code, summary, customers = run(tmp_path / "out", orders)
    assert code == USABLE
    assert list(summary) == [
        "rows", "rows_used", "rows_set_aside", "customers", "as_of", "concentration", "whale", "tiers", "stages",
        "matrix", "strategies", "systems", "issues",
    ]  # fmt: skip
    assert (summary["rows"], summary["rows_used"], summary["rows_set_aside"]) == (4, 4, 0)
    assert (summary["customers"], summary["as_of"]) == (3, "2025-01-31")
    assert summary["concentration"]["total"] == 190
    assert summary["whale"] == {
        "total": 26, "peak_share": 31 / 26, "peak_at": 2, "loss_makers": 1, "profit_destroyed": -5
    }  # fmt: skip
    assert [tier["tier"] for tier in summary["tiers"]] == ["platinum", "gold", "iron", "lead"]
    assert summary["tiers"][-1]["cut"] is None
    assert len(summary["matrix"]) == 4 * 6
    assert [row["strategy"] for row in summary["strategies"]][-1] == "closed"
    columns = list(customers[0])
    assert columns[0] == "customer_id"
    assert columns[-5:] == ["tier", "stage", "strategy", "reason_code", "reason"]
    assert [row["customer_id"] for row in customers] == ["007", "8", "9"]
    assert (customers[0]["revenue"], customers[0]["first_purchase"]) == ("150.5000", "2024-01-05")
    assert customers[2]["growth"] == ""


def test_customers_csv_has_unix_lines_and_no_mark(orders: Path, tmp_path: Path):
    run(tmp_path / "out", orders)
    content = (tmp_path / "out" / "customers.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content


def test_as_of_sets_later_rows_aside(orders: Path, tmp_path: Path):
    code, summary, _ = run(tmp_path / "out", orders, "--as-of", "2024-12-31")
    assert (code, summary["rows_used"], summary["rows_set_aside"], summary["customers"]) == (USABLE, 3, 1, 2)
    assert "rows_after_as_of" in [issue["code"] for issue in summary["issues"]]


def test_settings_mapping_and_language(orders: Path, tmp_path: Path):
    chosen = tmp_path / "S.json"
    chosen.write_text(json.dumps({"tiers": {"measure": "customer_profit", "lead_if_loss": True}}))
    mapping = tmp_path / "M.json"
    mapping.write_text(json.dumps({"columns": {"amount": "amount", "profit": "profit"}}))
    code, summary, customers = run(
        tmp_path / "out", orders, "--settings", chosen, "--mapping", mapping, "--language", "zh_Hant"
    )
    assert code == USABLE
    assert summary["tiers"][-1] == {"tier": "lead", "customers": 1, "value": -5, "value_share": -5 / 26, "cut": None}
    assert "白金" in customers[0]["reason"]


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"tires": {}}, "tiers"),
        ({"tiers": {"scheme": ["a"]}}, "scheme"),
        ({"tiers": {"shares": {"platinum": 85}}}, "rise"),
        ([], "dictionary"),
    ],
)
def test_settings_that_cannot_hold_are_wrong_use(orders: Path, tmp_path: Path, capsys, tree: object, said: str):
    chosen = tmp_path / "S.json"
    chosen.write_text(json.dumps(tree))
    assert run(tmp_path / "out", orders, "--settings", chosen)[0] == WRONG_USE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"{,}", b"\xff{}"], ids=["empty", "no JSON", "no UTF-8"])
@pytest.mark.parametrize("option", ["--settings", "--mapping"])
def test_a_broken_file_of_settings_or_mapping_is_named(
    orders: Path, tmp_path: Path, capsys, option: str, content: bytes
):
    broken = tmp_path / "broken.json"
    broken.write_bytes(content)
    assert run(tmp_path / "out", orders, option, broken)[0] == WRONG_USE
    assert capsys.readouterr().err.startswith(f"crmdash evaluate: {broken}: ")


@pytest.mark.parametrize("command", ["evaluate", "summarise"])
@pytest.mark.parametrize(
    ("more", "engine"),
    [
        (["--memory-limit", "500MB"], "duckdb"),
        (["--memory-limit", "500MB", "--engine", "spark"], "duckdb"),
        (["--spark-master", "local[1]"], "spark"),
        (["--spark-master", "local[1]", "--engine", "duckdb"], "spark"),
    ],
)
def test_an_option_of_another_engine_is_wrong_use(orders: Path, tmp_path: Path, capsys, command, more, engine):
    out = tmp_path / "out"
    assert main([command, str(orders), *more, "--out", str(out)]) == WRONG_USE
    said = capsys.readouterr().err
    assert said == f"crmdash {command}: {more[0]}: only {engine} takes it; add --engine {engine} or leave it out\n"
    assert not out.exists()


@pytest.mark.parametrize("tree", [{"files": []}, {"table": ["x"]}, {"columns": []}, 3])
def test_mappings_of_the_wrong_form_are_wrong_use(orders: Path, tmp_path: Path, tree: object):
    mapping = tmp_path / "M.json"
    mapping.write_text(json.dumps(tree))
    assert run(tmp_path / "out", orders, "--mapping", mapping)[0] == WRONG_USE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"customer_id,date\n1,2024-01-05\n", "mount"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "PNG"),
        (b"customer_id,date,amount\n", "row"),
    ],
    ids=["empty", "no amounts", "a picture", "header only"],
)
def test_files_without_a_base_are_refused_with_a_message(tmp_path: Path, capsys, content: bytes, said: str):
    file = tmp_path / "file.csv"
    file.write_bytes(content)
    assert run(tmp_path / "out", file)[0] == REFUSED
    assert said in capsys.readouterr().err


def test_a_measure_that_the_data_lacks_is_refused(tmp_path: Path, capsys):
    file = tmp_path / "orders.csv"
    file.write_text("customer_id,date,amount\na,2024-01-05,3\nb,2024-02-05,4\n")
    chosen = tmp_path / "S.json"
    chosen.write_text(json.dumps({"tiers": {"measure": "customer_profit"}}))
    assert run(tmp_path / "out", file, "--settings", chosen)[0] == REFUSED
    assert "Customer profit" in capsys.readouterr().err


REAL: dict[str, dict[str, Any]] = {
    "superstore/superstore.csv": {
        "customers": 793, "total": 2_297_200.8603, "top20": 48.15, "for_80": 396, "gini": 0.4413,
        "tiers": [170, 226, 209, 188],
    },
    "cdnow/CDNOW_master.txt": {
        "customers": 23_570, "total": 2_500_315.63, "top20": 67.78, "for_80": 7_695, "gini": 0.6346,
        "tiers": [2_263, 5_432, 8_067, 7_808],
    },
    "northwind/orders.csv": {"customers": 89, "total": 1_265_793.0395, "for_80": 34},
    "classicmodels/sales_data_sample.csv": {"customers": 92, "total": 10_032_628.85, "tiers": [26, 31, 22, 13]},
    "tableau_zh/sales_data.csv": {"customers": 29, "total": 1_563_797.80, "tiers": [5, 6, 8, 10]},
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_files_without_a_mapping(shared_datasets: Path, tmp_path: Path, name: str):
    code, summary, customers = run(tmp_path / "out", shared_datasets / name)
    figures = summary["concentration"]
    found = {
        "customers": summary["customers"],
        "total": figures["total"],
        "top20": round(figures["top20_share"] * 100, 2),
        "for_80": figures["customers_for_80"],
        "gini": round(figures["gini"], 4),
        "tiers": [tier["customers"] for tier in summary["tiers"]],
    }
    assert code == USABLE
    assert {key: found[key] for key in REAL[name]} == REAL[name]
    assert len(customers) == summary["customers"]


def test_superstore_has_a_whale_curve(shared_datasets: Path, tmp_path: Path):
    whale = run(tmp_path / "out", shared_datasets / "superstore" / "superstore.csv")[1]["whale"]
    assert (round(whale["peak_share"] * 100, 2), whale["peak_at"], whale["loss_makers"]) == (124.87, 638, 155)
    assert whale["total"] == 286_397.0217


def test_classicmodels_names_its_cancelled_lines(shared_datasets: Path, tmp_path: Path):
    issues = run(tmp_path / "out", shared_datasets / "classicmodels" / "sales_data_sample.csv")[1]["issues"]
    assert [(issue["code"], issue["count"]) for issue in issues if "ancelled" in str(issue)] == [("status_counted", 60)]


def test_marketing_campaign_is_one_row_per_customer(shared_datasets: Path, tmp_path: Path):
    _, summary, customers = run(tmp_path / "out", shared_datasets / "marketing_campaign" / "marketing_campaign.csv")
    assert (summary["customers"], summary["rows"], summary["whale"]) == (2_240, 2_240, None)
    first = next(row for row in customers if row["customer_id"] == "5524")
    # 635 + 88 + 546 + 172 + 88 + 88; 8 web + 10 catalogue + 4 store.
    assert (first["revenue"], first["orders"], first["recency"]) == ("1617.0000", "22", "58")
