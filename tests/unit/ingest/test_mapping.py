import polars as pl
import pytest

from crmdash.ingest.mapping import Options, Proposal, propose
from crmdash.ingest.readers import RawTable, Source, read_table


def read(text: str) -> RawTable:
    return read_table(Source("file.csv", text.encode()))


def proposal(text: str) -> Proposal:
    return propose(read(text))


def columns(text: str) -> dict[str, str | tuple[str, ...]]:
    found = proposal(text).mapping.columns
    return {name: files[0] if len(files) == 1 else files for name, files in found.items()}


def codes(found: Proposal) -> list[str]:
    return [issue.code for issue in found.issues]


ORDER = {"customer_id": "7", "date": "2024-01-05", "amount": "1.50"}


@pytest.mark.parametrize(
    ("customer", "day", "money"),
    [
        ("customer_id", "date", "amount"),
        ("Customer ID", "Order Date", "Sales"),
        ("CUSTOMERNUMBER", "ORDERDATE", "SALES"),
        ("CustomerID", "InvoiceDate", "Net Sales (EUR)"),
        ("Ｃｕｓｔｏｍｅｒ　ＩＤ", "order-date", "Total Amount"),
        ("客户ID", "订单日期", "销售额"),
        ("会员卡号", "下单时间", "实付金额（元）"),
        ("客戶編號", "訂單日期", "銷售金額"),
        ("會員編號", "交易時間", "消費金額"),
    ],
)
def test_orders_are_known_by_their_names_in_three_languages(customer: str, day: str, money: str):
    text = f"{day},x1,{money},{customer}\n2024-01-05,a,1.50,7\n2024-01-06,b,2.50,7\n"
    found = proposal(text)
    assert found.mapping.table == "transactions"
    assert columns(text) == {"customer_id": customer, "date": day, "amount": money}
    assert (found.unused, set(found.evidence.values())) == (("x1",), {"header"})


def test_the_better_name_wins_and_each_column_serves_once():
    text = "Customer Name,Customer ID,Order Date,Ship Date,Sales,Product ID,Product Name\n"
    assert columns(text + "Ann,A1,2024-01-05,2024-01-07,5.0,P1,Pen\nAnn,A1,2024-01-06,2024-01-07,5.5,P1,Pen\n") == {
        "customer_id": "Customer ID", "date": "Order Date", "amount": "Sales", "product": "Product Name",
        "name": "Customer Name",
    }  # fmt: skip


def test_a_name_serves_as_id_where_there_is_no_other():
    assert (
        columns("CUSTOMERNAME,ORDERDATE,SALES\nAnn,2024-01-05,5\nAnn,2024-01-06,6\n")["customer_id"] == "CUSTOMERNAME"
    )


def test_a_name_without_fitting_cells_is_passed_over():
    text = "customer_id,date,amount,sales\n1,2024-01-05,big,5\n1,2024-01-06,small,6\n"
    assert columns(text)["amount"] == "sales"


def test_freight_is_no_cost():
    assert "cost" not in columns("customer_id,date,amount,Freight\n1,2024-01-05,5,1.5\n1,2024-01-06,5,2.5\n")


def test_without_names_the_cells_speak():
    text = "".join(
        f" {n % 40:05} {n % 40 + 1:04} 199701{n % 28 + 1:02} {n % 3 + 1} {n}.{n % 90 + 10}\n" for n in range(90)
    )
    found = proposal(text)
    assert columns(text) == {"customer_id": "column 1", "date": "column 3", "amount": "column 5"}
    assert set(found.evidence.values()) == {"content"}
    assert [(issue.severity, issue.code, issue.column, issue.values["others"]) for issue in found.issues] == [
        ("info", "column_guessed", "date", ""),
        ("question", "column_chosen", "customer_id", "column 2"),
        ("info", "column_guessed", "amount", ""),
    ]


def test_two_amounts_without_a_name_are_asked():
    text = "klant,dag,netto,bruto\n" + "".join(f"K{n % 5},2024-01-0{n % 9 + 1},{n}.25,{n}.75\n" for n in range(1, 20))
    found = proposal(text)
    assert columns(text) == {"customer_id": "klant", "date": "dag"}
    assert [(issue.code, issue.values["others"]) for issue in found.issues if issue.severity == "question"] == [
        ("column_ambiguous", "netto, bruto")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "product id,product name,unit price,supplier,listed\nP1,Pen,1.5,Ink,2024-01-05\nP2,Cap,2.5,Ink,2024-01-06\n",
        "产品ID,产品名称,单价,成本,供应商,上架日期\nP1,笔,1.5,1,甲,2024-01-05\nP2,帽,2.5,1,甲,2024-01-06\n",
        "sales_agent,manager,regional_office\nAnn,Bo,East\nCem,Bo,East\n",
        "word\nyes\nno\n",
    ],
)
def test_what_is_none_of_our_tables_is_left_out(text: str):
    found = proposal(text)
    assert (found.mapping.table, found.mapping.columns, codes(found)) == (None, {}, ["table_unknown"])


def test_one_row_a_customer():
    text = "客户ID,客户名称,注册日期,地区\nC1,甲,2024-01-05,华东\nC2,乙,2024-01-06,华北\n"
    assert proposal(text).mapping.table == "customers"
    assert columns(text) == {"customer_id": "客户ID", "name": "客户名称", "region": "地区", "created_date": "注册日期"}


def test_customers_with_totals_are_no_orders():
    text = "customer_id,date,revenue,orders\n1,2024-01-05,10.5,3\n2,2024-01-06,20.5,4\n"
    assert proposal(text).mapping.table == "customers"


def test_orders_of_customers_who_bought_once_are_orders():
    assert (
        proposal("customer_id,order date,amount\n1,2024-01-05,10.5\n2,2024-01-06,20.5\n").mapping.table
        == "transactions"
    )


def test_contacts_and_staff_are_known_by_their_words():
    contacts = proposal("客户ID,日期,类型,分钟\n1,2024-01-05,拜访,30\n1,2024-01-06,电话,5\n")
    assert (contacts.mapping.table, set(contacts.mapping.columns)) == (
        "contacts",
        {"customer_id", "date", "kind", "minutes"},
    )
    staff = proposal("name,grade,capacity\nAnn,senior,25\nBo,junior,150\n")
    assert (staff.mapping.table, set(staff.mapping.columns)) == ("staff", {"name", "grade", "capacity"})


CAMPAIGN = (
    "ID;MntBread;MntMilk;MntTea;NumDealsPurchases;NumWebPurchases;NumStorePurchases;NumWebVisits;Recency;Z_Revenue\n"
    "1;10;2;3;9;1;2;5;7;11\n2;20;3;4;9;3;4;6;8;11\n"
)


def test_spend_by_category_and_orders_by_channel_are_summed():
    assert columns(CAMPAIGN) == {
        "customer_id": "ID", "revenue": ("MntBread", "MntMilk", "MntTea"),
        "orders": ("NumWebPurchases", "NumStorePurchases"), "recency": "Recency",
    }  # fmt: skip


def test_parts_beside_their_total_are_not_summed():
    text = CAMPAIGN.replace("MntTea", "MntTotal")
    assert "revenue" not in columns(text)


def test_chinese_spend_by_category_is_summed():
    text = "客户ID,食品 消费额,服装 消费额,家电 消费额,最近购买距今天数\n1,1,2,3,5\n2,4,5,6,7\n"
    assert columns(text)["revenue"] == ("食品 消费额", "服装 消费额", "家电 消费额")


def test_a_turnover_beside_facts_about_the_firm_is_asked():
    found = proposal("account,sector,revenue,employees\nAcme,toys,1100.04,20\nBolt,food,5.5,30\n")
    assert set(found.mapping.columns) == {"customer_id", "industry"}
    assert [(issue.severity, issue.code, issue.values["header"]) for issue in found.issues] == [
        ("question", "own_turnover", "revenue")
    ]


@pytest.mark.parametrize(("highest", "taken"), [("5", False), ("9", True), ("10", True), ("100", False)])
def test_scores_must_show_their_scale(highest: str, taken: bool):
    found = proposal(f"customer_id,orders,satisfaction\n1,3,1\n2,4,{highest}\n")
    assert ("satisfaction" in found.mapping.columns) is taken
    assert codes(found) == ([] if taken else ["score_scale"])


@pytest.mark.parametrize(
    ("header", "values", "unit"),
    [
        ("discount", ("0", "0.2"), "fraction"),
        ("discount", ("0", "12%"), "percent"),
        ("discount %", ("0", "12"), "percent"),
        ("discount amount", ("0", "12"), "money"),
        ("折扣金额", ("0", "0.5"), "money"),
        ("discount", ("0", "250"), "money"),
        ("discount", ("0", "12"), None),
    ],
)
def test_what_a_discount_holds(header: str, values: tuple[str, str], unit: str | None):
    found = proposal(f"customer_id,date,amount,{header}\n1,2024-01-05,5,{values[0]}\n1,2024-01-06,6,{values[1]}\n")
    assert found.mapping.options.discount == unit
    assert codes(found) == ([] if unit else ["discount_unit"])


def test_a_choice_column_needs_words_of_known_meaning():
    known = columns("customer_id,orders,客户类型\n1,3,零售\n2,4,经销商\n")
    assert known["nature"] == "客户类型"
    unknown = columns("customer_id,orders,客户类型\n1,3,企业客户\n2,4,个人客户\n")
    assert unknown["format"] == "客户类型"


def test_recency_of_repeat_buying_models_is_asked():
    found = proposal("ID,frequency,recency,T\n1,2,30,38\n2,1,1,38\n")
    assert codes(found) == ["recency_meaning"]


def test_a_table_by_hand_is_kept():
    raw = read("customer_id,date,amount\n1,2024-01-05,5\n2,2024-01-06,6\n")
    assert propose(raw, table="customers").mapping.table == "customers"
    assert propose(raw, Options(date_order="dmy")).mapping.options.date_order == "dmy"


def test_an_empty_table_is_proposed_by_name():
    raw = RawTable("x", pl.DataFrame(schema={"customer_id": pl.String, "date": pl.String, "amount": pl.String}))
    assert set(propose(raw).mapping.columns) == {"customer_id", "date", "amount"}
